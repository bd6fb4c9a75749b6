/** Names that the stack's template, its functions, the agents in its tasks and the tools of its users agree on. */

/** Variables of the environment of the stack's functions; each is set where the function needs it. */
export const functionVariables = {
  /** The stack's name: the value of the tag on its tasks. */
  stack: "LOADFLEET_STACK",
  table: "LOADFLEET_TABLE",
  /** The scenarios bucket. */
  bucket: "LOADFLEET_BUCKET",
  stateMachine: "LOADFLEET_STATE_MACHINE",
  cluster: "LOADFLEET_CLUSTER",
  /** ARN of the task definition, with its revision. */
  taskDefinition: "LOADFLEET_TASK_DEFINITION",
  /** Comma-separated. */
  subnets: "LOADFLEET_SUBNETS",
  /** Comma-separated. */
  securityGroups: "LOADFLEET_SECURITY_GROUPS",
  /** `ENABLED` or `DISABLED`. */
  publicIp: "LOADFLEET_PUBLIC_IP",
  /** The unique id of the task role (`AROA…`), the first half of an agent's identity. */
  taskRoleId: "LOADFLEET_TASK_ROLE_ID",
  repository: "LOADFLEET_REPOSITORY",
  buildProject: "LOADFLEET_BUILD_PROJECT",
  /** `arm64` or `x86_64`. */
  architecture: "LOADFLEET_ARCHITECTURE",
  /** The owner's caps as JSON, see `Caps`. */
  caps: "LOADFLEET_CAPS",
  /** Where operational metrics go; empty or absent: nowhere. */
  usageEndpoint: "LOADFLEET_USAGE_ENDPOINT",
  /** The random id that operational metrics carry. */
  stackUuid: "LOADFLEET_STACK_UUID",
} as const;

/** Variables of the environment of a task's container. */
export const taskVariables = {
  table: "LOADFLEET_TABLE",
  bucket: "LOADFLEET_BUCKET",
  taskRoleId: "LOADFLEET_TASK_ROLE_ID",
  run: "LOADFLEET_RUN",
  task: "LOADFLEET_TASK",
  attempt: "LOADFLEET_ATTEMPT",
  /** Base64 of the AES-256 key of the task's secrets; absent when it has none. */
  secretsKey: "LOADFLEET_SECRETS_KEY",
} as const;

/** Variables that an image of the implementation guide's own kind reads (Appendix A). */
export const guideVariables = {
  bucket: "S3_BUCKET",
  testId: "TEST_ID",
  testType: "TEST_TYPE",
  fileType: "FILE_TYPE",
  prefix: "PREFIX",
} as const;

/** Name of the only container of a task. */
export const containerName = "load-generator";

/** First part of the name of a task's log stream; the container's name and the id of the ECS task follow, with `/`. */
export const logStreamPrefix = "task";

/** The stack's functions, named as in version 1.2 of the implementation guide; `run-closer` is ours. */
export const functionNames = [
  "api",
  "ecr-checker",
  "task-runner",
  "task-status-checker",
  "results-parser",
  "run-closer",
  "custom-resource",
] as const;
export type FunctionName = (typeof functionNames)[number];

/** Attributes of the table's keys and indexes. */
export const tableAttributes = {
  partition: "pk",
  sort: "sk",
  /** On run items: keys of the indexes. */
  testId: "testId",
  month: "month",
  runId: "runId",
  /** The item's record as JSON text; projected into both indexes. */
  record: "record",
  /** Epoch seconds after which the item may vanish. */
  expiresAt: "expiresAt",
} as const;

/** The table's indexes: runs of a test, and runs of a month (`2026-11`), both sorted by the run's id. */
export const tableIndexes = { byTest: "byTest", byMonth: "byMonth" } as const;

/** Parameters of the template. */
export const stackParameters = {
  adminName: "AdminName",
  adminEmail: "AdminEmail",
  vpcCidr: "VpcCidr",
  subnetACidr: "SubnetACidr",
  subnetBCidr: "SubnetBCidr",
  egressCidr: "EgressCidr",
  existingVpc: "ExistingVpcId",
  existingSubnets: "ExistingSubnetIds",
  existingSecurityGroups: "ExistingSecurityGroupIds",
  publicIp: "AssignPublicIp",
  architecture: "Architecture",
  logRetention: "LogRetentionDays",
  permissionsBoundary: "PermissionsBoundaryArn",
  mostTasks: "MostTasks",
  longestRunMinutes: "LongestRunMinutes",
  mostCostPerRun: "MostCostPerRunUsd",
  mostCostPerMonth: "MostCostPerMonthUsd",
  allowedTargets: "AllowedTargetHosts",
  usageEndpoint: "UsageMetricsEndpoint",
  /** `true`: the REST API writes access logs; needs an account whose API Gateway has a role for CloudWatch. */
  apiAccessLogs: "ApiAccessLogs",
  /** `loadfleet`, or `guide` for an image of the implementation guide's own kind, which gets more rights. */
  imageKind: "ImageKind",
  /** Bucket that the deploy tool put the assets into. */
  assetBucket: "AssetBucket",
} as const;

