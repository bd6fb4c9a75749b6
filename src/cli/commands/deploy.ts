import { exitCodes, UserError } from "../../core/errors.ts";
import { stackOutputs } from "../../core/stack/names.ts";
import { losingChanges } from "../../deploy/changes.ts";
import type { DeployOutcome } from "../../deploy/deploy.ts";
import type { Proposal } from "../../deploy/propose.ts";
import type { Arguments } from "../arguments.ts";
import type { Command } from "../command.ts";
import type { Context } from "../context.ts";
import { deployOptions, describeProposal, readParameters } from "../deployOptions.ts";
import { openTarget, showWork } from "../openTarget.ts";
import { writeJson } from "../output.ts";
import { formatProposal } from "../stackText.ts";
import { styleFor } from "../style.ts";

/** `loadfleet deploy`: makes the stack, or brings it up to date. */
export const deployCommand: Command = {
  name: "deploy",
  summary: "Deploy the stack to your AWS account, or bring it up to date",
  details:
    "Shows what would change and asks before anything does. It may be interrupted and repeated at any time: what is " +
    "under way is followed to its end. When it fails, CloudFormation puts everything back and the first reason is said.",
  operands: { usage: "", fewest: 0, most: 0, completes: "nothing" },
  options: [
    ...deployOptions,
    { name: "yes", summary: "Agree to the changes unasked, as in CI; not to the loss of data" },
    { name: "allow-loss", summary: "Agree unasked to the loss of data as well" },
  ],
  examples: [
    { line: "loadfleet deploy --admin-email you@example.com", explains: "the first time" },
    { line: "loadfleet deploy --profile dev --region eu-west-1", explains: "an update, with a profile" },
    { line: "loadfleet deploy --parameter MostTasks=20", explains: "another limit" },
    { line: "loadfleet deploy --yes --format json | jq .outputs.ConsoleUrl", explains: "in CI" },
  ],
  run: async (args, context) => {
    const { deployStack } = await import("../../deploy/deploy.ts");
    const { readStackAssets } = await import("../../deploy/assets.ts");
    const assets = await readStackAssets(context.stackFolder);
    const target = await openTarget(args, context);
    const review = (proposal: Proposal): Promise<boolean> => agree(proposal, args, context);
    const request = { assets, parameters: readParameters(args), review };
    const outcome = await showWork(
      deployStack(target, request, context.interrupted),
      context,
      'Whatever CloudFormation has begun goes on; "loadfleet deploy" follows it to its end.',
    );
    tell(outcome, args, context);
    return outcome.outcome === "declined" ? exitCodes.cancelled : exitCodes.passed;
  },
};

async function agree(proposal: Proposal, args: Arguments, context: Context): Promise<boolean> {
  const { stderr, ask, interrupted } = context;
  stderr.write(formatProposal(proposal, styleFor(stderr)));
  const losing = losingChanges(proposal.changes);
  if (args.has("yes") && (losing.length === 0 || args.has("allow-loss"))) return true;
  if (ask === undefined) {
    const names = losing.map(({ logicalId }) => logicalId).join(", ");
    throw losing.length > 0 && args.has("yes")
      ? new UserError("loss-not-agreed", `The deployment would lose data (${names}), and nobody is here to agree.`, {
          hint: "Deploy from a terminal, or add --allow-loss to --yes.",
        })
      : new UserError("review-needs-terminal", "Nobody is here to agree to the changes, so nothing was deployed.", {
          hint: "Add --yes to agree to them unasked.",
        });
  }
  if (losing.length === 0) return /^y(es)?$/i.test((await ask("Deploy this? [y/N] ", interrupted)).trim());
  const answer = await ask(`Data may be lost. Type the stack's name to deploy this all the same: `, interrupted);
  return answer.trim() === proposal.stack;
}

function tell({ outcome, proposal, stack }: DeployOutcome, args: Arguments, { stdout, stderr }: Context): void {
  if (args.text("format") === "json") {
    const { name = null, status = null, version = null, outputs = {} } = stack ?? {};
    const deployed = { stack: name, status, version, outputs };
    writeJson(stdout, { schema: "loadfleet.deploy.v1", outcome, ...deployed, ...describeProposal(proposal) });
    return;
  }
  if (outcome === "declined") stderr.write("Nothing was deployed.\n");
  else if (stack !== undefined) stdout.write(`${sentences(outcome, stack.version, stack.outputs).join("\n")}\n`);
}

function sentences(
  outcome: DeployOutcome["outcome"],
  version: string | undefined,
  outputs: Readonly<Record<string, string>>,
): readonly string[] {
  const console = outputs[stackOutputs.consoleUrl];
  const address = console === undefined ? [] : [`Console: ${console}`];
  if (outcome === "unchanged") return [`Version ${version} is deployed already; nothing had to change.`, ...address];
  if (outcome === "updated") return [`Version ${version} is deployed.`, ...address];
  return [
    `Version ${version} is deployed. The invitation to the console is on its way to the administrator.`,
    ...address,
    'The image of the tasks is being built now, which takes some minutes: "loadfleet status" shows it.',
    'Then: loadfleet run FILE --on aws. "loadfleet destroy" removes everything.',
  ];
}
