import { Aws, Fn, type Stack } from "aws-cdk-lib";
import type { CfnProject } from "aws-cdk-lib/aws-codebuild";
import { CfnFunction } from "aws-cdk-lib/aws-lambda";
import { functionVariables, metrics, type FunctionName } from "../src/core/stack/names.ts";
import { addRole, allow, allowUnscoped, arn, type Statement } from "./access.ts";
import type { Assets } from "./assets.ts";
import { capsText } from "./caps.ts";
import type { Conditions } from "./conditions.ts";
import type { Data } from "./data.ts";
import type { Fleet } from "./fleet.ts";
import {
  listObjects,
  onObjects,
  readImage,
  readSecrets,
  readTable,
  readTasks,
  runTasks,
  stopTasks,
  writeTable,
} from "./grants.ts";
import { addLogGroup } from "./logs.ts";
import type { Network } from "./network.ts";
import { parameter } from "./parameters.ts";

/** The parts of the stack that its functions work with. */
export interface FunctionParts {
  readonly conditions: Conditions;
  readonly network: Network;
  readonly data: Data;
  readonly fleet: Fleet;
  readonly project: CfnProject;
  readonly assets: Assets;
  readonly stateMachineArn: string;
  /** Random id of the deployment; the custom resource makes it. */
  readonly stackUuid: string;
}

/** Keys of the environment that functions get; one is set wherever it is needed. */
type VariableName = keyof typeof functionVariables;

interface FunctionPlan {
  readonly timeout: number;
  readonly memorySize: number;
  readonly variables: readonly VariableName[];
  readonly statements: readonly Statement[];
}

/** Name of a function, known before there is one: the state machine names them, and they name the state machine. */
function functionNameOf(name: FunctionName): string {
  return `${Aws.STACK_NAME}-${name}`;
}

/** ARN of a function. */
export function functionArnOf(name: FunctionName): string {
  return arn("lambda", `function:${functionNameOf(name)}`);
}

/** Logical id of a function: `TaskRunner` of `task-runner`. */
function logicalIdOf(name: FunctionName): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Adds a function with its log group and a role of its own. */
export function addFunction(stack: Stack, name: FunctionName, parts: FunctionParts): CfnFunction {
  const plan = plans(parts)[name];
  const values = valuesOf(parts);
  const id = logicalIdOf(name);
  const logs = addLogGroup(stack, `${id}Logs`, `/aws/lambda/${functionNameOf(name)}`);
  const role = addRole(stack, `${id}Role`, "lambda", {
    conditions: parts.conditions,
    statements: [allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logs.attrArn]), ...plan.statements],
  });
  return new CfnFunction(stack, `${id}Function`, {
    functionName: functionNameOf(name),
    description: `Loadfleet ${name}`,
    runtime: "nodejs24.x",
    architectures: ["arm64"],
    handler: "index.handler",
    code: { s3Bucket: parameter("assetBucket"), s3Key: parts.assets.keyOf(name) },
    role: role.attrArn,
    timeout: plan.timeout,
    memorySize: plan.memorySize,
    environment: { variables: Object.fromEntries(plan.variables.map((key) => [functionVariables[key], values[key]])) },
    loggingConfig: { logGroup: logs.ref },
  });
}

function valuesOf(parts: FunctionParts): Record<VariableName, string> {
  const { conditions, network, data, fleet, project, stateMachineArn } = parts;
  return {
    table: data.table.ref,
    bucket: data.scenarios.ref,
    stateMachine: stateMachineArn,
    cluster: fleet.cluster.attrArn,
    taskDefinition: fleet.taskDefinition.ref,
    subnets: network.subnets,
    securityGroups: network.securityGroups,
    publicIp: Fn.conditionIf(conditions.hasPublicIp.logicalId, "ENABLED", "DISABLED").toString(),
    taskRoleId: fleet.taskRole.attrRoleId,
    repository: fleet.repository.ref,
    buildProject: project.ref,
    architecture: parameter("architecture"),
    caps: capsText(conditions),
    usageEndpoint: Fn.conditionIf(conditions.sendsUsage.logicalId, parameter("usageEndpoint"), "").toString(),
    stackUuid: parts.stackUuid,
    stack: Aws.STACK_NAME,
  };
}

