import { guideStatus, runEntry } from "../../core/api/results.ts";
import { testTypes } from "../../core/api/testRequest.ts";
import { mapConcurrent } from "../../core/async.ts";
import { isFinal, type RunRecord } from "../../core/run/run.ts";
import type { TestId } from "../../core/run/ids.ts";
import { deleteStored } from "../../fleet/deleteStored.ts";
import type { TestEntry } from "../../fleet/ports.ts";
import { requestStop } from "../../fleet/stop.ts";
import { noTest, testIsRunning } from "./apiError.ts";
import { afterOf, afterRunOf, limitOf, testIdOf } from "./input.ts";
import type { ApiPorts, Operation } from "./ports.ts";
import { scenarioBody } from "./scenarioBody.ts";
import { testRecordKey } from "./testRecord.ts";
import { allUploadKeys } from "./uploadKeys.ts";

/** How long a deletion may take before the client is asked to repeat it; the gateway waits 29 s. */
const deletionMs = 20_000;
const parallel = 32;

/** Lists the tests, each with the state of its last run. */
export const listScenarios: Operation = async (request, { ledger }, signal) => {
  const limit = limitOf(request, 500, 1000);
  const after = afterOf(request);
  const all = await ledger.listTests(signal);
  const wanted = after === undefined ? all : all.filter(({ testId }) => testId > after);
  const entries = wanted.slice(0, limit);
  const describe = async (entry: TestEntry): Promise<object> =>
    listEntry(entry, entry.lastRunId === null ? undefined : await ledger.getRun(entry.lastRunId, signal));
  const data = await mapConcurrent(entries, parallel, describe, signal);
  const last = entries.at(-1);
  const next = wanted.length > limit && last !== undefined ? { next: last.testId } : {};
  // Clients of version 1.2 read `Items`; the guide calls it `data`.
  return { status: 200, body: { data, Items: data, ...next } };
};

function listEntry({ testId, name }: TestEntry, run: RunRecord | undefined): object {
  const shown = run && runEntry(run);
  return {
    testId,
    testName: name,
    testDescription: run?.origin.test?.description ?? "",
    testType: run?.origin.test?.testType ?? "",
    status: run === undefined ? "none" : guideStatus(run.status),
    startTime: shown?.startTime ?? "",
    endTime: shown?.endTime ?? "",
    runId: run?.runId ?? null,
  };
}

/** Gets a test with the results of its last run and a page of its history. */
export const getScenario: Operation = async (request, ports, signal) => {
  const after = afterRunOf(request);
  const page = { limit: limitOf(request, 10, 50), ...(after === undefined ? {} : { after }) };
  return { status: 200, body: await scenarioBody(testIdOf(request), page, ports, signal) };
};

/** Asks the running test for a graceful end; harmless when nothing runs. */
export const cancelScenario: Operation = async (request, { ledger, now }, signal) => {
  const testId = testIdOf(request);
  const entry = await ledger.getTest(testId, signal);
  if (entry === undefined) throw noTest(testId);
  const runId = entry.activeRunId ?? entry.lastRunId;
  const run = runId === null ? undefined : await ledger.getRun(runId, signal);
  if (run === undefined || isFinal(run.status)) {
    return { status: 200, body: { testId, runId, status: run === undefined ? "none" : guideStatus(run.status) } };
  }
  const reason = `${request.user} cancelled it through the API.`;
  await requestStop(run.runId, { atMs: now(), by: "person", reason }, ledger, signal);
  return { status: 200, body: { testId, runId, status: "cancelling" } };
};

/** Deletes a test with everything of it; when that takes too long for one request, the answer asks for another. */
export const deleteScenario: Operation = async (request, ports, signal) => {
  const testId = testIdOf(request);
  const { ledger, store, now } = ports;
  const entry = await ledger.getTest(testId, signal);
  if (entry === undefined) throw noTest(testId);
  if (entry.activeRunId !== null) throw testIsRunning(testId, entry.activeRunId);
  const startedMs = now();
  for (;;) {
    const { items } = await ledger.listRuns({ testId, limit: 20 }, signal);
    if (items.length === 0) break;
    for (const run of items) {
      if (!isFinal(run.status)) throw testIsRunning(testId, run.runId);
      if (now() - startedMs > deletionMs) return { status: 202, body: { testId, status: "deleting", runsLeft: true } };
      await deleteStored(run, store, signal);
      await ledger.deleteRun(run.runId, signal);
    }
  }
  if ((await ledger.deleteTest(testId, signal)) === "conflict")
    throw testIsRunning(testId, await activeRun(testId, ports, signal));
  const keys = [testRecordKey(testId), `test-scenarios/${testId}.json`, ...allUploadKeys(testTypes, testId)];
  // Images of the guide's own kind write beside the runs.
  const left = await store.list(`results/${testId}/`, signal);
  await mapConcurrent([...keys, ...left.map(({ key }) => key)], parallel, (key) => store.delete(key, signal), signal);
  return { status: 200, body: { testId, status: "deleted" } };
};

async function activeRun(testId: TestId, { ledger }: ApiPorts, signal: AbortSignal): Promise<string> {
  return (await ledger.getTest(testId, signal))?.activeRunId ?? "";
}
