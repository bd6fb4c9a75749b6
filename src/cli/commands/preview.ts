import { exitCodes } from "../../core/errors.ts";
import type { Command } from "../command.ts";
import { deployOptions, describeProposal, readParameters } from "../deployOptions.ts";
import { openTarget, showWork } from "../openTarget.ts";
import { writeJson } from "../output.ts";
import { formatProposal } from "../stackText.ts";
import { styleFor } from "../style.ts";

/** `loadfleet preview`: what a deployment would change. */
export const previewCommand: Command = {
  name: "preview",
  summary: "Show what a deployment would change, and change nothing",
  details: "CloudFormation compares the template with what is deployed; everything made for that is removed again.",
  operands: { usage: "", fewest: 0, most: 0, completes: "nothing" },
  options: deployOptions,
  examples: [
    { line: "loadfleet preview", explains: "before an update" },
    { line: "loadfleet preview --parameter MostTasks=20", explains: "what another limit would change" },
    { line: "loadfleet preview --format json | jq .changes", explains: "for other programs" },
  ],
  run: async (args, context) => {
    const { previewStack } = await import("../../deploy/deploy.ts");
    const { readStackAssets } = await import("../../deploy/assets.ts");
    const assets = await readStackAssets(context.stackFolder);
    const target = await openTarget(args, context);
    const request = { assets, parameters: readParameters(args) };
    const work = previewStack(target, request, context.interrupted);
    const proposal = await showWork(work, context, "Nothing was changed.");
    if (args.text("format") === "json") {
      const action = proposal?.action ?? "none";
      const header = { schema: "loadfleet.preview.v1", stack: target.stack, region: target.region, action };
      writeJson(context.stdout, { ...header, ...describeProposal(proposal) });
    } else if (proposal === undefined) {
      context.stdout.write(`Version ${assets.version} is deployed already; nothing would change.\n`);
    } else {
      context.stdout.write(formatProposal(proposal, styleFor(context.stdout)));
    }
    return exitCodes.passed;
  },
};
