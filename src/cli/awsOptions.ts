import { UserError } from "../core/errors.ts";
import type { Connection } from "../aws/clients.ts";
import type { Arguments } from "./arguments.ts";
import type { Option } from "./command.ts";
import type { Context } from "./context.ts";

/** Name of the stack when nobody says otherwise. */
const defaultStack = "loadfleet";

// The stack's functions are named after it, and a function's name has at most 64 characters.
const stackPattern = /^[A-Za-z][-A-Za-z0-9]{0,43}$/;

/** Options of every command that works with a stack in AWS. */
export const awsOptions: readonly Option[] = [
  { name: "profile", value: "PROFILE", summary: "Profile of the AWS configuration; AWS_PROFILE without it" },
  { name: "region", value: "REGION", summary: "Region of the stack; that of the profile or AWS_REGION without it" },
  { name: "stack", value: "STACK", summary: `Name of the stack; ${defaultStack} without it` },
];

/** The stack that a command line means. */
export interface AwsChoice {
  readonly profile?: string;
  readonly region?: string;
  readonly stack: string;
}

/** Reads the options of {@link awsOptions}. @throws {UserError} `bad-stack-name` */
export function readAwsChoice(args: Arguments): AwsChoice {
  const profile = args.text("profile");
  const region = args.text("region");
  const stack = args.text("stack") ?? defaultStack;
  if (!stackPattern.test(stack)) {
    throw new UserError("bad-stack-name", `The name "${stack}" cannot be that of a stack.`, {
      hint: "Write a letter, then letters, digits and dashes: at most 44 characters.",
    });
  }
  return { ...(profile === undefined ? {} : { profile }), ...(region === undefined ? {} : { region }), stack };
}

/** Finds credentials and region for a choice; a profile with MFA asks for its code. @throws {UserError} kind `environment` */
export async function connectToAws({ profile, region }: AwsChoice, context: Context): Promise<Connection> {
  // The SDK is loaded only by the commands that need it.
  const { connect } = await import("../aws/credentials.ts");
  const mfa = async (serial: string): Promise<string> => {
    const code = await context.ask?.(`Code of the MFA device ${serial}: `, context.interrupted);
    if (code !== undefined) return code.trim();
    throw new UserError("mfa-needs-terminal", `The profile needs a code of the MFA device ${serial}.`, {
      hint: "Run the command in a terminal, where it can ask for the code.",
      kind: "environment",
    });
  };
  return connect(
    { ...(profile === undefined ? {} : { profile }), ...(region === undefined ? {} : { region }), mfa },
    context.env,
  );
}
