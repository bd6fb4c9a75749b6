import { withAftermath } from "./aftermath.ts";
import { collectRun } from "./collectRun.ts";
import { makeHandler } from "./invocation.ts";
import { lambdaClock } from "./lambdaClock.ts";
import { describeStep } from "./logLine.ts";
import { decodeMessage } from "./message.ts";
import { openStack } from "./stackPorts.ts";

const name = "results-parser";

/** The function results-parser: merges and judges what the tasks uploaded, and closes the run. */
export const handler = makeHandler(
  name,
  decodeMessage,
  (message, invocation) =>
    collectRun(message, { ports: withAftermath(name, openStack()), clock: lambdaClock }, invocation),
  describeStep,
);
