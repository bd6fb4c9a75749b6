import type { StepMessage } from "../../src/core/stack/names.ts";

/** The message with which the execution of a run begins. */
export function stepMessage(runId: string, changes: Partial<StepMessage> = {}): StepMessage {
  return { testId: "shop", runId, taskCount: 3, testType: "simple", fileType: "none", prefix: runId, ...changes };
}
