import { CloudFormationClient, DescribeStacksCommand, type Stack as Described } from "@aws-sdk/client-cloudformation";
import { UserError } from "../core/errors.ts";
import { decodeCaps } from "../core/stack/caps.ts";
import { stackOutputs, stackParameters, type Architecture, type Caps } from "../core/stack/names.ts";
import { awsError, explain, isNamed } from "./awsErrors.ts";
import { clientConfig, type Connection } from "./clients.ts";

/** A deployed stack as its outputs and parameters describe it. */
export interface Stack {
  readonly name: string;
  readonly region: string;
  /** CloudFormation's status, for example `UPDATE_COMPLETE`. */
  readonly status: string;
  readonly version: string;
  readonly table: string;
  readonly bucket: string;
  readonly stateMachine: string;
  readonly cluster: string;
  readonly taskDefinition: string;
  readonly repository: string;
  readonly buildProject: string;
  readonly logGroup: string;
  readonly architecture: Architecture;
  readonly caps: Caps;
  /** Ids; empty when the stack does not tell. */
  readonly subnets: readonly string[];
  readonly hasPublicIp: boolean;
}

/** What CloudFormation says of a stack, as far as it is read here. */
type Description = Pick<Described, "Outputs" | "Parameters"> & { readonly StackStatus: string | undefined };

/** Asks CloudFormation for a stack. @throws {UserError} `no-stack`, `stack-unfinished`, `stack-foreign`, and those of credentials and network */
export async function findStack(name: string, connection: Connection, signal: AbortSignal): Promise<Stack> {
  const client = new CloudFormationClient(clientConfig(connection));
  try {
    const region = await explain(`find the stack "${name}"`, client.config.region());
    const described = await describe(client, name, region, signal);
    return decodeStack(described, name, region);
  } finally {
    client.destroy();
  }
}

async function describe(
  client: CloudFormationClient,
  name: string,
  region: string,
  signal: AbortSignal,
): Promise<Described> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }), { abortSignal: signal });
    const [stack] = Stacks ?? [];
    if (stack !== undefined) return stack;
  } catch (error) {
    // CloudFormation answers a name that does not exist with an error of validation.
    if (!isNamed(error, "ValidationError") || !String(error).includes("does not exist"))
      throw awsError(error, `read the stack "${name}" in ${region}`);
  }
  throw new UserError("no-stack", `There is no stack "${name}" in ${region}.`, {
    kind: "environment",
    hint: 'Deploy it with "loadfleet deploy", or name the right one with --stack, --region and --profile.',
  });
}

/** Reads what a stack tells of itself. @throws {UserError} `stack-unfinished`, `stack-foreign` */
export function decodeStack(described: Description, name: string, region: string): Stack {
  const status = described.StackStatus ?? "";
  if (/^(CREATE_IN_PROGRESS|REVIEW_IN_PROGRESS|ROLLBACK_|CREATE_FAILED|DELETE_)/.test(status)) {
    throw new UserError("stack-unfinished", `The stack "${name}" in ${region} cannot be used: it is ${status}.`, {
      kind: "environment",
      hint: 'See what became of it with "loadfleet status"; "loadfleet deploy" goes on from there.',
    });
  }
  const outputs = new Map((described.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  const parameters = new Map(
    (described.Parameters ?? []).map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
  );
  const need = (key: keyof typeof stackOutputs): string => {
    const value = outputs.get(stackOutputs[key]);
    if (value !== undefined) return value;
    throw new UserError(
      "stack-foreign",
      `The stack "${name}" in ${region} is none of Loadfleet's: it has no output ${stackOutputs[key]}.`,
      {
        kind: "environment",
        hint: "Name the right one with --stack, --region and --profile.",
      },
    );
  };
  return {
    name,
    region,
    status,
    version: need("version"),
    table: need("table"),
    bucket: need("scenariosBucket"),
    stateMachine: need("stateMachine"),
    cluster: need("cluster"),
    taskDefinition: need("taskDefinition"),
    repository: need("repository"),
    buildProject: need("buildProject"),
    logGroup: need("logGroup"),
    architecture: need("architecture") === "x86_64" ? "x86_64" : "arm64",
    caps: decodeCaps(need("caps")),
    subnets: (outputs.get(stackOutputs.subnets) ?? "").split(",").filter((id) => id !== ""),
    hasPublicIp: parameters.get(stackParameters.publicIp) !== "false",
  };
}
