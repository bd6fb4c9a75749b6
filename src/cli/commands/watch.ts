import { exitCodes } from "../../core/errors.ts";
import type { Command } from "../command.ts";
import { writeConclusion } from "../conclude.ts";
import { engineOptions, readEngineChoice } from "../engines.ts";
import { findRun } from "../findRun.ts";
import { exitCodeOfRun, followRun } from "../follow.ts";
import { formatOption } from "../output.ts";
import { makeProgress } from "../progress.ts";

/** `loadfleet watch RUN`: shows a run to its end; its exit code is the run's. */
export const watchCommand: Command = {
  name: "watch",
  summary: "Show a run while it goes on, and its result at the end",
  details: "Ctrl-C ends the watching, never the run. As JSON, each event of the run is one line.",
  operands: { usage: "RUN", fewest: 1, most: 1, completes: "runs" },
  options: [...engineOptions, formatOption("text", "json")],
  examples: [
    { line: "loadfleet watch last", explains: "the latest run" },
    { line: "loadfleet watch 01kb4f9w2m --format json", explains: "by the beginning of its id, as lines of JSON" },
  ],
  run: async (args, context) => {
    const { stdout, stderr, interrupted } = context;
    const engine = await context.openEngine(readEngineChoice(args));
    const { runId } = await findRun(engine, args.operands[0] ?? "", interrupted);
    const isJson = args.text("format") === "json";
    const progress = makeProgress(stderr);
    const view = await followRun(
      engine,
      runId,
      (next, event) => {
        if (isJson) stdout.write(`${JSON.stringify(event)}\n`);
        else progress.show(next);
      },
      interrupted,
    );
    progress.end();
    if (view === undefined) return exitCodes.cancelled;
    const result = view.result ?? (await engine.result(runId, interrupted));
    if (!isJson) writeConclusion(result ?? view.run, "text", context);
    return exitCodeOfRun(view.run, result);
  },
};