/** Outputs of the template. */
export const stackOutputs = {
  apiUrl: "ApiUrl",
  consoleUrl: "ConsoleUrl",
  consoleBucket: "ConsoleBucketName",
  scenariosBucket: "ScenariosBucketName",
  table: "TableName",
  stateMachine: "StateMachineArn",
  cluster: "ClusterArn",
  taskDefinition: "TaskDefinitionArn",
  repository: "RepositoryName",
  buildProject: "BuildProjectName",
  logGroup: "TaskLogGroupName",
  /** Of the tasks, comma-separated. */
  subnets: "SubnetIds",
  userPool: "UserPoolId",
  userPoolClient: "UserPoolClientId",
  architecture: "Architecture",
  caps: "Caps",
  version: "SolutionVersion",
  uuid: "SolutionUuid",
  readPolicy: "ReadPolicyArn",
  runPolicy: "RunPolicyArn",
  adminPolicy: "AdminPolicyArn",
} as const;

/** Tag on everything that the stack and its tasks make; its value is the stack's name. */
export const stackTag = "loadfleet:stack";

/** Namespace and names of the metrics that the stack writes; their only dimension is `TestId`. */
export const metrics = {
  namespace: "Loadfleet",
  dimension: "TestId",
  users: "Users",
  requestsPerSecond: "RequestsPerSecond",
  responseTime: "ResponseTime",
  errors: "Errors",
} as const;

/** Processor of the tasks. */
export type Architecture = "arm64" | "x86_64";

/** What a task has. */
export interface TaskSize {
  readonly vcpu: number;
  readonly memoryGiB: number;
}

/** Size of a task whose scenario names none: that of the task definition. */
export const defaultTaskSize: TaskSize = { vcpu: 2, memoryGiB: 4 };

/** Keys in the scenarios bucket that version 1.2 fixed. */
export const containerKey = "container/container.zip";

/** Limits that the stack's owner sets and task-runner enforces; null: no limit. */
export interface Caps {
  readonly mostTasks: number | null;
  readonly longestRunMs: number | null;
  readonly mostCostPerRunUsd: number | null;
  readonly mostCostPerMonthUsd: number | null;
  /** Host names of targets, `*.example.com` for all below one; empty: every host. */
  readonly allowedTargets: readonly string[];
}

/** What the state machine hands from function to function: ids only, no figures. */
export interface StepMessage {
  readonly testId: string;
  readonly runId: string;
  readonly taskCount: number;
  readonly testType: string;
  readonly fileType: string;
  /** Distinguishes the result files of this run from those of others (the run's id). */
  readonly prefix: string;
  /** Where the state machine goes on; absent in the input. */
  readonly next?: "wait" | "start" | "watch" | "collect" | "close" | "end";
  /** Whole seconds, at least 1, to wait before that; absent: at once. */
  readonly waitSeconds?: number;
  /** To task-status-checker: the check before anything is launched. */
  readonly phase?: "before";
  /** To run-closer: how a function failed for good, as Step Functions' Catch writes it. */
  readonly error?: { readonly Error: string; readonly Cause: string };
  /** task-status-checker's own mark: up to which instant (epoch ms) figures are with CloudWatch. */
  readonly measuredUntilMs?: number;
}

/** What the template hands to the custom resource (`ResourceProperties`), beside its `ServiceToken`. */
export interface SolutionProperties {
  readonly AssetBucket: string;
  /** Keys of the container zip and of the console's files, `<sha256>.zip`, in the bucket of assets. */
  readonly ContainerAsset: string;
  readonly ConsoleAsset: string;
  readonly ScenariosBucket: string;
  readonly ConsoleBucket: string;
  /** Emptied on Delete, as the other two are. */
  readonly PipelineBucket?: string;
  /** JSON text that the console reads as `config.json`. */
  readonly ConsoleConfiguration?: string;
  /** A change makes CloudFormation update the resource. */
  readonly Version?: string;
}
