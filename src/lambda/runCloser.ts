import { makeStepFunctionsClient } from "../aws/stepFunctionsClient.ts";
import { StepFunctionsStarter } from "../aws/stepFunctionsStarter.ts";
import { functionVariables, type StepMessage } from "../core/stack/names.ts";
import { makeMessageOf } from "../fleet/guide.ts";
import { withAftermath } from "./aftermath.ts";
import { decodeCloserEvent, type CloserEvent } from "./closerEvent.ts";
import { closeRun, type CloseParts } from "./closeRun.ts";
import { makeListAlive, makeReadStopped } from "./ecsTasks.ts";
import { readVariable } from "./environment.ts";
import { makeHandler, type InvocationContext, type LogFields } from "./invocation.ts";
import { lambdaClock } from "./lambdaClock.ts";
import { openStack } from "./stackPorts.ts";
import { sendUsageMetrics } from "./usageMetrics.ts";

const name = "run-closer";
const stateMachineArn = readVariable("stateMachine");
const stepFunctions = makeStepFunctionsClient({});

function openParts(signal: AbortSignal): CloseParts {
  const stack = openStack();
  const ports = withAftermath(name, stack);
  const starter = new StepFunctionsStarter({
    client: stepFunctions,
    stateMachineArn,
    messageOf: makeMessageOf(ports),
  });
  // The template sets it only when the owner has switched operational metrics on.
  const endpoint = process.env[functionVariables.usageEndpoint];
  const usage = endpoint
    ? {
        uuid: readVariable("stackUuid"),
        send: (metrics: Parameters<typeof sendUsageMetrics>[1]) => sendUsageMetrics(endpoint, metrics, signal),
      }
    : undefined;
  return {
    ports: { ...ports, starter },
    clock: lambdaClock,
    listAlive: makeListAlive(stack.tasks),
    readStopped: makeReadStopped(stack.tasks),
    usage,
  };
}

function describeEvent(event: CloserEvent): LogFields {
  const runId = event.kind === "message" ? event.message.runId : "runId" in event ? event.runId : undefined;
  return { event: event.kind, runId };
}

const close = makeHandler(
  name,
  decodeCloserEvent,
  (event, invocation) => closeRun(event, openParts(invocation.signal), invocation),
  (event, closed) => ({ ...describeEvent(event), next: closed?.message?.next, ...closed?.log }),
);

/** The function run-closer: whatever has happened to a run, it is closed and none of its tasks is left. */
export async function handler(event: unknown, context: InvocationContext): Promise<StepMessage | null> {
  return (await close(event, context)).message ?? null;
}
