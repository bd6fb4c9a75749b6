import type { Clock } from "../core/async.ts";
import { errorMessage } from "../core/errors.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunRecord } from "../core/run/run.ts";
import type { KeptMetric, RunResult } from "../core/results/result.ts";
import { loadPlan } from "../fleet/plan.ts";
import type { Ports } from "../fleet/ports.ts";
import { storeResult } from "../fleet/result.ts";
import { costOf, taskSeconds, type Tariff, type TaskTimes } from "../fleet/spending.ts";

/** What AWS tells of a run after its end. */
export interface Aftermath {
  readonly tariff: Tariff;
  readonly clock: Clock;
  /** When these tasks began and ended, as far as it is still known. */
  readonly timesOf: (launcherIds: readonly string[], signal: AbortSignal) => Promise<readonly TaskTimes[]>;
  /** Reads what CloudWatch measured over the run's time, of its tasks and of what the scenario names. */
  readonly readMetrics: (result: RunResult, plan: RunPlan, signal: AbortSignal) => Promise<readonly KeptMetric[]>;
  /** Hears why a part of it could not be had; the run is closed without it. */
  readonly onFailure: (sentence: string) => void;
}

/** Makes what adds to a run's result what it cost, and what CloudWatch measured meanwhile. */
export function makeCompleteResult(
  ports: Ports,
  { tariff, clock, timesOf, readMetrics, onFailure }: Aftermath,
): NonNullable<Ports["completeResult"]> {
  const measureCost = async (run: RunRecord, plan: RunPlan, signal: AbortSignal): Promise<number> => {
    const tasks = await ports.ledger.listTasks(run.runId, signal);
    const launched = tasks.map(({ launcherId }) => launcherId).filter((launcherId) => launcherId !== null);
    const seconds = taskSeconds(run, tasks, await timesOf(launched, signal), clock.now());
    return Math.round(costOf(plan, seconds, tariff) * 1e6) / 1e6;
  };
  const attempt = async <T>(doing: string, work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      onFailure(`Could not ${doing}: ${errorMessage(error).message}`);
      return undefined;
    }
  };
  return async (run, result, signal) => {
    // A step may be repeated: what is there already stays.
    if (result.costUsd !== null) return result;
    const plan = await loadPlan(run.runId, ports.store, signal);
    const metrics = await attempt("read CloudWatch's metrics", () => readMetrics(result, plan, signal), signal);
    const costUsd = await attempt("work out what the run cost", () => measureCost(run, plan, signal), signal);
    const completed = { ...result, costUsd: costUsd ?? null, ...(metrics === undefined ? {} : { metrics }) };
    await storeResult(completed, ports, signal);
    return completed;
  };
}
