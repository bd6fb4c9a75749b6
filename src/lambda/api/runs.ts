import { guideResults, runEntry } from "../../core/api/results.ts";
import { mapConcurrent } from "../../core/async.ts";
import { isRunId } from "../../core/run/ids.ts";
import { isFinal } from "../../core/run/run.ts";
import { resultKey, resultsPrefix } from "../../fleet/keys.ts";
import { findResult } from "../../fleet/result.ts";
import { ApiError, badFields, noTest } from "./apiError.ts";
import { afterOf, afterRunOf, limitOf, objectOf, runOf, testIdOf } from "./input.ts";
import { linkSeconds, type Operation } from "./ports.ts";
import { runningIds } from "./scenarioBody.ts";

/** Lists the runs of a test, the newest first. */
export const listRuns: Operation = async (request, { ledger }, signal) => {
  const testId = testIdOf(request);
  const after = afterRunOf(request);
  const filter = { testId, limit: limitOf(request, 50, 200), ...(after === undefined ? {} : { after }) };
  const { items, next } = await ledger.listRuns(filter, signal);
  if (items.length === 0 && (await ledger.getTest(testId, signal)) === undefined) throw noTest(testId);
  const runs = items.map((run) => ({ ...runEntry(run), summary: run.summary }));
  return { status: 200, body: { runs, ...(next === undefined ? {} : { next }) } };
};

/** Gets a run with its tasks and results. */
export const getRun: Operation = async (request, ports, signal) => {
  const run = await runOf(request, ports, signal);
  const tasks = await ports.ledger.listTasks(run.runId, signal);
  const result = isFinal(run.status) ? await findResult(run, ports, signal) : undefined;
  const body = {
    ...runEntry(run),
    results: (result && guideResults(result)) ?? {},
    verdictRules: result?.verdict.rules ?? [],
    notes: result?.notes ?? [],
    taskIds: isFinal(run.status) ? [] : runningIds(tasks),
    tasks,
    run,
  };
  return { status: 200, body };
};

/** Gives an address of the whole merged result. */
export const getResult: Operation = async (request, ports, signal) => {
  const run = await runOf(request, ports, signal);
  const key = resultKey(run.testId, run.runId);
  const found = (await ports.store.list(key, signal)).find((object) => object.key === key);
  if (found === undefined) {
    throw new ApiError(404, "no-result", `Run ${run.runId} has no result${isFinal(run.status) ? "" : " yet"}.`, {
      hint: isFinal(run.status)
        ? "GET /runs/{runId} tells how it ended."
        : "Ask again when it has ended; GET /runs/{runId}/events follows it.",
    });
  }
  const url = await ports.links.read(key, {
    fileName: `${run.testId}-${run.runId}.json`,
    contentType: "application/json",
    contentEncoding: "gzip",
  });
  return { status: 200, body: { url, expiresInSeconds: linkSeconds, bytes: found.bytes } };
};

/** Lists the files that are kept of a run, each with an address. */
export const listArtifacts: Operation = async (request, ports, signal) => {
  const run = await runOf(request, ports, signal);
  const limit = limitOf(request, 200, 1000);
  const after = afterOf(request);
  const prefix = resultsPrefix(run.testId, run.runId);
  const all = (await ports.store.list(prefix, signal)).map(({ key, bytes }) => ({
    key,
    bytes,
    name: key.slice(prefix.length),
  }));
  const wanted = after === undefined ? all : all.filter(({ name }) => name > after);
  const page = wanted.slice(0, limit);
  const linked = async ({ key, bytes, name }: (typeof page)[number]): Promise<object> => {
    const url = await ports.links.read(key, { fileName: name.split("/").at(-1) ?? name });
    return { name, bytes, url };
  };
  const artifacts = await mapConcurrent(page, 32, linked, signal);
  const last = page.at(-1);
  const next = wanted.length > limit && last !== undefined ? { next: last.name } : {};
  return { status: 200, body: { artifacts, expiresInSeconds: linkSeconds, ...next } };
};

/** Marks a run as the one that the test's other runs are compared with. */
export const setBaseline: Operation = async (request, { ledger }, signal) => {
  const testId = testIdOf(request);
  const { runId } = objectOf(request);
  if (typeof runId !== "string" || !isRunId(runId)) {
    throw badFields([{ field: "runId", message: "It has to be the id of a run." }]);
  }
  const run = await ledger.getRun(runId, signal);
  if (run === undefined || run.testId !== testId) {
    throw new ApiError(404, "no-run", `The test ${testId} has no run ${runId}.`, {
      hint: "GET /scenarios/{testId}/runs lists the runs of a test.",
    });
  }
  if (run.status !== "complete") {
    throw new ApiError(409, "not-complete", `Run ${runId} is ${run.status}; a baseline has to be complete.`, {
      hint: "Choose a run that has ended by itself.",
    });
  }
  if ((await ledger.setBaseline(testId, runId, signal)) === "conflict") throw noTest(testId);
  return { status: 200, body: { testId, baselineRunId: runId } };
};

/** Takes the mark of the baseline away. */
export const clearBaseline: Operation = async (request, { ledger }, signal) => {
  const testId = testIdOf(request);
  if ((await ledger.setBaseline(testId, null, signal)) === "conflict") throw noTest(testId);
  return { status: 200, body: { testId, baselineRunId: null } };
};

/** Lists the running tasks of all tests. */
export const listTasks: Operation = async (_request, { ledger }, signal) => {
  const open = await ledger.listOpenRuns(signal);
  const tasks = await mapConcurrent(open, 8, (runId) => ledger.listTasks(runId, signal), signal);
  const ids = runningIds(tasks.flat());
  return { status: 200, body: { tasks: ids, taskIds: ids } };
};
