import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { buildImage } from "../../scripts/buildImage.mjs";
import { makeEcsClient } from "../../src/aws/ecsClient.ts";
import { EcsLauncher } from "../../src/aws/ecsLauncher.ts";
import { openSecrets } from "../../src/aws/sealedSecrets.ts";
import { containerName, taskVariables } from "../../src/core/stack/names.ts";
import type { LaunchedTask } from "../../src/fleet/ports.ts";
import { describeLauncher } from "../contract/launcherContract.ts";
import { runIdOf } from "../fleet/records.ts";
import { startEmulator, type Emulator } from "./emulator.ts";

const { signal } = new AbortController();
const runId = runIdOf(0);
let emulator: Emulator;
let client: ECSClient;
let sealed: Map<string, string>;
let secrets: Record<string, string>;

beforeAll(async () => {
  const { image } = await buildImage();
  emulator = await startEmulator();
  const ecr = new ECRClient(emulator.clientConfig);
  const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName: "image" }));
  await emulator.publishImage("image", image);
  const { endpoint, region, clientConfig } = emulator;
  client = makeEcsClient({ endpoint, region, credentials: async () => clientConfig.credentials });
  repositoryUri = repository?.repositoryUri ?? "";
  // Ends by itself, whatever happens to the test.
  await define("fleet", "setTimeout(() => {}, 60000);");
  await define("brief", "process.exit(7);");
});
afterAll(() => emulator.stop());

let repositoryUri = "";
async function define(family: string, script: string): Promise<void> {
  await client.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      containerDefinitions: [
        {
          name: containerName,
          image: `${repositoryUri}:latest`,
          entryPoint: ["node", "--eval", script],
          stopTimeout: 2,
        },
      ],
    }),
  );
}

let clusters = 0;
let cluster = "";
beforeEach(async () => {
  sealed = new Map();
  secrets = {};
  cluster = `fleet-${clusters++}`;
  await client.send(new CreateClusterCommand({ clusterName: cluster, capacityProviders: ["FARGATE", "FARGATE_SPOT"] }));
});

function open(taskDefinition = "fleet"): EcsLauncher {
  return new EcsLauncher({
    client,
    cluster,
    taskDefinition,
    subnets: ["subnet-1"],
    securityGroups: ["sg-1"],
    isPublicIp: true,
    taskRoleId: "AROATEST",
    table: "table",
    bucket: "bucket",
    tags: { "loadfleet:stack": "loadfleet" },
    runOf: async () => ({
      testId: "shop",
      testType: "simple",
      fileType: "none",
      size: { vcpu: 1, memoryGiB: 2 },
      isSpot: false,
      secrets,
    }),
    keepSecrets: async (identity, text) => {
      sealed.set(identity, text);
    },
  });
}

describeLauncher("ECS", async () => ({ launcher: open(), reopen: () => open(), dispose: async () => undefined }));

async function untilStopped(launcher: EcsLauncher, { launcherId }: LaunchedTask): Promise<LaunchedTask> {
  for (;;) {
    const [task] = await launcher.list(runId, signal, [launcherId]);
    if (task !== undefined && !task.isAlive) return task;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test("finds a stopped task by its ARN, with ECS' own words and its exit code", async () => {
  const task = await open("brief").launch(runId, 0, 1, signal);
  const stopped = await untilStopped(open(), task);
  expect(stopped.exitCode).toBe(7);
  expect(stopped.stopReason).toMatch(/^Essential container in task exited; EssentialContainerExited; exit code 7\.$/);
});

test("gives the task the identity that AWS gives the session of its role", async () => {
  const { identity, launcherId } = await open().launch(runId, 3, 1, signal);
  expect(identity).toBe(`AROATEST:${launcherId.split("/").at(-1)}`);
});

test("seals the secrets of a task with the key that it was started with, also when it is started again", async () => {
  secrets = { TOKEN: "s3cret" };
  const launcher = open();
  const first = await launcher.launch(runId, 0, 1, signal);
  const kept = sealed.get(first.identity) ?? "";
  sealed.clear();
  const again = await open().launch(runId, 0, 1, signal);
  expect(again.launcherId).toBe(first.launcherId);
  const { tasks } = await client.send(new DescribeTasksCommand({ cluster, tasks: [first.launcherId] }));
  const environment = tasks?.[0]?.overrides?.containerOverrides?.[0]?.environment ?? [];
  const key = environment.find(({ name }) => name === taskVariables.secretsKey)?.value ?? "";
  expect(openSecrets(kept, key)).toEqual(secrets);
  expect(openSecrets(sealed.get(first.identity) ?? "", key)).toEqual(secrets);
  expect(JSON.stringify(environment)).not.toContain("s3cret");
});

test("tries again when there is no capacity for a moment", async () => {
  emulator.fail({ kind: "capacity", times: 1 });
  expect((await open().launch(runId, 0, 1, signal)).isAlive).toBe(true);
});
