import { exitCodes } from "../../core/errors.ts";
import { isFinal, type RunRecord } from "../../core/run/run.ts";
import type { Command } from "../command.ts";
import { engineFlags, engineOptions, readEngineChoice } from "../engines.ts";
import { findRun } from "../findRun.ts";
import { formatOption, writeJson } from "../output.ts";

/** `loadfleet stop RUN`: asks a run for a graceful end. */
export const stopCommand: Command = {
  name: "stop",
  summary: "End a run gracefully; the figures so far are kept",
  operands: { usage: "RUN", fewest: 1, most: 1, completes: "runs" },
  options: [...engineOptions, formatOption("text", "json")],
  examples: [{ line: "loadfleet stop last", explains: "the latest run" }],
  run: async (args, context) => {
    const engine = await context.openEngine(readEngineChoice(args));
    const isJson = args.text("format") === "json";
    const run = await findRun(engine, args.operands[0] ?? "", context.interrupted);
    if (isFinal(run.status)) {
      context.stderr.write(`The run ${run.runId} has ended already: ${run.status}.\n`);
      if (isJson) writeJson(context.stdout, stopped(run, false));
      return exitCodes.passed;
    }
    await engine.stop(run.runId, 'It was stopped with "loadfleet stop".', context.interrupted);
    context.stderr.write(
      `The run ${run.runId} ends within seconds; "loadfleet watch last${engineFlags(args)}" shows how.\n`,
    );
    if (isJson) writeJson(context.stdout, stopped(run, true));
    return exitCodes.passed;
  },
};

function stopped({ runId, status }: RunRecord, isAsked: boolean): unknown {
  return { schema: "loadfleet.stop.v1", runId, statusBefore: status, isAsked };
}
