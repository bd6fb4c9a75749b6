import { DescribeStacksCommand, type Stack } from "@aws-sdk/client-cloudformation";
import { explain } from "../aws/awsErrors.ts";
import { UserError } from "../core/errors.ts";
import { stackOutputs, stackTag } from "../core/stack/names.ts";
import type { DeployTarget } from "./target.ts";

/** A stack as CloudFormation describes it. */
export interface DeployedStack {
  readonly name: string;
  readonly id: string;
  /** As CloudFormation writes it: `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly statusReason: string | undefined;
  /** Made by this tool: it carries our tag, or the output with our version. */
  readonly isOurs: boolean;
  /** Version of the product that it was deployed from; undefined while it has no outputs. */
  readonly version: string | undefined;
  readonly outputs: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  /** As CloudFormation writes it: `NOT_CHECKED`, `IN_SYNC`, `DRIFTED`. */
  readonly drift: string;
}

/** Reads the stack by its name, or by its id when it has been deleted; undefined when there is none. */
export async function readStack(
  { cloudFormation, stack, region }: DeployTarget,
  signal: AbortSignal,
  id: string = stack,
): Promise<DeployedStack | undefined> {
  try {
    const call = cloudFormation.send(new DescribeStacksCommand({ StackName: id }), { abortSignal: signal });
    const { Stacks: [found] = [] } = await call;
    return found === undefined ? undefined : describe(found);
  } catch (error) {
    // CloudFormation has no error of its own for this: a ValidationError whose text says so.
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    return explain(`read the stack ${stack} in ${region}`, Promise.reject(error));
  }
}

function describe(found: Stack): DeployedStack {
  const outputs = Object.fromEntries((found.Outputs ?? []).map((it) => [it.OutputKey ?? "", it.OutputValue ?? ""]));
  const parameters = Object.fromEntries(
    (found.Parameters ?? []).map((it) => [it.ParameterKey ?? "", it.ParameterValue ?? ""]),
  );
  const createdAtMs = found.CreationTime?.getTime() ?? 0;
  const version = outputs[stackOutputs.version];
  return {
    name: found.StackName ?? "",
    id: found.StackId ?? "",
    status: found.StackStatus ?? "",
    statusReason: found.StackStatusReason === "" ? undefined : found.StackStatusReason,
    isOurs: version !== undefined || (found.Tags ?? []).some(({ Key }) => Key === stackTag),
    version,
    outputs,
    parameters,
    createdAtMs,
    changedAtMs: found.LastUpdatedTime?.getTime() ?? createdAtMs,
    drift: found.DriftInformation?.StackDriftStatus ?? "NOT_CHECKED",
  };
}

/** Refuses to touch a stack that this tool has not made. @throws {UserError} `foreign-stack` */
export function refuseForeign({ isOurs, name }: DeployedStack, { region }: DeployTarget): void {
  if (isOurs) return;
  throw new UserError("foreign-stack", `The stack "${name}" in ${region} was not made by loadfleet.`, {
    hint: "It is left alone. Choose another name with --stack, or another region with --region.",
    kind: "environment",
  });
}

/** Says that there is no stack. */
function noStack({ stack, region }: DeployTarget): UserError {
  return new UserError("no-stack", `There is no stack "${stack}" in ${region}.`, {
    hint: 'Make it with "loadfleet deploy", or name another one with --stack and --region.',
    kind: "environment",
  });
}

/** Reads a stack that has to be there and to be ours. @throws {UserError} `no-stack`, `foreign-stack` */
export async function needStack(target: DeployTarget, signal: AbortSignal): Promise<DeployedStack> {
  const found = await readStack(target, signal);
  if (found === undefined) throw noStack(target);
  refuseForeign(found, target);
  return found;
}
