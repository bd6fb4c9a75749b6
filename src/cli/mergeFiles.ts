import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { decodeReport } from "../core/results/report.ts";
import { mergeResult } from "../core/results/mergeResult.ts";
import { ResultMerger } from "../core/results/merge.ts";
import type { RunResult } from "../core/results/result.ts";
import { isRunId, makeTestId } from "../core/run/ids.ts";
import type { DriverName } from "../core/run/plan.ts";
import type { TaskReport } from "../core/run/wire.ts";

const unpack = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(gunzip);
const driverNames = ["embedded", "taurus", "k6", "locust"] as const satisfies readonly DriverName[];
const mostBytes = 64 * 1024 * 1024;

/** A file that could not be merged, with one sentence on why. */
export interface BrokenFile {
  readonly file: string;
  readonly fault: string;
}

/** What came of files of task reports and series; `result` is undefined when no report could be read. */
export interface MergedFiles {
  readonly result: RunResult | undefined;
  readonly broken: readonly BrokenFile[];
}

/** Merges files of task reports and of their series (JSON, with or without gzip), one at a time; all have to be of one run. */
export async function mergeFiles(files: readonly string[], cwd: string, toolVersion: string): Promise<MergedFiles> {
  const merger = new ResultMerger();
  const reports: TaskReport[] = [];
  const broken: BrokenFile[] = [];
  for (const file of files) {
    const fault = await addFile(resolve(cwd, file), merger, reports);
    if (fault !== undefined) broken.push({ file, fault });
  }
  const [first] = reports;
  return { result: first && assemble(first, reports, merger, toolVersion), broken };
}

async function addFile(path: string, merger: ResultMerger, reports: TaskReport[]): Promise<string | undefined> {
  let bytes: Uint8Array;
  try {
    const packed = await readFile(path);
    bytes = packed[0] === 0x1f && packed[1] === 0x8b ? await unpack(packed, { maxOutputLength: mostBytes }) : packed;
  } catch (error) {
    return `It cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
  }
  const begin = Buffer.from(bytes.subarray(0, 100)).toString();
  if (begin.includes('"loadfleet.series.v1"')) return merger.addSeries(bytes);
  const [first] = reports;
  const decoded = decodeReport(bytes, first === undefined ? {} : { runId: first.runId });
  if ("fault" in decoded) return decoded.fault;
  if (!isRunId(decoded.report.runId)) return `"${decoded.report.runId}" is no id of a run.`;
  if (reports.some(({ task }) => task === decoded.report.task))
    return `Task ${decoded.report.task} has reported already.`;
  merger.addReport(decoded.report);
  // The figures are in the merger; of a thousand reports only what the run's facts need is kept.
  reports.push({ ...decoded.report, labels: {} });
  return undefined;
}

function assemble(
  first: TaskReport,
  reports: readonly TaskReport[],
  merger: ResultMerger,
  toolVersion: string,
): RunResult {
  const reported = new Set(reports.map(({ task }) => task));
  const missing = Array.from({ length: first.tasks }, (_, task) => task).filter((task) => !reported.has(task));
  const { runId, driver } = first;
  if (!isRunId(runId)) throw new Error(`A report was taken whose run "${runId}" cannot be one.`);
  const origin = {
    startedBy: "unknown",
    commit: undefined,
    isTreeClean: undefined,
    scenarioPath: undefined,
    toolVersion,
  };
  return mergeResult(merger, {
    run: {
      runId,
      testId: makeTestId("merged"),
      name: "Merged reports",
      engine: "local",
      driver: driverNames.find((name) => name === driver.name) ?? "taurus",
      tasks: first.tasks,
      origin,
      startAtMs: first.startAtMs,
    },
    plan: null,
    status: "complete",
    reason: null,
    stoppedBy: null,
    missing: missing.map((task) => ({ task, reason: "None of the files is its report." })),
    endedAtMs: Math.max(...reports.map(({ endedAtMs }) => endedAtMs)),
    costUsd: null,
  });
}
