import { CloudFormationClient, ListStacksCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient, ListProjectsCommand } from "@aws-sdk/client-codebuild";
import { CognitoIdentityProviderClient, ListUserPoolsCommand } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import { EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import type { Emulator } from "./emulator.ts";

/** Lists what there is in an emulator, each as `kind name`, and the containers of tasks; without regard to any stack. */
export async function takeInventory(emulator: Emulator): Promise<readonly string[]> {
  const config = emulator.clientConfig;
  const lists: Readonly<Record<string, () => Promise<readonly (string | undefined)[]>>> = {
    stack: async () => {
      const { StackSummaries = [] } = await new CloudFormationClient(config).send(new ListStacksCommand({}));
      return StackSummaries.filter((it) => it.StackStatus !== "DELETE_COMPLETE").map((it) => it.StackName);
    },
    bucket: async () =>
      (await new S3Client(config).send(new ListBucketsCommand({}))).Buckets?.map((it) => it.Name) ?? [],
    table: async () => (await new DynamoDBClient(config).send(new ListTablesCommand({}))).TableNames ?? [],
    function: async () =>
      (await new LambdaClient(config).send(new ListFunctionsCommand({}))).Functions?.map((it) => it.FunctionName) ?? [],
    "log group": async () => {
      const { logGroups = [] } = await new CloudWatchLogsClient(config).send(new DescribeLogGroupsCommand({}));
      return logGroups.map((it) => it.logGroupName);
    },
    cluster: async () => (await new ECSClient(config).send(new ListClustersCommand({}))).clusterArns ?? [],
    repository: async () => {
      const { repositories = [] } = await new ECRClient(config).send(new DescribeRepositoriesCommand({}));
      return repositories.map((it) => it.repositoryName);
    },
    "state machine": async () =>
      (await new SFNClient(config).send(new ListStateMachinesCommand({}))).stateMachines?.map((it) => it.name) ?? [],
    "user pool": async () => {
      const list = new ListUserPoolsCommand({ MaxResults: 60 });
      return (await new CognitoIdentityProviderClient(config).send(list)).UserPools?.map((it) => it.Name) ?? [];
    },
    rule: async () =>
      (await new EventBridgeClient(config).send(new ListRulesCommand({}))).Rules?.map((it) => it.Name) ?? [],
    project: async () => (await new CodeBuildClient(config).send(new ListProjectsCommand({}))).projects ?? [],
    network: async () =>
      (await new EC2Client(config).send(new DescribeVpcsCommand({}))).Vpcs?.map((it) => it.VpcId) ?? [],
    container: () => emulator.containers(),
  };
  const found = await Promise.all(
    Object.entries(lists).map(async ([kind, list]) => (await list()).map((name) => `${kind} ${name ?? ""}`)),
  );
  return found.flat().toSorted();
}