function plans(parts: FunctionParts): Record<FunctionName, FunctionPlan> {
  const { data, fleet, project } = parts;
  const ledger = [readTable(data), writeTable(data)];
  const launcher = [
    "table",
    "bucket",
    "cluster",
    "taskDefinition",
    "subnets",
    "securityGroups",
    "publicIp",
    "taskRoleId",
    "stack",
    "architecture",
  ] as const;
  const watch = [
    ...ledger,
    ...readTasks(fleet),
    stopTasks(fleet),
    listObjects(data),
    onObjects(data, ["s3:GetObject"], ["plans/", "results/"]),
    allowUnscoped(["cloudwatch:PutMetricData"], { StringEquals: { "cloudwatch:namespace": metrics.namespace } }),
  ];
  const collect = [
    ...ledger,
    ...readTasks(fleet),
    stopTasks(fleet),
    listObjects(data),
    onObjects(data, ["s3:GetObject"], ["plans/", "inbox/", "results/"]),
    onObjects(data, ["s3:PutObject"], ["results/"]),
    onObjects(data, ["s3:DeleteObject"], ["inbox/"]),
    // Metrics of the system under test that a scenario names are kept with its run.
    allowUnscoped(["cloudwatch:GetMetricData"]),
  ];
  return {
    api: {
      timeout: 29,
      memorySize: 1024,
      variables: [...launcher, "stateMachine", "caps"],
      statements: apiAccess(parts),
    },
    "ecr-checker": {
      timeout: 30,
      memorySize: 256,
      variables: ["table", "repository", "buildProject"],
      statements: [readTable(data), ...readImage(fleet, project)],
    },
    "task-runner": {
      timeout: 900,
      memorySize: 1024,
      variables: [...launcher, "caps"],
      statements: [
        ...ledger,
        ...readTasks(fleet),
        ...runTasks(fleet),
        stopTasks(fleet),
        listObjects(data),
        onObjects(data, ["s3:GetObject"], ["plans/"]),
        ...readSecrets(),
      ],
    },
    "task-status-checker": { timeout: 900, memorySize: 1024, variables: [...launcher, "caps"], statements: watch },
    "results-parser": { timeout: 900, memorySize: 1024, variables: [...launcher, "caps"], statements: collect },
    "run-closer": {
      timeout: 900,
      memorySize: 1024,
      variables: [...launcher, "caps", "stateMachine", "usageEndpoint", "stackUuid"],
      statements: [...collect, allow(["states:DescribeExecution"], [executionsOf(parts.stateMachineArn)])],
    },
    "custom-resource": { timeout: 900, memorySize: 512, variables: [], statements: customResourceAccess(data) },
  };
}

function apiAccess({ data, fleet, stateMachineArn }: FunctionParts): readonly Statement[] {
  const kept = ["test-scenarios/", "tests/", "public/test-scenarios/", "bundles/", "plans/", "results/"];
  return [
    readTable(data),
    writeTable(data),
    listObjects(data),
    allow(["s3:ListBucketMultipartUploads"], [data.scenarios.attrArn]),
    onObjects(data, ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"], kept),
    onObjects(data, ["s3:DeleteObject"], ["inbox/"]),
    onObjects(data, ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"], kept),
    ...readTasks(fleet),
    allow(["states:StartExecution"], [stateMachineArn]),
    allow(["states:DescribeExecution"], [executionsOf(stateMachineArn)]),
  ];
}

/** The custom resource fills the buckets on creation, and empties them before they are deleted. */
function customResourceAccess({ scenarios, console, pipeline }: Data): readonly Statement[] {
  const buckets = [scenarios.attrArn, console.attrArn, pipeline.attrArn];
  return [
    allow(["s3:GetObject"], [`arn:${Aws.PARTITION}:s3:::${parameter("assetBucket")}/*`]),
    allow(["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"], buckets),
    allow(
      ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:DeleteObjectVersion", "s3:GetObject", "s3:PutObject"],
      buckets.map((bucket) => `${bucket}/*`),
    ),
  ];
}

/** ARN of every execution of a state machine. */
export function executionsOf(stateMachineArn: string): string {
  return `${Fn.join(":execution:", Fn.split(":stateMachine:", stateMachineArn))}:*`;
}
