import { Aws, type Stack } from "aws-cdk-lib";
import type { CfnProject } from "aws-cdk-lib/aws-codebuild";
import type { CfnUserPool } from "aws-cdk-lib/aws-cognito";
import { CfnManagedPolicy } from "aws-cdk-lib/aws-iam";
import { containerKey } from "../src/core/stack/names.ts";
import { allow, allowUnscoped, arn, policyDocument, type Statement } from "./access.ts";
import type { Data } from "./data.ts";
import type { Fleet } from "./fleet.ts";
import { executionsOf } from "./functions.ts";
import { listObjects, onObjects, readImage, readTable, readTasks, stopTasks, writeTable } from "./grants.ts";

/** What the policies for people's profiles give access to. */
export interface PolicyParts {
  readonly data: Data;
  readonly fleet: Fleet;
  readonly project: CfnProject;
  readonly pool: CfnUserPool;
  readonly stateMachineArn: string;
}

/** Policies for the AWS profiles of people; each holds the ones before it. */
export interface Policies {
  readonly read: CfnManagedPolicy;
  readonly run: CfnManagedPolicy;
  readonly admin: CfnManagedPolicy;
}

// What a test and a run are made of.
const sources = ["bundles/", "plans/", "public/test-scenarios/", "test-scenarios/", "tests/"];

/** Adds the policies that the owner attaches to people's users, groups or roles. */
export function addPolicies(stack: Stack, parts: PolicyParts): Policies {
  const read = readAccess(parts);
  const run = [...read, ...runAccess(parts)];
  const { data } = parts;
  const mayRead = onObjects(data, ["s3:GetObject"], [...sources, "results/"]);
  const mayWrite = onObjects(data, ["s3:PutObject"], sources);
  // One statement for all: what IAM stores of a policy is small.
  const changes = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"];
  const mayDelete = onObjects(data, changes, [...sources, "inbox/", "results/"]);
  const add = (id: string, description: string, statements: readonly Statement[]) =>
    new CfnManagedPolicy(stack, id, { description, policyDocument: policyDocument(statements) });
  return {
    read: add("ReadPolicy", "Loadfleet: looks at tests, runs and results.", [...read, mayRead]),
    run: add("RunPolicy", "Loadfleet: starts and stops runs as well.", [...run, mayRead, mayWrite]),
    admin: add("AdminPolicy", "Loadfleet: deletes results, changes the image and the users as well.", [
      ...run,
      ...adminAccess(parts),
      mayDelete,
    ]),
  };
}

function readAccess({ data, fleet, stateMachineArn }: PolicyParts): readonly Statement[] {
  return [
    // Asked for by its name, a stack is checked as `stack/<name>/*`.
    allow(["cloudformation:DescribeStacks"], [arn("cloudformation", `stack/${Aws.STACK_NAME}/*`)]),
    readTable(data),
    listObjects(data),
    ...readTasks(fleet),
    allow(["logs:FilterLogEvents", "logs:GetLogEvents"], [fleet.logs.attrArn]),
    allow(["states:DescribeExecution"], [executionsOf(stateMachineArn)]),
    allowUnscoped(["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"]),
  ];
}

function runAccess({ data, fleet, project, stateMachineArn }: PolicyParts): readonly Statement[] {
  return [
    writeTable(data),
    allow(["states:StartExecution"], [stateMachineArn]),
    ...readImage(fleet, project),
    allowUnscoped(["ec2:DescribeSubnets", "pricing:GetProducts", "servicequotas:GetServiceQuota"]),
  ];
}

function adminAccess({ data, fleet, pool, stateMachineArn }: PolicyParts): readonly Statement[] {
  return [
    allow(["s3:PutObject"], [`${data.scenarios.attrArn}/${containerKey}`]),
    stopTasks(fleet),
    allow(["states:StopExecution"], [executionsOf(stateMachineArn)]),
    allow(
      [
        "cognito-idp:AdminAddUserToGroup",
        "cognito-idp:AdminCreateUser",
        "cognito-idp:AdminDeleteUser",
        "cognito-idp:AdminListGroupsForUser",
        "cognito-idp:AdminRemoveUserFromGroup",
        "cognito-idp:ListUsers",
      ],
      [pool.attrArn],
    ),
  ];
}
