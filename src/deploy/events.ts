import { DescribeStackEventsCommand, type StackEvent } from "@aws-sdk/client-cloudformation";
import { explain } from "../aws/awsErrors.ts";
import { readStack } from "./deployedStack.ts";
import type { Progress, Work } from "./progress.ts";
import type { DeployTarget } from "./target.ts";

/** A resource that could not be made, changed or deleted. */
export interface StackFailure {
  readonly logicalId: string;
  readonly type: string;
  /** CloudFormation's words. */
  readonly reason: string;
}

/** How an operation of CloudFormation ended. */
export interface StackEnd {
  /** As CloudFormation writes it: `UPDATE_ROLLBACK_COMPLETE`; `DELETE_COMPLETE` when the stack is gone. */
  readonly status: string;
  /** The first failure, which the others follow from; undefined when nothing failed. */
  readonly failure: StackFailure | undefined;
}

// Looks without anything new after which a stack that is at rest counts as ended, should its last event be missing.
const quietLooks = 15;

/** The newest event of a stack, from which on {@link followStack} tells what happens; undefined when there is none. */
export async function lastEventId(
  target: DeployTarget,
  stackId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  for await (const event of listEvents(target, stackId, signal)) return event.EventId;
  return undefined;
}

/** The event before the operation that is under way began; undefined when it is the stack's first. */
export async function startOfOperation(
  target: DeployTarget,
  stackId: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  let hasBegun = false;
  for await (const event of listEvents(target, stackId, signal)) {
    if (hasBegun) return event.EventId;
    hasBegun = isOfStack(event) && /^(CREATE|UPDATE|DELETE|IMPORT)_IN_PROGRESS$/.test(event.ResourceStatus ?? "");
  }
  return undefined;
}

/** Tells every event after the one named, oldest first, until the stack is at rest. */
export async function* followStack(
  target: DeployTarget,
  stackId: string,
  after: string | undefined,
  signal: AbortSignal,
): Work<StackEnd> {
  let seen = after;
  let failure: StackFailure | undefined;
  let hasEnded = false;
  for (let quiet = 0; ; quiet++) {
    for (const event of await eventsSince(target, stackId, seen, signal)) {
      quiet = 0;
      seen = event.EventId;
      failure ??= failureOf(event);
      if (isOfStack(event)) hasEnded = isAtRest(event.ResourceStatus ?? "");
      if (!isRepeated(event)) yield progressOf(event);
    }
    if (hasEnded || quiet >= quietLooks) {
      const { status = "DELETE_COMPLETE" } = (await readStack(target, signal, stackId)) ?? {};
      if (isAtRest(status)) return { status, failure };
    }
    await target.clock.sleep(target.pollMs, signal);
    signal.throwIfAborted();
  }
}

/** Finds the first failure of the operation that ended last, long after it has ended. */
export async function findFailure(
  target: DeployTarget,
  stackId: string,
  signal: AbortSignal,
): Promise<StackFailure | undefined> {
  const start = await startOfOperation(target, stackId, signal);
  const events = await eventsSince(target, stackId, start, signal);
  return events.map(failureOf).find((failure) => failure !== undefined);
}

/** Tells whether CloudFormation does nothing with a stack of this status. */
export function isAtRest(status: string): boolean {
  return !status.endsWith("_IN_PROGRESS") || status === "REVIEW_IN_PROGRESS";
}

function progressOf(event: StackEvent): Progress {
  return {
    kind: "resource",
    atMs: event.Timestamp?.getTime() ?? 0,
    logicalId: event.LogicalResourceId ?? "",
    type: event.ResourceType ?? "",
    status: event.ResourceStatus ?? "",
    reason: event.ResourceStatusReason === "" ? undefined : event.ResourceStatusReason,
  };
}

/** CloudFormation says twice that it makes a resource: when it begins, and when the resource has a name. */
function isRepeated({ ResourceStatusReason }: StackEvent): boolean {
  return /^Resource creation Initiated$/i.test(ResourceStatusReason ?? "");
}

function failureOf(event: StackEvent): StackFailure | undefined {
  const { ResourceStatus = "", ResourceStatusReason: reason = "" } = event;
  // What was under way when something else failed is cancelled: it did not fail itself.
  if (!ResourceStatus.endsWith("_FAILED") || isOfStack(event) || /cancelled/i.test(reason)) return undefined;
  return { logicalId: event.LogicalResourceId ?? "", type: event.ResourceType ?? "", reason };
}

function isOfStack({ ResourceType, PhysicalResourceId, StackId }: StackEvent): boolean {
  return ResourceType === "AWS::CloudFormation::Stack" && PhysicalResourceId === StackId;
}

async function eventsSince(
  target: DeployTarget,
  stackId: string,
  seen: string | undefined,
  signal: AbortSignal,
): Promise<readonly StackEvent[]> {
  const events: StackEvent[] = [];
  for await (const event of listEvents(target, stackId, signal)) {
    if (event.EventId === seen) break;
    events.push(event);
  }
  return events.toReversed();
}

/** Newest first. */
async function* listEvents(
  { cloudFormation, stack }: DeployTarget,
  stackId: string,
  signal: AbortSignal,
): AsyncGenerator<StackEvent, void> {
  let NextToken: string | undefined;
  do {
    const describe = new DescribeStackEventsCommand({ StackName: stackId, NextToken });
    const page = await explain(
      `read what happens with the stack ${stack}`,
      cloudFormation.send(describe, { abortSignal: signal }),
    );
    yield* page.StackEvents ?? [];
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
}
