import type { Clock } from "../core/async.ts";
import type { StepMessage } from "../core/stack/names.ts";
import { closeStep } from "../fleet/close.ts";
import { collectStep } from "../fleet/collect.ts";
import type { Ports } from "../fleet/ports.ts";
import type { Invocation } from "./invocation.ts";
import { answer, type Message } from "./message.ts";

/** Work of results-parser: merges and judges what was uploaded, and closes the run. */
export async function collectRun(
  message: Message,
  { ports, clock }: { readonly ports: Ports; readonly clock: Clock },
  { signal }: Invocation,
): Promise<StepMessage> {
  const { runId } = message;
  const { next } = await collectStep(runId, clock.now(), ports, signal);
  return answer(message, next === "close" ? (await closeStep(runId, clock.now(), ports, signal)).next : next);
}
