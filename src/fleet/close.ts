import { mapConcurrent } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import { isFinal } from "../core/run/run.ts";
import { inboxPrefix } from "./keys.ts";
import type { Ports, StepOutcome } from "./ports.ts";
import { findResult, summarize } from "./result.ts";

const tasksAtATime = 16;

/** Step: ends the run with what its result says, releases its test, and clears what was only needed on the way. */
export async function closeStep(runId: RunId, _now: number, ports: Ports, signal: AbortSignal): Promise<StepOutcome> {
  const { ledger } = ports;
  const run = await ledger.getRun(runId, signal);
  if (run === undefined || isFinal(run.status)) return { next: "end", waitMs: 0 };
  const merged = await findResult(run, ports, signal);
  if (merged === undefined) return { next: "collect", waitMs: 0 };
  const result = (await ports.completeResult?.(run, merged, signal)) ?? merged;
  const { status, reason, isPartial, endedAtMs } = result;
  await ledger.closeRun({ ...run, status, reason, isPartial, endedAtMs, summary: summarize(result) }, signal);
  await clearInboxes(runId, ports, signal);
  return { next: "end", waitMs: 0 };
}

/** Deletes what the run's agents uploaded; what is kept of it has been copied. */
export async function clearInboxes(runId: RunId, { ledger, store }: Ports, signal: AbortSignal): Promise<void> {
  const tasks = await ledger.listTasks(runId, signal);
  const identities = tasks.map(({ identity }) => identity).filter((identity) => identity !== null);
  const clear = async (identity: string): Promise<void> => {
    for (const { key } of await store.list(inboxPrefix(identity), signal)) await store.delete(key, signal);
  };
  await mapConcurrent(identities, tasksAtATime, clear, signal);
}
