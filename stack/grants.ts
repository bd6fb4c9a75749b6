import { Aws } from "aws-cdk-lib";
import type { CfnProject } from "aws-cdk-lib/aws-codebuild";
import { stackTag } from "../src/core/stack/names.ts";
import { allow, allowUnscoped, arn, type Statement } from "./access.ts";
import type { Data } from "./data.ts";
import type { Fleet } from "./fleet.ts";

// What functions and people may do with a part of the stack: each function here is one ability.

const tableReads = ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"];
const tableWrites = [
  "dynamodb:BatchWriteItem",
  "dynamodb:ConditionCheckItem",
  "dynamodb:DeleteItem",
  "dynamodb:PutItem",
  "dynamodb:UpdateItem",
];

/** Reading everything in the table. */
export function readTable({ table }: Data): Statement {
  return allow(tableReads, [table.attrArn, `${table.attrArn}/index/*`]);
}

/** Changing what is in the table; transactions need the rights of their parts. */
export function writeTable({ table }: Data): Statement {
  return allow(tableWrites, [table.attrArn]);
}

/** Actions on objects of the scenarios bucket below these prefixes. */
export function onObjects({ scenarios }: Data, actions: readonly string[], prefixes: readonly string[]): Statement {
  return allow(
    actions,
    prefixes.map((prefix) => `${scenarios.attrArn}/${prefix}*`),
  );
}

/** Listing the scenarios bucket; without it S3 says "denied" of a key that does not exist. */
export function listObjects({ scenarios }: Data): Statement {
  return allow(["s3:ListBucket"], [scenarios.attrArn]);
}

/** Looking at the tasks of the cluster. */
export function readTasks({ cluster }: Fleet): readonly Statement[] {
  return [
    allowUnscoped(["ecs:ListTasks"], inCluster(cluster.attrArn)),
    allow(["ecs:DescribeTasks"], [tasksOf(cluster.ref)]),
  ];
}

/** Stopping tasks of the cluster. */
export function stopTasks({ cluster }: Fleet): Statement {
  return allow(["ecs:StopTask"], [tasksOf(cluster.ref)]);
}

/** Running tasks of the stack's definition in its cluster, with its roles and its tag. */
export function runTasks({ cluster, taskRole, executionRole }: Fleet): readonly Statement[] {
  return [
    allow(["ecs:RunTask"], [arn("ecs", `task-definition/${Aws.STACK_NAME}:*`)], inCluster(cluster.attrArn)),
    allow(["ecs:TagResource"], [tasksOf(cluster.ref)], { StringEquals: { "ecs:CreateAction": "RunTask" } }),
    allow(["iam:PassRole"], [taskRole.attrArn, executionRole.attrArn], {
      StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" },
    }),
  ];
}

/** Reading the secrets that scenarios name: parameters below /loadfleet, and secrets with the stack's tag. */
export function readSecrets(): readonly Statement[] {
  const services = ["ssm", "secretsmanager"].map((service) => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`);
  return [
    allow(["ssm:GetParameter", "ssm:GetParameters"], [arn("ssm", "parameter/loadfleet/*")]),
    allow(["secretsmanager:GetSecretValue"], [arn("secretsmanager", "secret:*")], {
      StringEquals: { [`aws:ResourceTag/${stackTag}`]: Aws.STACK_NAME },
    }),
    // Only for keys of the owner's, and only to open what the two statements above give.
    allow(["kms:Decrypt"], [arn("kms", "key/*")], { StringEquals: { "kms:ViaService": services } }),
  ];
}

/** Looking at the image and at what builds it. */
export function readImage({ repository }: Fleet, project: CfnProject): readonly Statement[] {
  return [
    allow(["ecr:DescribeImages"], [repository.attrArn]),
    allow(["codebuild:BatchGetBuilds", "codebuild:ListBuildsForProject"], [project.attrArn]),
  ];
}

function inCluster(clusterArn: string): Statement["Condition"] {
  return { ArnEquals: { "ecs:cluster": clusterArn } };
}

function tasksOf(cluster: string): string {
  return arn("ecs", `task/${cluster}/*`);
}
