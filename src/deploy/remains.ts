import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CognitoIdentityProviderClient, DescribeUserPoolCommand } from "@aws-sdk/client-cognito-identity-provider";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeClustersCommand, DescribeTaskDefinitionCommand, DescribeTasksCommand } from "@aws-sdk/client-ecs";
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from "@aws-sdk/client-resource-groups-tagging-api";
import { HeadBucketCommand } from "@aws-sdk/client-s3";
import { awsError, explain, isNamed } from "../aws/awsErrors.ts";
import { clientConfig } from "../aws/clients.ts";
import { makeDynamoClient } from "../aws/dynamoClient.ts";
import { makeEcsClient } from "../aws/ecsClient.ts";
import { stackTag } from "../core/stack/names.ts";
import { listKept, type Footprint } from "./footprint.ts";
import { isGone } from "./gone.ts";
import { listImages } from "./leftovers.ts";
import type { DeployTarget } from "./target.ts";

/** Something of a stack that is still there after the stack was destroyed. */
export interface Remainder {
  /** As the service calls it: `s3 bucket`, or CloudFormation's type. */
  readonly what: string;
  /** Its name or ARN. */
  readonly id: string;
  /** How it was found. */
  readonly foundBy: "stack" | "tag" | "name";
}

type Probe = (target: DeployTarget, name: string, signal: AbortSignal) => Promise<boolean>;

/** Kinds of resources that are asked after by name: what the name is in the footprint, and how its service answers. */
const probes = {
  "s3 bucket": async ({ s3 }, Bucket, signal) => {
    await s3.send(new HeadBucketCommand({ Bucket }), { abortSignal: signal });
    return true;
  },
  "log group": async ({ connection }, name, signal) => {
    const client = new CloudWatchLogsClient(clientConfig(connection));
    const list = new DescribeLogGroupsCommand({ logGroupNamePrefix: name });
    const { logGroups = [] } = await client.send(list, { abortSignal: signal });
    return logGroups.some(({ logGroupName }) => logGroupName === name);
  },
  "dynamodb table": async ({ connection }, TableName, signal) => {
    const describe = new DescribeTableCommand({ TableName });
    const { Table } = await makeDynamoClient(connection).send(describe, { abortSignal: signal });
    return Table?.TableStatus !== "DELETING";
  },
  "ecr repository": async (target, name, signal) => (await listImages(target, name, signal)) !== undefined,
  "ecs cluster": async ({ connection }, name, signal) => {
    const describe = new DescribeClustersCommand({ clusters: [name] });
    const { clusters = [] } = await makeEcsClient(connection).send(describe, { abortSignal: signal });
    // A deleted cluster can be described for some time.
    return clusters.some(({ status }) => status !== "INACTIVE");
  },
  "cognito user pool": async ({ connection }, UserPoolId, signal) => {
    const client = new CognitoIdentityProviderClient(clientConfig(connection));
    await client.send(new DescribeUserPoolCommand({ UserPoolId }), { abortSignal: signal });
    return true;
  },
  "ecs task definition": async ({ connection }, taskDefinition, signal) => {
    const describe = new DescribeTaskDefinitionCommand({ taskDefinition });
    const client = makeEcsClient(connection);
    const { taskDefinition: found } = await client.send(describe, { abortSignal: signal });
    return found?.status === "ACTIVE" || found?.status === "INACTIVE";
  },
  "ecs task": async ({ connection }, arn, signal) => {
    const [, , cluster = ""] = /:task\/(([^/]+)\/)?/.exec(arn) ?? [];
    const describe = new DescribeTasksCommand({ cluster, tasks: [arn] });
    const { tasks = [] } = await makeEcsClient(connection).send(describe, { abortSignal: signal });
    // ECS forgets a stopped task by itself within an hour.
    return tasks.some(({ lastStatus }) => lastStatus !== "STOPPED");
  },
} as const satisfies Record<string, Probe>;
type ProbedKind = keyof typeof probes;

