import { resolve } from "node:path";
import { exitCodes } from "../../core/errors.ts";
import { makeReportPage } from "../../local/reportPage.ts";
import type { Command } from "../command.ts";
import { tellFiles } from "../conclude.ts";
import { engineOptions } from "../engines.ts";
import { openResult } from "../openResult.ts";
import { formatOption, writeJson } from "../output.ts";
import { writeText } from "../resultFiles.ts";

/** `loadfleet report RUN`: the result as one HTML file. */
export const reportCommand: Command = {
  name: "report",
  summary: "Write a result as one HTML file that can be mailed",
  details: "RUN is an id, its beginning, the word last, or the path of a result.json.",
  operands: { usage: "RUN", fewest: 1, most: 1, completes: "runs" },
  options: [
    { name: "out", value: "FILE", completes: "files", summary: "Where to write it; report.html without it" },
    ...engineOptions,
    formatOption("text", "json"),
  ],
  examples: [
    { line: "loadfleet report last", explains: "the latest run, into report.html" },
    {
      line: "loadfleet report result.json --out checkout.html",
      explains: "a merged result, into a file of your choice",
    },
  ],
  run: async (args, context) => {
    const result = await openResult(args, context);
    const path = resolve(context.cwd, args.text("out") ?? "report.html");
    await writeText(path, makeReportPage(result, await context.readReportAssets()));
    if (args.text("format") === "json") writeJson(context.stdout, { schema: "loadfleet.report.v1", path });
    else tellFiles([path], context);
    return exitCodes.passed;
  },
};
