import { resolve } from "node:path";
import { exitCodes } from "../../core/errors.ts";
import type { Command } from "../command.ts";
import { tellFiles, writeConclusion } from "../conclude.ts";
import { mergeFiles } from "../mergeFiles.ts";
import { formatOption } from "../output.ts";
import { writeText } from "../resultFiles.ts";

/** `loadfleet merge REPORT...`: task reports into one result, without the run that they come from. */
export const mergeCommand: Command = {
  name: "merge",
  summary: "Merge the reports of tasks into one result",
  details:
    "Takes task reports and series of one run, as JSON or gzip, in any order. A broken file is named and left out; " +
    "when none can be read, the exit code is 3. There are no criteria beside reports, so the result is not judged.",
  operands: { usage: "REPORT...", fewest: 1, most: Infinity, completes: "files" },
  options: [
    { name: "out", value: "FILE", completes: "files", summary: "Write the result as JSON into this file" },
    formatOption("text", "json"),
  ],
  examples: [
    { line: "loadfleet merge task-*.json.gz series-*.json.gz", explains: "show what the tasks measured together" },
    { line: "loadfleet merge task-*.json.gz --out result.json", explains: "and keep it" },
    { line: "loadfleet report result.json", explains: "then as a page" },
  ],
  run: async (args, context) => {
    const { stderr, cwd, version } = context;
    const { result, broken } = await mergeFiles(args.operands, cwd, version);
    for (const { file, fault } of broken) stderr.write(`Left out ${file}: ${fault}\n`);
    if (result === undefined) {
      stderr.write("None of the files holds a report that can be read.\n");
      return exitCodes.runFailed;
    }
    writeConclusion(result, args.text("format"), context);
    const out = args.text("out");
    if (out !== undefined) {
      const path = resolve(cwd, out);
      await writeText(path, `${JSON.stringify(result)}\n`);
      tellFiles([path], context);
    }
    return exitCodes.passed;
  },
};
