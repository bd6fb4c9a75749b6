import { errorMessage } from "../core/errors.ts";
import type { Clock } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import { isFinal } from "../core/run/run.ts";
import { closeStep } from "./close.ts";
import { collectStep } from "./collect.ts";
import type { Ports, StepOutcome } from "./ports.ts";
import { startStep } from "./start.ts";
import { requestStop } from "./stop.ts";
import { killTasks } from "./tasks.ts";
import { watchStep } from "./watch.ts";

type Step = (runId: RunId, now: number, ports: Ports, signal: AbortSignal) => Promise<StepOutcome>;

const steps: Readonly<Record<Exclude<StepOutcome["next"], "end">, Step>> = {
  start: startStep,
  watch: watchStep,
  collect: collectStep,
  close: closeStep,
};
const mostFailures = 3;

/**
 * Drives a run from wherever it stands to its end. A step that fails stops the run; when the steps cannot even collect
 * what is there, the run is closed as failed.
 * @param onFailure hears of every failed step
 */
export async function driveRun(
  runId: RunId,
  ports: Ports,
  clock: Clock,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<void> {
  for (let failures = 1; ; failures++) {
    try {
      return await loop(runId, ports, clock, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      onFailure(error);
      const reason = `The run could not go on: ${errorMessage(error).message}`;
      if (failures === mostFailures) return closeByForce(runId, reason, clock.now(), ports, signal);
      await requestStop(runId, { atMs: clock.now(), by: "failure", reason }, ports.ledger, signal);
      await clock.sleep(ports.pace.pollMs, signal);
    }
  }
}

async function loop(runId: RunId, ports: Ports, clock: Clock, signal: AbortSignal): Promise<void> {
  let outcome: StepOutcome = { next: "start", waitMs: 0 };
  while (outcome.next !== "end") {
    if (outcome.waitMs > 0) await clock.sleep(outcome.waitMs, signal);
    signal.throwIfAborted();
    outcome = await steps[outcome.next](runId, clock.now(), ports, signal);
  }
}

async function closeByForce(
  runId: RunId,
  reason: string,
  now: number,
  ports: Ports,
  signal: AbortSignal,
): Promise<void> {
  const run = await ports.ledger.getRun(runId, signal);
  if (run === undefined || isFinal(run.status)) return;
  await ports.ledger.closeRun({ ...run, status: "failed", reason, endedAtMs: now }, signal);
  await killTasks(runId, ports, signal);
}
