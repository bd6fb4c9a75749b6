import { mapConcurrent } from "../core/async.ts";
import { costOfRun, expectedTaskSeconds, type Prices, type RunCost } from "../core/run/cost.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunId } from "../core/run/ids.ts";
import { isFinal, type RunRecord, type TaskRecord } from "../core/run/run.ts";
import { type Architecture, defaultTaskSize } from "../core/stack/names.ts";
import { findPlan } from "./plan.ts";
import type { Ledger, Ports } from "./ports.ts";
import { isSettled } from "./tasks.ts";

/** What the tasks of a stack cost by. */
export interface Tariff {
  readonly prices: Prices;
  readonly architecture: Architecture;
  readonly hasPublicIp: boolean;
  /** Longest that a run without a planned end may take. */
  readonly longestRunMs: number;
}

/** What is known of when a task began and ended; ECS forgets stopped tasks after an hour. */
export interface TaskTimes {
  readonly launcherId: string;
  readonly startedAtMs: number | undefined;
  readonly stoppedAtMs: number | undefined;
}

/** Estimates what a run will cost before anything is launched, with its parts. */
export function forecastCost(plan: RunPlan, tariff: Tariff): RunCost {
  const seconds = expectedTaskSeconds(plan, tariff.longestRunMs);
  return costOfTasks(plan, Array<number>(plan.tasks).fill(seconds), tariff);
}

/** Estimates what a run will cost before anything is launched, in USD. */
export function expectedCost(plan: RunPlan, tariff: Tariff): number {
  return forecastCost(plan, tariff).usd;
}

/**
 * Seconds that each launched task was there: as ECS says, else from the run's submission to what was heard of the task
 * last, which is a little too long.
 */
export function taskSeconds(
  run: RunRecord,
  tasks: readonly TaskRecord[],
  times: readonly TaskTimes[],
  now: number,
): readonly number[] {
  const known = new Map(times.map((time) => [time.launcherId, time]));
  return tasks.flatMap((task) => {
    if (task.launcherId === null) return [];
    const time = known.get(task.launcherId);
    const startedAtMs = time?.startedAtMs ?? run.createdAtMs;
    const endedAtMs = time?.stoppedAtMs ?? (isSettled(task) ? task.changedAtMs : now);
    return [Math.max(0, endedAtMs - startedAtMs) / 1000];
  });
}

/** What the tasks of a run have cost, in USD. */
export function costOf(plan: RunPlan, seconds: readonly number[], tariff: Tariff): number {
  return costOfTasks(plan, seconds, tariff).usd;
}

function costOfTasks(plan: RunPlan, seconds: readonly number[], tariff: Tariff): RunCost {
  const { settings } = plan.scenario;
  const { architecture, hasPublicIp, prices } = tariff;
  const size = settings.size ?? defaultTaskSize;
  return costOfRun({ taskSeconds: seconds, size, architecture, isSpot: settings.isSpot, hasPublicIp }, prices);
}

const runsAtATime = 8;
const runsAPage = 100;

/**
 * Adds up what the other runs of the month have cost, in USD: as their summaries say; a run that is on counts with its
 * estimate, and one that ended without figures with the time of the tasks that were launched.
 */
export async function spentThisMonth(
  runId: RunId | undefined,
  now: number,
  tariff: Tariff,
  ports: Pick<Ports, "ledger" | "store">,
  signal: AbortSignal,
): Promise<number> {
  const others = (await runsOfMonth(now, ports.ledger, signal)).filter((run) => run.runId !== runId);
  const costs = await mapConcurrent(others, runsAtATime, (run) => costSoFar(run, tariff, ports, signal), signal);
  return costs.reduce((sum, usd) => sum + usd, 0);
}

async function costSoFar(
  run: RunRecord,
  tariff: Tariff,
  { ledger, store }: Pick<Ports, "ledger" | "store">,
  signal: AbortSignal,
): Promise<number> {
  if (run.summary !== null && run.summary.costUsd !== null) return run.summary.costUsd;
  const plan = await findPlan(run.runId, store, signal);
  if (plan === undefined) return 0;
  if (!isFinal(run.status)) return expectedCost(plan, tariff);
  const tasks = await ledger.listTasks(run.runId, signal);
  return costOf(plan, taskSeconds(run, tasks, [], run.endedAtMs ?? run.createdAtMs), tariff);
}

async function runsOfMonth(now: number, ledger: Ledger, signal: AbortSignal): Promise<readonly RunRecord[]> {
  const date = new Date(now);
  const beginsAtMs = Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
  const runs: RunRecord[] = [];
  let after: string | undefined;
  do {
    const page = await ledger.listRuns({ limit: runsAPage, ...(after === undefined ? {} : { after }) }, signal);
    const inMonth = page.items.filter((run) => run.createdAtMs >= beginsAtMs);
    runs.push(...inMonth);
    after = inMonth.length === page.items.length ? page.next : undefined;
  } while (after !== undefined);
  return runs;
}
