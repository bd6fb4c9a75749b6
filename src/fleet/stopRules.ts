import type { RunPlan } from "../core/run/plan.ts";
import type { TaskRecord } from "../core/run/run.ts";
import type { StartSignal } from "../core/run/wire.ts";
import { mergeLive } from "../core/results/live.ts";
import { liveWidthOf } from "../core/results/liveRecord.ts";
import { StopWatch, type StopReason } from "../core/results/stopRule.ts";
import type { Ports } from "./ports.ts";

/** A second is judged when no task is expected to add to it any more. */
const settledAfterSeconds = 3;
/** Seconds before the longest window that are read as well, for windows that began earlier. */
const marginSeconds = 30;

/** Judges the stop rules of a plan on the merged live figures, about once a second; undefined when none has fired. */
export async function firedRule(
  plan: RunPlan,
  start: StartSignal,
  tasks: readonly TaskRecord[],
  now: number,
  { ledger, pace }: Ports,
  signal: AbortSignal,
): Promise<StopReason | undefined> {
  const elapsedMs = now - start.startAtMs;
  // Steps keep no state: looks within the same second but the first two judge nothing new.
  if (elapsedMs % 1000 >= 2 * pace.pollMs) return undefined;
  const watch = new StopWatch(plan);
  const windows = plan.criteria.filter(({ stopsRun }) => stopsRun).map(({ window }) => window?.ms ?? 0);
  const longestMs = Math.max(0, plan.stopWhen?.forMs ?? 0, ...windows);
  if (longestMs === 0) return undefined;
  // A large fleet spreads the writes of a record over as long as the record covers.
  const untilSecond = Math.floor(elapsedMs / 1000) - settledAfterSeconds - (liveWidthOf(plan.tasks) - 1);
  const fromSecond = Math.max(0, untilSecond - Math.ceil(longestMs / 1000) - marginSeconds);
  const identities = tasks.map(({ identity }) => identity).filter((identity) => identity !== null);
  const stored = await ledger.getLive(identities, fromSecond, signal);
  for (const point of mergeLive(stored.map(({ record }) => record))) {
    if (point.second + point.seconds > untilSecond) break;
    const reason = watch.add(point);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
