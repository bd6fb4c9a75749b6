import type { RunId, TestId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunEvent, RunOrigin, RunRecord } from "../core/run/run.ts";
import type { RunResult } from "../core/results/result.ts";
import type { Page } from "./ports.ts";

/** A file of the bundle with its content. */
export interface BundleContent {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What people and views use to run tests; local and AWS are the two implementations. */
export interface Engine {
  /** @throws {UserError} `run-active` when the test is already running */
  start(plan: RunPlan, files: readonly BundleContent[], origin: RunOrigin, signal: AbortSignal): Promise<RunId>;
  /** Asks for a graceful end; harmless when the run has ended. */
  stop(runId: RunId, reason: string, signal: AbortSignal): Promise<void>;
  /** A snapshot, then deltas; ends when the run has ended. Aborting it stops watching, never the run. */
  watch(runId: RunId, signal: AbortSignal): AsyncIterable<RunEvent>;
  list(
    filter: { readonly testId?: TestId; readonly limit: number; readonly after?: string },
    signal: AbortSignal,
  ): Promise<Page<RunRecord>>;
  /** Undefined while the run has no result. */
  result(runId: RunId, signal: AbortSignal): Promise<RunResult | undefined>;
  plan(runId: RunId, signal: AbortSignal): Promise<RunPlan | undefined>;
  artifacts(runId: RunId, signal: AbortSignal): Promise<readonly { readonly key: string; readonly bytes: number }[]>;
  artifact(key: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  delete(runId: RunId, signal: AbortSignal): Promise<void>;
}
