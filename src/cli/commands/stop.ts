import { exitCodes } from "../../core/errors.ts";
import { isFinal } from "../../core/run/run.ts";
import type { Command } from "../command.ts";
import { findRun } from "../findRun.ts";

/** `loadfleet stop RUN`: asks a run for a graceful end. */
export const stopCommand: Command = {
  name: "stop",
  summary: "End a run gracefully; the figures so far are kept",
  operands: { usage: "RUN", fewest: 1, most: 1, completes: "runs" },
  options: [],
  examples: [{ line: "loadfleet stop last", explains: "the latest run" }],
  run: async (args, context) => {
    const engine = context.openEngine();
    const run = await findRun(engine, args.operands[0] ?? "", context.interrupted);
    if (isFinal(run.status)) {
      context.stderr.write(`The run ${run.runId} has ended already: ${run.status}.\n`);
      return exitCodes.passed;
    }
    await engine.stop(run.runId, 'It was stopped with "loadfleet stop".', context.interrupted);
    context.stderr.write(`The run ${run.runId} ends within seconds; "loadfleet watch last" shows how.\n`);
    return exitCodes.passed;
  },
};
