import { join, resolve } from "node:path";
import { exitCodes, UserError } from "../../core/errors.ts";
import { formatBytes } from "../../core/results/figures.ts";
import type { Command } from "../command.ts";
import { tellFiles } from "../conclude.ts";
import { engineOptions, readEngineChoice } from "../engines.ts";
import { findRun } from "../findRun.ts";
import { formatOption, writeJson } from "../output.ts";
import { writeBytes } from "../resultFiles.ts";

/** `loadfleet artifacts RUN`: what is kept of a run, and copies of it. */
export const artifactsCommand: Command = {
  name: "artifacts",
  summary: "List the files that are kept of a run, or copy them into a folder",
  details:
    "RUN is an id, its beginning, or the word last. Without NAME all files are meant; a NAME ending in / means all below it.",
  operands: { usage: "RUN [NAME...]", fewest: 1, most: Infinity, completes: "runs" },
  options: [
    { name: "out", value: "DIR", completes: "folders", summary: "Copy the files into this folder" },
    ...engineOptions,
    formatOption("text", "json"),
  ],
  examples: [
    { line: "loadfleet artifacts last", explains: "what there is" },
    { line: "loadfleet artifacts last --out files", explains: "all of it, into files/" },
    { line: "loadfleet artifacts last artifacts/0/ --out files --on aws", explains: "what the first task wrote" },
  ],
  run: async (args, context) => {
    const { stdout, interrupted, cwd } = context;
    const engine = await context.openEngine(readEngineChoice(args));
    const [name = "", ...wanted] = args.operands;
    const run = await findRun(engine, name, interrupted);
    const prefix = `results/${run.testId}/${run.runId}/`;
    const kept = (await engine.artifacts(run.runId, interrupted)).map(({ key, bytes }) => ({
      key,
      name: key.startsWith(prefix) ? key.slice(prefix.length) : key,
      bytes,
    }));
    const chosen = kept.filter((file) => wanted.length === 0 || wanted.some((one) => isMeant(file.name, one)));
    const missing = wanted.find((one) => !kept.some((file) => isMeant(file.name, one)));
    if (missing !== undefined) {
      throw new UserError("no-artifact", `The run ${run.runId} has no file "${missing}".`, {
        hint: `See what it has with "loadfleet artifacts ${name}".`,
      });
    }
    const isJson = args.text("format") === "json";
    const out = args.text("out");
    if (out === undefined) {
      if (isJson) writeJson(stdout, { schema: "loadfleet.artifacts.v1", runId: run.runId, files: chosen });
      else for (const file of chosen) stdout.write(`${formatBytes(file.bytes).padStart(9)}  ${file.name}\n`);
      return exitCodes.passed;
    }
    const written: string[] = [];
    for (const file of chosen) {
      const bytes = await engine.artifact(file.key, interrupted);
      // It was deleted since the listing.
      if (bytes === undefined) continue;
      const path = join(resolve(cwd, out), ...file.name.split("/").filter((part) => part !== ".." && part !== "."));
      await writeBytes(path, bytes);
      written.push(path);
    }
    if (isJson) writeJson(stdout, { schema: "loadfleet.artifacts.v1", runId: run.runId, files: chosen, written });
    else tellFiles(written, context);
    return exitCodes.passed;
  },
};

function isMeant(name: string, wanted: string): boolean {
  return wanted.endsWith("/") ? name.startsWith(wanted) : name === wanted;
}
