import { stackParameters } from "../core/stack/names.ts";
import type { Proposal } from "../deploy/propose.ts";
import type { Arguments } from "./arguments.ts";
import { awsOptions } from "./awsOptions.ts";
import type { Option } from "./command.ts";
import { formatOption } from "./output.ts";

/** Options of the commands that compare the template with what is deployed. */
export const deployOptions: readonly Option[] = [
  { name: "admin-email", value: "ADDRESS", summary: "Where the invitation to the console goes; needed once" },
  { name: "admin-name", value: "NAME", summary: "User name of the administrator; from the address without it" },
  {
    name: "parameter",
    value: "NAME=VALUE",
    isRepeatable: true,
    summary: "Value of a parameter of the template; the others keep theirs",
  },
  ...awsOptions,
  formatOption("text", "json"),
];

/** Reads the parameters that a command line gives. @throws {UserError} `bad-option-value` */
export function readParameters(args: Arguments): Readonly<Record<string, string>> {
  const email = args.text("admin-email");
  const name = args.text("admin-name");
  return {
    ...args.pairs("parameter"),
    ...(email === undefined ? {} : { [stackParameters.adminEmail]: email }),
    ...(name === undefined ? {} : { [stackParameters.adminName]: name }),
  };
}

/** A comparison as other programs read it. */
export function describeProposal(proposal: Proposal | undefined): object {
  return { changes: proposal?.changes ?? [], parameterChanges: proposal?.parameterChanges ?? [] };
}
