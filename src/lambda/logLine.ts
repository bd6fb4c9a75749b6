import type { StepMessage } from "../core/stack/names.ts";
import type { LogFields } from "./invocation.ts";
import type { Message } from "./message.ts";

/** What the line of a function of the state machine says: which run, and what comes next. */
export function describeStep({ runId, testId }: Message, answered: StepMessage | undefined): LogFields {
  return { runId, testId, next: answered?.next };
}

/** Writes a line of its own on something that went wrong without being in the way of the run. */
export function warn(name: string, message: string): void {
  process.stdout.write(`${JSON.stringify({ function: name, warning: message })}\n`);
}
