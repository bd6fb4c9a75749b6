import { exitCodes } from "../../core/errors.ts";
import type { Command } from "../command.ts";
import { engineOptions, readEngineChoice } from "../engines.ts";
import { findRun } from "../findRun.ts";
import { formatOption, writeJson } from "../output.ts";

/** `loadfleet delete RUN...`: removes runs with everything that is kept of them. */
export const deleteCommand: Command = {
  name: "delete",
  summary: "Delete runs with everything that is kept of them",
  operands: { usage: "RUN...", fewest: 1, most: Infinity, completes: "runs" },
  options: [...engineOptions, formatOption("text", "json")],
  examples: [
    { line: "loadfleet delete last", explains: "the latest run" },
    {
      line: "loadfleet runs --test shop --limit 1000 --format ids | xargs loadfleet delete",
      explains: "all of a test",
    },
  ],
  run: async (args, { openEngine, stdout, stderr, interrupted }) => {
    const engine = await openEngine(readEngineChoice(args));
    // All are found before one is deleted: "last" twice is one run, and a wrong name deletes nothing.
    const runs = new Map<string, Awaited<ReturnType<typeof findRun>>>();
    for (const name of args.operands) {
      const run = await findRun(engine, name, interrupted);
      runs.set(run.runId, run);
    }
    for (const { runId, name } of runs.values()) {
      await engine.delete(runId, interrupted);
      stderr.write(`Deleted run ${runId} of ${name}.\n`);
    }
    if (args.text("format") === "json") writeJson(stdout, { schema: "loadfleet.deleted.v1", runIds: [...runs.keys()] });
    return exitCodes.passed;
  },
};
