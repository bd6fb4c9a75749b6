import type { RunId } from "../core/run/ids.ts";
import { isFinal } from "../core/run/run.ts";
import { inboxPrefix } from "./keys.ts";
import type { Ports, StepOutcome } from "./ports.ts";
import { findResult, summarize } from "./result.ts";

/** Step: ends the run with what its result says, releases its test, and clears what was only needed on the way. */
export async function closeStep(runId: RunId, _now: number, ports: Ports, signal: AbortSignal): Promise<StepOutcome> {
  const { ledger, store } = ports;
  const run = await ledger.getRun(runId, signal);
  if (run === undefined || isFinal(run.status)) return { next: "end", waitMs: 0 };
  const result = await findResult(run, ports, signal);
  if (result === undefined) return { next: "collect", waitMs: 0 };
  const { status, reason, isPartial, endedAtMs } = result;
  await ledger.closeRun({ ...run, status, reason, isPartial, endedAtMs, summary: summarize(result) }, signal);
  for (const { identity } of await ledger.listTasks(runId, signal)) {
    if (identity === null) continue;
    for (const { key } of await store.list(inboxPrefix(identity), signal)) await store.delete(key, signal);
  }
  return { next: "end", waitMs: 0 };
}
