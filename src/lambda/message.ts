import { Type } from "typebox";
import { Value } from "typebox/value";
import { UserError } from "../core/errors.ts";
import { isRunId, makeTestId, type RunId, type TestId } from "../core/run/ids.ts";
import type { StepMessage } from "../core/stack/names.ts";

const Message = Type.Object({
  testId: Type.String(),
  runId: Type.String(),
  taskCount: Type.Integer({ minimum: 0 }),
  testType: Type.String(),
  fileType: Type.String(),
  prefix: Type.String(),
  next: Type.Optional(
    Type.Union([
      Type.Literal("wait"),
      Type.Literal("start"),
      Type.Literal("watch"),
      Type.Literal("collect"),
      Type.Literal("close"),
      Type.Literal("end"),
    ]),
  ),
  waitSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
  phase: Type.Optional(Type.Literal("before")),
  error: Type.Optional(Type.Object({ Error: Type.String(), Cause: Type.String() })),
  measuredUntilMs: Type.Optional(Type.Number()),
});

/** A message of the state machine whose ids have been checked. */
export interface Message extends StepMessage {
  readonly runId: RunId;
  readonly testId: TestId;
}

/** Reads what the state machine hands to a function. @throws {UserError} `bad-message` */
export function decodeMessage(event: unknown): Message {
  if (!Value.Check(Message, event)) {
    throw new UserError("bad-message", "The state machine's message is not one of a run.", {
      hint: "Start runs with the API, the editor or the command line; they write the message.",
    });
  }
  const { runId, testId } = event;
  if (!isRunId(runId)) throw new UserError("bad-message", `The state machine's message names no run: "${runId}".`);
  return { ...event, runId, testId: makeTestId(testId) };
}

/** The message that follows: the same run with where it goes on, without what was meant for this function alone. */
export function answer(
  message: Message,
  next: NonNullable<StepMessage["next"]>,
  extra: Pick<StepMessage, "waitSeconds" | "measuredUntilMs"> = {},
): StepMessage {
  const { testId, runId, taskCount, testType, fileType, prefix, measuredUntilMs } = message;
  const mark = measuredUntilMs === undefined ? {} : { measuredUntilMs };
  return { testId, runId, taskCount, testType, fileType, prefix, ...mark, next, ...extra };
}
