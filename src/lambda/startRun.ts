import type { Clock } from "../core/async.ts";
import { UserError } from "../core/errors.ts";
import { isFinal } from "../core/run/run.ts";
import type { Caps, StepMessage } from "../core/stack/names.ts";
import { loadPlan } from "../fleet/plan.ts";
import type { Ports } from "../fleet/ports.ts";
import { startStep } from "../fleet/start.ts";
import { checkCaps } from "../fleet/caps.ts";
import { repeatStep } from "./followRun.ts";
import type { Invocation } from "./invocation.ts";
import { answer, type Message } from "./message.ts";
import type { Tariff } from "../fleet/spending.ts";

/** What task-runner works with. */
export interface StartParts {
  readonly ports: Ports;
  readonly caps: Caps;
  readonly tariff: Tariff;
  readonly clock: Clock;
}

/** Kept back for the last look of an invocation. */
const lastLookMs = 30_000;

/**
 * Work of task-runner: refuses what the owner does not allow, launches the tasks, and waits until they begin together.
 * @throws {UserError} `no-run`, or a cap's code
 */
export async function startRun(
  message: Message,
  { ports, caps, tariff, clock }: StartParts,
  { remainingMs, signal }: Invocation,
): Promise<StepMessage> {
  const { runId } = message;
  const run = await ports.ledger.getRun(runId, signal);
  if (run === undefined)
    throw new UserError("no-run", `There is no run ${runId} in the stack's table.`, { kind: "run" });
  if (isFinal(run.status)) return answer(message, "end");
  const isStopped = (await ports.ledger.getStop(runId, signal)) !== undefined;
  if (run.status === "queued" && !isStopped) {
    const plan = await loadPlan(runId, ports.store, signal);
    await checkCaps({ runId, plan }, caps, tariff, clock.now(), ports, signal);
  }
  const untilMs = clock.now() + remainingMs() - lastLookMs;
  try {
    return answer(message, await repeatStep("start", startStep, runId, ports, clock, { untilMs }, signal));
  } catch (error) {
    // What has been launched so far stays; the next invocation goes on from there.
    if (signal.aborted) return answer(message, "start");
    throw error;
  }
}
