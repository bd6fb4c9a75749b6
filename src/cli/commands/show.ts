import { exitCodes } from "../../core/errors.ts";
import type { Command } from "../command.ts";
import { tellFiles, writeConclusion } from "../conclude.ts";
import { engineOptions } from "../engines.ts";
import { openOutcome, openResult } from "../openResult.ts";
import { formatOption } from "../output.ts";
import { prepareResultFiles, resultFileOptions } from "../resultFiles.ts";

/** `loadfleet show RUN`: a result again, and into files. */
export const showCommand: Command = {
  name: "show",
  summary: "Show the result of a run again, or write it into files",
  details: "RUN is an id, its beginning, the word last, or the path of a result.json.",
  operands: { usage: "RUN", fewest: 1, most: 1, completes: "runs" },
  options: [...resultFileOptions, ...engineOptions, formatOption("text", "json")],
  examples: [
    { line: "loadfleet show last", explains: "the latest run" },
    { line: "loadfleet show result/result.json", explains: "a result that somebody sent" },
    { line: "loadfleet show last --junit junit.xml --csv figures.csv", explains: "into files" },
  ],
  run: async (args, context) => {
    if (resultFileOptions.some((option) => args.has(option.name))) {
      const result = await openResult(args, context);
      const writeFiles = await prepareResultFiles(args, context);
      writeConclusion(result, args.text("format"), context);
      tellFiles(await writeFiles(result), context);
    } else {
      writeConclusion(await openOutcome(args, context), args.text("format"), context);
    }
    return exitCodes.passed;
  },
};