/** Where an ARN tells what it belongs to, and which part of it is the name. */
const arnPatterns: readonly (readonly [ProbedKind, RegExp])[] = [
  ["s3 bucket", /:s3:::([^/]+)$/],
  ["log group", /:logs:[^:]*:[^:]*:log-group:([^:]+)/],
  ["dynamodb table", /:dynamodb:[^:]*:[^:]*:table\/([^/]+)$/],
  ["ecr repository", /:ecr:[^:]*:[^:]*:repository\/(.+)$/],
  ["ecs cluster", /:ecs:[^:]*:[^:]*:cluster\/(.+)$/],
  ["cognito user pool", /:cognito-idp:[^:]*:[^:]*:userpool\/(.+)$/],
  ["ecs task definition", /:ecs:[^:]*:[^:]*:task-definition\/(.+)$/],
  ["ecs task", /(arn:[^:]*:ecs:.*:task\/.*)$/],
];

/** Looks for everything of a stack that is still there: what CloudFormation kept, what has its tag, what has its names. */
export async function findRemains(
  target: DeployTarget,
  footprint: Footprint,
  stackId: string | undefined,
  signal: AbortSignal,
): Promise<readonly Remainder[]> {
  const kept = stackId === undefined ? [] : await listKept(target, stackId, signal);
  const found: Remainder[] = kept.map(({ type, id }) => ({ what: type, id, foundBy: "stack" }));
  for (const [what, name] of namesOf(footprint)) {
    if (found.some(({ id }) => id === name)) continue;
    if (await exists(target, what, name, signal)) found.push({ what, id: name, foundBy: "name" });
  }
  for (const arn of await listTagged(target, footprint, signal)) {
    const [what, name] = recognize(arn);
    const isThere = what === undefined || (await exists(target, what, name, signal));
    if (isThere && !found.some(({ id }) => id === name)) found.push({ what: what ?? "", id: arn, foundBy: "tag" });
  }
  return found;
}

function namesOf(footprint: Footprint): readonly (readonly [ProbedKind, string])[] {
  const all: readonly (readonly [ProbedKind, readonly string[]])[] = [
    ["s3 bucket", [...footprint.buckets, footprint.assetBucket]],
    ["log group", footprint.logGroups],
    ["dynamodb table", footprint.tables],
    ["ecr repository", footprint.repositories],
    ["ecs cluster", footprint.clusters],
    ["cognito user pool", footprint.userPools],
  ];
  return all.flatMap(([what, names]) => names.map((name) => [what, name] as const));
}

function recognize(arn: string): readonly [ProbedKind | undefined, string] {
  for (const [what, pattern] of arnPatterns) {
    const name = pattern.exec(arn)?.[1];
    if (name !== undefined) return [what, name];
  }
  return [undefined, arn];
}

async function exists(target: DeployTarget, what: ProbedKind, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    return await probes[what](target, name, signal);
  } catch (error) {
    // ECS has no error of its own for a task definition that it does not know.
    if (isGone(error) || (what === "ecs task definition" && isNamed(error, "ClientException"))) return false;
    throw awsError(error, `see whether the ${what} ${name} is still there`);
  }
}

/** ARNs of everything with the stack's tag; what has no region, as a CloudFront distribution, is listed in the first one. */
async function listTagged(
  target: DeployTarget,
  { distributions }: Footprint,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const arns = new Set<string>();
  const isClassic = target.identity.startsWith("arn:aws:");
  for (const region of new Set([target.region, ...(isClassic ? ["us-east-1"] : [])])) {
    const client = new ResourceGroupsTaggingAPIClient({ ...clientConfig(target.connection), region });
    let PaginationToken: string | undefined;
    do {
      const TagFilters = [{ Key: stackTag, Values: [target.stack] }];
      const page = await explain(
        "list what has the stack's tag",
        client.send(new GetResourcesCommand({ TagFilters, PaginationToken }), { abortSignal: signal }),
      );
      for (const { ResourceARN = "" } of page.ResourceTagMappingList ?? []) {
        // A stack of the same name in another region has the same tag.
        const isOurs = distributions.some((id) => ResourceARN.endsWith(`/${id}`));
        if (region === target.region || isOurs) arns.add(ResourceARN);
      }
      PaginationToken = page.PaginationToken === "" ? undefined : page.PaginationToken;
    } while (PaginationToken !== undefined);
  }
  return [...arns];
}
