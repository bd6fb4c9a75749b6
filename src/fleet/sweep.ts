import type { Clock } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import { isFinal } from "../core/run/run.ts";
import { driveRun } from "./drive.ts";
import type { Ports, Starter } from "./ports.ts";
import { requestStop } from "./stop.ts";

/** What a sweep needs beside the ports of the steps. */
export interface SweepPorts extends Ports {
  readonly starter: Starter;
}

/** Brings every open run whose starter is gone to its end. */
export async function sweepRuns(ports: SweepPorts, clock: Clock, signal: AbortSignal): Promise<void> {
  for (const runId of await ports.ledger.listOpenRuns(signal)) await sweepRun(runId, ports, clock, signal);
}

/** Brings one run to its end if its starter is gone: stops what is left, collects what is there, closes it with the reason. */
export async function sweepRun(runId: RunId, ports: SweepPorts, clock: Clock, signal: AbortSignal): Promise<void> {
  const { ledger, starter } = ports;
  if (await starter.isAlive(runId, signal)) return;
  // Read after the starter was found gone: a run that it closed just before it ended is final here.
  const run = await ledger.getRun(runId, signal);
  if (run === undefined) return ledger.deleteRun(runId, signal);
  if (isFinal(run.status)) {
    // Its closer may have died before it released the test; closing again does only that.
    await ledger.closeRun(run, signal);
    return;
  }
  const reason = "What drove the run ended unexpectedly, so the run was stopped.";
  if (run.status !== "collecting")
    await requestStop(runId, { atMs: clock.now(), by: "failure", reason }, ledger, signal);
  await driveRun(runId, ports, clock, signal, () => undefined);
}
