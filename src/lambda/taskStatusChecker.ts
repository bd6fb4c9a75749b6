import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { clientConfig } from "../aws/clients.ts";
import { makePutDistributions } from "./cloudWatchMetrics.ts";
import { makeHandler } from "./invocation.ts";
import { lambdaClock } from "./lambdaClock.ts";
import { describeStep, warn } from "./logLine.ts";
import { decodeMessage } from "./message.ts";
import { openStack } from "./stackPorts.ts";
import { watchRun } from "./watchRun.ts";

const name = "task-status-checker";
const putDistributions = makePutDistributions(new CloudWatchClient(clientConfig({})));
const onMetricsFailure = (sentence: string): void => warn(name, sentence);

/** The function task-status-checker: sees that no other tasks of the test are there, and follows a run. */
export const handler = makeHandler(
  name,
  decodeMessage,
  (message, invocation) => {
    const { ports } = openStack();
    return watchRun(message, { ports, clock: lambdaClock, putDistributions, onMetricsFailure }, invocation);
  },
  describeStep,
);
