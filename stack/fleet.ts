import { Aws, Fn, type IResolvable, type Stack } from "aws-cdk-lib";
import { CfnRepository } from "aws-cdk-lib/aws-ecr";
import { CfnCluster, CfnTaskDefinition } from "aws-cdk-lib/aws-ecs";
import type { CfnRole } from "aws-cdk-lib/aws-iam";
import type { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { containerName, defaultTaskSize, logStreamPrefix, taskVariables } from "../src/core/stack/names.ts";
import { addRole, allow, allowUnscoped, type Statement } from "./access.ts";
import type { Conditions } from "./conditions.ts";
import type { Data } from "./data.ts";
import { addLogGroup } from "./logs.ts";

/** What runs load generators. */
export interface Fleet {
  readonly repository: CfnRepository;
  readonly cluster: CfnCluster;
  readonly taskDefinition: CfnTaskDefinition;
  readonly taskRole: CfnRole;
  readonly executionRole: CfnRole;
  readonly logs: CfnLogGroup;
}

// Folders that a task may write, the rest of its file system is read-only.
const writable = { work: "/task", temporary: "/tmp" };

/** Adds the repository of the image, the cluster, and the definition of a task with its roles. */
export function addFleet(stack: Stack, conditions: Conditions, data: Data): Fleet {
  const repository = addRepository(stack);
  const logs = addLogGroup(stack, "TaskLogs", `/loadfleet/${Aws.STACK_NAME}/tasks`);
  const cluster = addCluster(stack);
  const executionRole = addRole(stack, "TaskExecutionRole", "ecs-tasks", {
    conditions,
    statements: [
      allowUnscoped(["ecr:GetAuthorizationToken"]),
      allow(
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        [repository.attrArn],
      ),
      allow(["logs:CreateLogStream", "logs:PutLogEvents"], [logs.attrArn]),
    ],
  });
  const taskRole = addRole(stack, "TaskRole", "ecs-tasks", {
    conditions,
    statements: [...accessOfTask(data), forGuideImage(conditions, data)],
  });
  const parts = { repository, logs, taskRole, executionRole };
  const taskDefinition = addTaskDefinition(stack, conditions, data, parts);
  return { ...parts, cluster, taskDefinition };
}

/**
 * What a task may do: write what belongs to its own identity (`aws:userid` is the role's id and the task's), read the
 * signal of a run, and read plans and bundles by key; it cannot list, query or scan.
 */
function accessOfTask({ table, scenarios }: Data): readonly Statement[] {
  const leadingKeys = (keys: string) => ({ "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [keys] } });
  const objects = (...prefixes: readonly string[]) => prefixes.map((prefix) => `${scenarios.attrArn}/${prefix}*`);
  return [
    allow(
      ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
      [table.attrArn],
      leadingKeys("A#${aws:userid}"),
    ),
    allow(["dynamodb:GetItem"], [table.attrArn], leadingKeys("S#*")),
    allow(["s3:GetObject"], objects("bundles/", "plans/", "test-scenarios/", "public/test-scenarios/")),
    allow(["s3:PutObject"], objects("inbox/${aws:userid}/")),
  ];
}

// An image of the guide's own kind puts its reports there itself; ours must not reach the results of others.
function forGuideImage({ isGuideImage }: Conditions, { scenarios }: Data): IResolvable {
  const reports = allow(["s3:PutObject"], [`${scenarios.attrArn}/results/*`]);
  return Fn.conditionIf(isGuideImage.logicalId, reports, Aws.NO_VALUE);
}

function addRepository(stack: Stack): CfnRepository {
  return new CfnRepository(stack, "Repository", {
    emptyOnDelete: true,
    encryptionConfiguration: { encryptionType: "AES256" },
    imageScanningConfiguration: { scanOnPush: true },
    lifecyclePolicy: {
      lifecyclePolicyText: JSON.stringify({
        rules: [
          {
            rulePriority: 1,
            description: "Images without a tag",
            selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 7 },
            action: { type: "expire" },
          },
          {
            rulePriority: 2,
            description: "Images of old builds",
            selection: {
              tagStatus: "tagged",
              tagPrefixList: ["build-"],
              countType: "imageCountMoreThan",
              countNumber: 10,
            },
            action: { type: "expire" },
          },
        ],
      }),
    },
  });
}

function addCluster(stack: Stack): CfnCluster {
  // Container Insights would make this log group itself, without the stack's tag, and leave it behind.
  const insights = addLogGroup(
    stack,
    "ContainerInsightsLogs",
    `/aws/ecs/containerinsights/${Aws.STACK_NAME}/performance`,
  );
  const cluster = new CfnCluster(stack, "Cluster", {
    clusterName: Aws.STACK_NAME,
    capacityProviders: ["FARGATE", "FARGATE_SPOT"],
    defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE", weight: 1 }],
    clusterSettings: [{ name: "containerInsights", value: "enabled" }],
  });
  cluster.addResourceDependency(insights);
  return cluster;
}

function addTaskDefinition(
  stack: Stack,
  conditions: Conditions,
  data: Data,
  { repository, logs, taskRole, executionRole }: Omit<Fleet, "cluster" | "taskDefinition">,
): CfnTaskDefinition {
  const variables = {
    [taskVariables.table]: data.table.ref,
    [taskVariables.bucket]: data.scenarios.ref,
    [taskVariables.taskRoleId]: taskRole.attrRoleId,
  };
  return new CfnTaskDefinition(stack, "TaskDefinition", {
    family: Aws.STACK_NAME,
    cpu: String(defaultTaskSize.vcpu * 1024),
    memory: String(defaultTaskSize.memoryGiB * 1024),
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    runtimePlatform: {
      operatingSystemFamily: "LINUX",
      cpuArchitecture: Fn.conditionIf(conditions.isArm.logicalId, "ARM64", "X86_64").toString(),
    },
    executionRoleArn: executionRole.attrArn,
    taskRoleArn: taskRole.attrArn,
    volumes: Object.keys(writable).map((name) => ({ name })),
    containerDefinitions: [
      {
        name: containerName,
        image: `${repository.attrRepositoryUri}:latest`,
        essential: true,
        stopTimeout: 120,
        readonlyRootFilesystem: Fn.conditionIf(conditions.isGuideImage.logicalId, false, true),
        mountPoints: Object.entries(writable).map(([sourceVolume, containerPath]) => ({
          sourceVolume,
          containerPath,
          readOnly: false,
        })),
        environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
        // What a load generator never needs of what the runtime grants; the rest lets engines run as another user.
        linuxParameters: {
          initProcessEnabled: true,
          capabilities: { drop: ["AUDIT_WRITE", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SYS_CHROOT"] },
        },
        ulimits: [{ name: "nofile", softLimit: 65_535, hardLimit: 65_535 }],
        healthCheck: {
          command: ["CMD-SHELL", "test -f /task/healthy"],
          interval: 10,
          timeout: 5,
          retries: 3,
          startPeriod: 60,
        },
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": logs.ref,
            "awslogs-region": Aws.REGION,
            "awslogs-stream-prefix": logStreamPrefix,
            // A full buffer drops lines rather than stops the load.
            mode: "non-blocking",
            "max-buffer-size": "4m",
          },
        },
      },
    ],
  });
}
