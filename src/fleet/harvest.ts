import { errorMessage } from "../core/errors.ts";
import type { RunRecord, TaskRecord } from "../core/run/run.ts";
import type { ResultMerger } from "../core/results/merge.ts";
import { decodeReport } from "../core/results/report.ts";
import { inboxNames, inboxPrefix, resultsPrefix } from "./keys.ts";
import type { MissingTask, ReportEnd } from "./outcome.ts";
import type { Ports } from "./ports.ts";

const mostReportBytes = 8 * 1024 * 1024;
const mostSeriesBytes = 64 * 1024 * 1024;

/** What there is of a task. */
export type Harvested = { readonly report: ReportEnd } | { readonly missing: MissingTask };

/** Adds what a task uploaded to the merger and keeps it with the run; what it said of itself counts only where there is no file. */
export async function harvestTask(
  run: RunRecord,
  task: TaskRecord,
  merger: ResultMerger,
  ports: Ports,
  signal: AbortSignal,
): Promise<Harvested> {
  const without = (reason: string): Harvested => ({ missing: { task: task.task, reason } });
  if (task.identity === null) return without(absenceOf(task));
  const inbox = inboxPrefix(task.identity);
  const uploads = await ports.store.list(inbox, signal);
  // What is merged is read once; artifacts pass through one at a time.
  const merged = new Map<string, Uint8Array | undefined>();
  for (const { key } of uploads) {
    const name = key.slice(inbox.length);
    const bytes = await keep(run, task, name, ports, signal);
    if (name === inboxNames.report || name === inboxNames.series) merged.set(name, bytes);
  }
  if (!merged.has(inboxNames.report)) return without(absenceOf(task));

  const packed = merged.get(inboxNames.report);
  const decoded = await decode(run, task, packed, ports);
  if ("fault" in decoded) return without(`Its report cannot be used: ${decoded.fault}`);
  const { report } = decoded;
  if (report.outcome === "failed" && report.labels[""]?.count === 0) {
    return without(report.reason ?? "It failed without a reason.");
  }
  const series = merged.get(inboxNames.series);
  const fault = series === undefined ? "there are none." : await addSeries(series, merger, ports);
  const notes = fault === undefined ? report.notes : [...report.notes, `Its figures over time are missing: ${fault}`];
  merger.addReport({ ...report, notes });
  // Only how it ended: the figures of a thousand reports must not be kept.
  const { outcome, reason } = report;
  return { report: { task: task.task, outcome, ...(reason === undefined ? {} : { reason }) } };
}

async function decode(
  run: RunRecord,
  task: TaskRecord,
  packed: Uint8Array | undefined,
  { gzip }: Ports,
): Promise<ReturnType<typeof decodeReport>> {
  if (packed === undefined) return { fault: "It vanished while it was read." };
  try {
    return decodeReport(await gzip.unpack(packed, mostReportBytes), { runId: run.runId, task: task.task });
  } catch (error) {
    return { fault: `It cannot be unpacked (${errorMessage(error).message}).` };
  }
}

async function addSeries(packed: Uint8Array, merger: ResultMerger, { gzip }: Ports): Promise<string | undefined> {
  try {
    return merger.addSeries(await gzip.unpack(packed, mostSeriesBytes));
  } catch (error) {
    return `they cannot be unpacked (${errorMessage(error).message}).`;
  }
}

/** Copies an upload from the inbox to what is kept of the run, and gives it. */
async function keep(
  run: RunRecord,
  { task, identity }: TaskRecord,
  name: string,
  ports: Ports,
  signal: AbortSignal,
): Promise<Uint8Array | undefined> {
  const bytes = await ports.store.get(`${inboxPrefix(identity ?? "")}${name}`, signal);
  if (bytes !== undefined)
    await ports.store.put(resultsPrefix(run.testId, run.runId) + keptName(name, task), bytes, signal);
  return bytes;
}

function keptName(name: string, task: number): string {
  if (name === inboxNames.report) return `task-${task}.json.gz`;
  if (name === inboxNames.series) return `series-${task}.json.gz`;
  return `artifacts/${task}/${name.startsWith(inboxNames.artifacts) ? name.slice(inboxNames.artifacts.length) : name}`;
}

function absenceOf({ state, reason }: TaskRecord): string {
  switch (state) {
    case "lost":
      return `It was lost. ${reason ?? ""}`.trimEnd();
    case "failed":
    case "late":
    case "duplicate":
    case "stopped":
      return reason ?? `It was ${state} and gave no reason.`;
    case "done":
      return reason ?? "It ended without a report.";
    case "wanted":
    case "launched":
    case "ready":
    case "running":
    case "uploading":
      return "It had not come to an end.";
  }
}
