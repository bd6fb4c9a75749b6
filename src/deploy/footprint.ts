import { ListStackResourcesCommand, type StackResourceSummary } from "@aws-sdk/client-cloudformation";
import { explain } from "../aws/awsErrors.ts";
import { functionNames } from "../core/stack/names.ts";
import { assetBucketName } from "./assetBucket.ts";
import type { DeployedStack } from "./deployedStack.ts";
import type { DeployTarget } from "./target.ts";

/** What a stack has made, by its names, as far as it outlives or hinders the deletion of the stack. */
export interface Footprint {
  /** How many resources CloudFormation knows. */
  readonly resources: number;
  readonly buckets: readonly string[];
  readonly repositories: readonly string[];
  readonly tables: readonly string[];
  readonly clusters: readonly string[];
  readonly stateMachines: readonly string[];
  readonly userPools: readonly string[];
  /** Ids. */
  readonly distributions: readonly string[];
  /** Names of families, without revisions. */
  readonly taskFamilies: readonly string[];
  /** Log groups of the stack, and those that its functions and builds make by themselves. */
  readonly logGroups: readonly string[];
  readonly assetBucket: string;
}

/** Reads what the stack has made; without a stack, the names that every stack of this name has. */
export async function readFootprint(
  target: DeployTarget,
  stack: DeployedStack | undefined,
  signal: AbortSignal,
): Promise<Footprint> {
  const resources = stack === undefined ? [] : await listResources(target, stack.id, signal);
  const left = resources.filter(({ ResourceStatus }) => ResourceStatus !== "DELETE_COMPLETE");
  const of = (type: string): readonly string[] =>
    left.flatMap(({ ResourceType, PhysicalResourceId: id = "" }) => (ResourceType === type && id !== "" ? [id] : []));
  const families = of("AWS::ECS::TaskDefinition").map((arn) => arn.split("/").at(-1)?.split(":")[0] ?? "");
  return {
    resources: left.length,
    buckets: of("AWS::S3::Bucket"),
    repositories: of("AWS::ECR::Repository"),
    tables: of("AWS::DynamoDB::Table"),
    clusters: of("AWS::ECS::Cluster"),
    stateMachines: of("AWS::StepFunctions::StateMachine"),
    userPools: of("AWS::Cognito::UserPool"),
    distributions: of("AWS::CloudFront::Distribution"),
    taskFamilies: [...new Set(families)].filter((family) => family !== ""),
    logGroups: [...new Set([...of("AWS::Logs::LogGroup"), ...ownLogGroups(target.stack, of)])],
    assetBucket: assetBucketName(target),
  };
}

/** What CloudFormation has left of a stack that it has deleted: resources that it was told to keep, or could not delete. */
export async function listKept(
  target: DeployTarget,
  stackId: string,
  signal: AbortSignal,
): Promise<readonly { readonly type: string; readonly id: string }[]> {
  const resources = await listResources(target, stackId, signal);
  return resources
    .filter(({ ResourceStatus, PhysicalResourceId }) => ResourceStatus !== "DELETE_COMPLETE" && PhysicalResourceId)
    .map(({ ResourceType: type = "", PhysicalResourceId: id = "" }) => ({ type, id }));
}

/** Log groups that AWS makes when something first writes, so that CloudFormation does not know them. */
function ownLogGroups(stack: string, of: (type: string) => readonly string[]): readonly string[] {
  return [
    ...functionNames.map((name) => `/aws/lambda/${stack}-${name}`),
    ...of("AWS::Lambda::Function").map((name) => `/aws/lambda/${name}`),
    ...of("AWS::CodeBuild::Project").map((name) => `/aws/codebuild/${name}`),
    `/aws/ecs/containerinsights/${stack}/performance`,
    `/aws/vendedlogs/states/${stack}-runs`,
    `/loadfleet/${stack}/image`,
    `/loadfleet/${stack}/tasks`,
  ];
}

async function listResources(
  { cloudFormation, stack }: DeployTarget,
  StackName: string,
  signal: AbortSignal,
): Promise<readonly StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  let NextToken: string | undefined;
  do {
    const list = new ListStackResourcesCommand({ StackName, NextToken });
    const page = await explain(
      `list what the stack ${stack} consists of`,
      cloudFormation.send(list, { abortSignal: signal }),
    );
    found.push(...(page.StackResourceSummaries ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}
