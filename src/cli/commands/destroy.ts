import { resolve } from "node:path";
import { exitCodes, UserError } from "../../core/errors.ts";
import type { Agreement, Demolition } from "../../deploy/destroy.ts";
import type { Arguments } from "../arguments.ts";
import { awsOptions } from "../awsOptions.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { openTarget, showWork } from "../openTarget.ts";
import { formatOption, writeJson } from "../output.ts";
import { formatDemolition, formatRemains } from "../stackText.ts";
import { styleFor } from "../style.ts";

/** `loadfleet destroy`: deletes the stack with everything in it, and proves that nothing remains. */
export const destroyCommand: Command = {
  name: "destroy",
  summary: "Delete the stack with everything in it, and prove that nothing remains",
  details:
    "Shows what it will delete and asks before it does. Runs are stopped first; with --keep-results all figures are " +
    "downloaded before anything is deleted. It may be interrupted and repeated. Exit code 4 when something remains.",
  operands: { usage: "", fewest: 0, most: 0, completes: "nothing" },
  options: [
    { name: "keep-results", value: "FOLDER", completes: "folders", summary: "Download results and scenarios first" },
    { name: "yes", summary: "Agree to all of it unasked" },
    ...awsOptions,
    formatOption("text", "json"),
  ],
  examples: [
    { line: "loadfleet destroy", explains: "after a question" },
    { line: "loadfleet destroy --keep-results results", explains: "with all results downloaded first" },
    { line: "loadfleet destroy --yes --format json", explains: "in CI" },
  ],
  run: async (args, context) => {
    const { destroyStack } = await import("../../deploy/destroy.ts");
    const target = await openTarget(args, context);
    const { outcome, remains } = await showWork(
      destroyStack(target, (demolition) => agree(demolition, args, context), context.interrupted),
      context,
      'What is under way goes on; "loadfleet destroy" goes on where it was.',
    );
    const { stdout, stderr } = context;
    if (args.text("format") === "json") {
      const { stack, region } = target;
      writeJson(stdout, { schema: "loadfleet.destroy.v1", stack, region, outcome, remains });
    } else if (outcome === "declined") {
      stderr.write("Nothing was deleted.\n");
    } else {
      if (outcome === "absent") stdout.write(`There is no stack "${target.stack}" in ${target.region}.\n`);
      stdout.write(formatRemains(remains, styleFor(stdout)));
    }
    if (outcome === "declined") return exitCodes.cancelled;
    return remains.length === 0 ? exitCodes.passed : exitCodes.environment;
  },
};

async function agree(demolition: Demolition, args: Arguments, context: Context): Promise<Agreement> {
  const { stderr, ask, interrupted, cwd } = context;
  stderr.write(formatDemolition(demolition, styleFor(stderr)));
  const folder = args.text("keep-results");
  const keep = (path: string): Agreement => ({ isAgreed: true, keepResultsIn: resolve(cwd, path) });
  if (args.has("yes")) return folder === undefined ? { isAgreed: true } : keep(folder);
  if (ask === undefined) {
    throw new UserError("review-needs-terminal", "Nobody is here to agree to this, so nothing was deleted.", {
      hint: "Add --yes to agree to it unasked.",
    });
  }
  const answer = await ask("Type the stack's name to delete it: ", interrupted);
  if (answer.trim() !== demolition.stack) return { isAgreed: false };
  if (folder !== undefined) return keep(folder);
  if (!demolition.canKeepResults) return { isAgreed: true };
  const wanted = await ask("Folder to download the results to first (Enter: keep none): ", interrupted);
  return wanted.trim() === "" ? { isAgreed: true } : keep(wanted.trim());
}
