import { Type } from "typebox";
import { Value } from "typebox/value";
import { isRunId, type RunId } from "../core/run/ids.ts";
import type { StepMessage } from "../core/stack/names.ts";
import { decodeMessage, type Message } from "./message.ts";

/** Why run-closer was called. */
export type CloserEvent =
  /** The state machine came to the run's end, or one of its functions failed for good. */
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "task-stopped"; readonly runId: RunId; readonly detail: object }
  | { readonly kind: "execution-ended"; readonly runId: RunId; readonly status: string }
  | { readonly kind: "sweep" }
  /** An event of something that is no run. */
  | { readonly kind: "foreign" };

const BusEvent = Type.Object({ source: Type.String(), "detail-type": Type.String(), detail: Type.Object({}) });
const StoppedDetail = Type.Object({ startedBy: Type.String(), lastStatus: Type.Literal("STOPPED") });
const ExecutionDetail = Type.Object({ name: Type.String(), status: Type.String() });

/** Reads what the state machine, EventBridge or the schedule hands to run-closer. @throws {UserError} `bad-message` */
export function decodeCloserEvent(event: unknown): CloserEvent {
  if (!Value.Check(BusEvent, event)) return { kind: "message", message: decodeMessage(event) };
  const { detail } = event;
  switch (event["detail-type"]) {
    case "Scheduled Event":
      return { kind: "sweep" };
    case "ECS Task State Change":
      return Value.Check(StoppedDetail, detail) && isRunId(detail.startedBy)
        ? { kind: "task-stopped", runId: detail.startedBy, detail }
        : { kind: "foreign" };
    case "Step Functions Execution Status Change":
      return Value.Check(ExecutionDetail, detail) && isRunId(detail.name)
        ? { kind: "execution-ended", runId: detail.name, status: detail.status }
        : { kind: "foreign" };
    default:
      return { kind: "foreign" };
  }
}

/** Says in a sentence why a run ends whose execution ended before it. */
export function executionReason(status: string): string {
  switch (status) {
    case "ABORTED":
      return "The execution that drove the run was aborted in Step Functions, so the run was stopped.";
    case "TIMED_OUT":
      return "The execution that drove the run took longer than Step Functions allows it, so the run was stopped.";
    default:
      return `The execution that drove the run ended (${status.toLowerCase().replaceAll("_", " ")}) before the run did, so the run was stopped.`;
  }
}

const Failure = Type.Object({ errorMessage: Type.String(), errorType: Type.Optional(Type.String()) });

/** Says in a sentence why a function of the state machine failed for good, out of what Step Functions caught. */
export function failureReason({ Error: name, Cause: cause }: NonNullable<StepMessage["error"]>): string {
  const failure = parse(cause);
  if (Value.Check(Failure, failure)) {
    // A refusal of ours is a whole sentence; everything else needs to be said to be a failure.
    return failure.errorType === "UserError"
      ? failure.errorMessage
      : `The run could not go on: ${dotted(failure.errorMessage)}`;
  }
  if (name === "States.Timeout" || name === "Sandbox.Timedout")
    return "The run could not go on: a function of the stack did not answer in time.";
  return `The run could not go on: ${dotted(cause === "" ? name : `${name}: ${cause.slice(0, 500)}`)}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Services other than Lambda give a plain sentence.
    return undefined;
  }
}

function dotted(text: string): string {
  return text.replace(/\.?$/, ".");
}
