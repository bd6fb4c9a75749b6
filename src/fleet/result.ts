import { UserError } from "../core/errors.ts";
import type { RunRecord, RunSummary } from "../core/run/run.ts";
import type { RunResult } from "../core/results/result.ts";
import { resultKey } from "./keys.ts";
import type { Ports } from "./ports.ts";

const mostBytes = 256 * 1024 * 1024;

/** Keeps a run's merged result in the store. */
export async function storeResult(
  result: RunResult,
  { store, gzip }: Pick<Ports, "store" | "gzip">,
  signal: AbortSignal,
): Promise<void> {
  const bytes = new TextEncoder().encode(JSON.stringify(result));
  await store.put(resultKey(result.testId, result.runId), await gzip.pack(bytes), signal);
}

/** Reads a run's merged result; undefined while there is none. @throws {UserError} `result-version` for one of another version */
export async function findResult(
  { testId, runId }: Pick<RunRecord, "testId" | "runId">,
  { store, gzip }: Pick<Ports, "store" | "gzip">,
  signal: AbortSignal,
): Promise<RunResult | undefined> {
  const packed = await store.get(resultKey(testId, runId), signal);
  if (packed === undefined) return undefined;
  const result: unknown = JSON.parse(new TextDecoder().decode(await gzip.unpack(packed, mostBytes)));
  if (isResult(result)) return result;
  throw new UserError("result-version", `The result of run ${runId} has a format that is not known here.`, {
    kind: "run",
    hint: "Use the version of Loadfleet that made the run.",
  });
}

// Only collect writes results, always whole: the schema's name says all there is to check.
function isResult(value: unknown): value is RunResult {
  return typeof value === "object" && value !== null && "schema" in value && value.schema === "loadfleet.result.v1";
}

/** The few figures of a result that lists show. */
export function summarize(result: RunResult): RunSummary {
  const all = result.labels[""];
  return {
    verdict: result.verdict.status,
    count: all?.count ?? 0,
    failed: all?.failed ?? 0,
    errorRatio: all?.errorRatio ?? 0,
    ratePerSecond: all?.ratePerSecond ?? 0,
    meanMs: all?.meanMs ?? 0,
    p95Ms: all?.percentilesMs.p95 ?? 0,
    p99Ms: all?.percentilesMs.p99 ?? 0,
    maxUsers: result.maxUsers,
    tasksReported: result.tasks.reported,
    costUsd: result.costUsd,
  };
}
