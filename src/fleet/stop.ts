import type { RunId } from "../core/run/ids.ts";
import { isFinal } from "../core/run/run.ts";
import type { StopRequest } from "../core/run/wire.ts";
import type { Ledger } from "./ports.ts";

/** Asks for a graceful end of a run; the first request stands, and a run that has ended is left alone. */
export async function requestStop(runId: RunId, stop: StopRequest, ledger: Ledger, signal: AbortSignal): Promise<void> {
  const run = await ledger.getRun(runId, signal);
  if (run === undefined || isFinal(run.status)) return;
  // A conflict is an earlier request, which does the same.
  await ledger.putStop(runId, stop, signal);
}
