import { guideResults, guideStatus, runEntry, type GuideResults, type RunEntry } from "../../core/api/results.ts";
import type { JsonObject } from "../../core/json.ts";
import type { RunId, TestId } from "../../core/run/ids.ts";
import { isFinal, type RunRecord, type TaskRecord } from "../../core/run/run.ts";
import type { TestEntry } from "../../fleet/ports.ts";
import { findPlan } from "../../fleet/plan.ts";
import { findResult } from "../../fleet/result.ts";
import { noTest } from "./apiError.ts";
import type { ApiPorts } from "./ports.ts";
import { findTestRecord } from "./testRecord.ts";

/** A run of the history with its figures. */
export interface HistoryEntry extends RunEntry {
  /** Empty when nothing was measured. */
  readonly results: Partial<GuideResults>;
}

/** Which part of a test's history is wanted. */
export interface HistoryPage {
  readonly limit: number;
  readonly after?: RunId;
}

/** A Lambda answers at most 6 MB; what is left is for the headers and for letters that JSON writes longer. */
const mostHistoryLength = 3_000_000;

/** Everything that GET /scenarios/{testId} tells of a test, in the shape of version 1.2. @throws {ApiError} 404 */
export async function scenarioBody(
  testId: TestId,
  page: HistoryPage,
  ports: ApiPorts,
  signal: AbortSignal,
): Promise<object> {
  const { ledger } = ports;
  const entry = await ledger.getTest(testId, signal);
  if (entry === undefined) throw noTest(testId);
  const last = entry.lastRunId === null ? undefined : await ledger.getRun(entry.lastRunId, signal);
  const test = await describeTest(entry, last, ports, signal);
  const tasks = last === undefined || isFinal(last.status) ? [] : await ledger.listTasks(last.runId, signal);
  const { history, next } = await readHistory(testId, page, ports, signal);
  return {
    ...test,
    status: last === undefined ? "none" : guideStatus(last.status),
    startTime: last === undefined ? "" : runEntry(last).startTime,
    endTime: last === undefined ? "" : runEntry(last).endTime,
    taskIds: runningIds(tasks),
    results: last === undefined ? {} : await resultsOf(last, ports, signal),
    history,
    ...(next === undefined ? {} : { next }),
    ...(last?.status === "failed" ? { errorReason: last.reason ?? "The run failed." } : {}),
    runId: last?.runId ?? null,
    baselineRunId: entry.baselineRunId,
  };
}

/** The launcher's ids of the tasks that are running or about to. */
export function runningIds(tasks: readonly TaskRecord[]): readonly string[] {
  const running: readonly TaskRecord["state"][] = ["launched", "ready", "running", "uploading"];
  return tasks.filter(({ state }) => running.includes(state)).flatMap(({ launcherId }) => launcherId ?? []);
}

/** The figures of a run; an empty object while there are none. */
async function resultsOf(run: RunRecord, ports: ApiPorts, signal: AbortSignal): Promise<HistoryEntry["results"]> {
  if (!isFinal(run.status)) return {};
  const result = await findResult(run, ports, signal);
  return (result && guideResults(result)) ?? {};
}

/** What was asked for; of a test that other tools started, what its last plan tells. */
async function describeTest(
  { testId, name }: TestEntry,
  last: RunRecord | undefined,
  { store }: ApiPorts,
  signal: AbortSignal,
): Promise<object> {
  const record = await findTestRecord(testId, store, signal);
  // The newest run decides: a test may be started here and there.
  if (record !== undefined && (last === undefined || last.origin.test !== undefined)) {
    const { schema: _schema, ...test } = record;
    return test;
  }
  const plan = last === undefined ? undefined : await findPlan(last.runId, store, signal);
  const testScenario: JsonObject = plan?.scenario.config ?? {};
  const hasScript = Object.values(plan?.scenario.bodies ?? {}).some(({ script }) => script !== undefined);
  const types = { embedded: "simple", taurus: hasScript ? "jmeter" : "taurus", k6: "k6", locust: "locust" } as const;
  return {
    testId,
    testName: name,
    testDescription: "",
    testType: types[plan?.driver ?? "embedded"],
    fileType: hasScript ? "script" : "none",
    taskCount: last?.tasks ?? 0,
    testScenario,
  };
}

async function readHistory(
  testId: TestId,
  { limit, after }: HistoryPage,
  ports: ApiPorts,
  signal: AbortSignal,
): Promise<{ readonly history: readonly HistoryEntry[]; readonly next: string | undefined }> {
  const filter = { testId, limit, ...(after === undefined ? {} : { after }) };
  const { items, next } = await ports.ledger.listRuns(filter, signal);
  const history: HistoryEntry[] = [];
  let length = 0;
  // One result at a time in memory: with its series it may be large.
  for (const run of items.filter(({ status }) => isFinal(status))) {
    const whole: HistoryEntry = { ...runEntry(run), results: await resultsOf(run, ports, signal) };
    const isTooMuch = length + JSON.stringify(whole).length > mostHistoryLength;
    const entry = isTooMuch ? { ...whole, results: { ...whole.results, labels: [] } } : whole;
    length += JSON.stringify(entry).length;
    history.push(entry);
  }
  return { history, next };
}
