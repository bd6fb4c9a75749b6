import { exitCodes } from "../core/errors.ts";
import { reduceRun, type RunEvent, type RunRecord, type RunView } from "../core/run/run.ts";
import type { RunId } from "../core/run/ids.ts";
import type { RunResult } from "../core/results/result.ts";
import type { Engine } from "../fleet/engine.ts";

/** Watches a run to its end and answers its last view; undefined when the signal ended the watching before. */
export async function followRun(
  engine: Engine,
  runId: RunId,
  onChange: (view: RunView, event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunView | undefined> {
  let view: RunView | undefined;
  try {
    for await (const event of engine.watch(runId, signal)) {
      view = reduceRun(view, event);
      if (view !== undefined) onChange(view, event);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return signal.aborted ? undefined : view;
}

/** Gives the exit code of a run that has ended, as the contract's table has it. */
export function exitCodeOfRun({ status }: RunRecord, result: RunResult | undefined | null): number {
  if (status === "cancelled") return exitCodes.cancelled;
  if (status !== "complete") return exitCodes.runFailed;
  return result?.verdict.status === "failed" ? exitCodes.failedVerdict : exitCodes.passed;
}
