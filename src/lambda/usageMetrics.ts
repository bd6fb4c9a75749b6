import { errorMessage } from "../core/errors.ts";
import type { RunRecord } from "../core/run/run.ts";
import type { StepMessage } from "../core/stack/names.ts";

/** The operational metrics of the implementation guide's Appendix E: these eight fields and nothing else. */
export interface UsageMetrics {
  readonly Solution: string;
  readonly UUID: string;
  /** UTC, `2026-11-24 12:00:00.0`. */
  readonly TimeStamp: string;
  readonly TestType: string;
  readonly FileType: string;
  readonly TaskCount: number;
  /** Seconds, all tasks together. */
  readonly TaskDuration: number;
  readonly TestResult: string;
}

const solutionId = "loadfleet";
const answerLimitMs = 3000;

/** Makes the operational metrics of a run that has ended. */
export function makeUsageMetrics(
  { testType, fileType, taskCount }: StepMessage,
  run: RunRecord,
  uuid: string,
  now: number,
): UsageMetrics {
  const seconds = Math.max(0, (run.endedAtMs ?? now) - (run.startAtMs ?? run.endedAtMs ?? now)) / 1000;
  return {
    Solution: solutionId,
    UUID: uuid,
    TimeStamp: new Date(now)
      .toISOString()
      .replace("T", " ")
      .replace(/\.(\d)\d\dZ$/, ".$1"),
    TestType: testType,
    FileType: fileType,
    TaskCount: taskCount,
    TaskDuration: Math.round(seconds * taskCount),
    TestResult: run.status,
  };
}

/** Sends operational metrics where the stack's owner said; answers why that failed, which is of no consequence to the run. */
export async function sendUsageMetrics(
  endpoint: string,
  metrics: UsageMetrics,
  signal: AbortSignal,
  send: typeof fetch = fetch,
): Promise<string | undefined> {
  try {
    const response = await send(endpoint, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(metrics),
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerLimitMs)]),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `The endpoint answered ${response.status}.`;
  } catch (error) {
    return errorMessage(error).message;
  }
}
