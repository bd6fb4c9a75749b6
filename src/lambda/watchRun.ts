import type { Clock } from "../core/async.ts";
import type { StepMessage } from "../core/stack/names.ts";
import type { Ports } from "../fleet/ports.ts";
import { watchStep } from "../fleet/watch.ts";
import { repeatStep, waitForFormerTasks } from "./followRun.ts";
import type { Invocation } from "./invocation.ts";
import { LiveMetrics, type PutDistributions } from "./liveMetrics.ts";
import { answer, type Message } from "./message.ts";

/** What task-status-checker works with. */
export interface WatchParts {
  readonly ports: Ports;
  readonly clock: Clock;
  readonly putDistributions: PutDistributions;
  /** Hears why figures could not be handed to CloudWatch. */
  readonly onMetricsFailure: (sentence: string) => void;
}

/** How long one invocation watches; Step Functions' history grows with each. */
const watchMs = 10 * 60_000;
/** Kept back for the last look of an invocation. */
const lastLookMs = 30_000;

/** Work of task-status-checker: before the launch, that no other tasks of the test are there; then it follows the run. */
export async function watchRun(
  message: Message,
  { ports, clock, putDistributions, onMetricsFailure }: WatchParts,
  { remainingMs, signal }: Invocation,
): Promise<StepMessage> {
  if (message.phase === "before") {
    await waitForFormerTasks(message, ports, clock, signal);
    return answer(message, "start");
  }
  const live = new LiveMetrics(ports.ledger, putDistributions, message.measuredUntilMs);
  const untilMs = clock.now() + Math.min(watchMs, remainingMs() - lastLookMs);
  const follow = (now: number, isEnd: boolean): Promise<void> => live.follow(message, now, { isEnd }, signal);
  const afterStep = (now: number): Promise<void> => follow(now, false);
  const next = await repeatStep("watch", watchStep, message.runId, ports, clock, { untilMs, afterStep }, signal);
  if (next === "collect") await follow(clock.now(), true);
  if (live.failure !== undefined) onMetricsFailure(live.failure);
  return answer(message, next, live.untilMs === undefined ? {} : { measuredUntilMs: live.untilMs });
}
