import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateRepositoryCommand, ECRClient } from "@aws-sdk/client-ecr";
import {
  CreateClusterCommand,
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopTaskCommand,
  type Task,
} from "@aws-sdk/client-ecs";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildImage } from "../../scripts/buildImage.mjs";
import { startEmulator, type Emulator } from "./emulator.ts";

// What the tests of the stack rely on: the emulator with its mending behaves as AWS' documents say.

let emulator: Emulator;
let ecs: ECSClient;
let logs: CloudWatchLogsClient;
let lambda: LambdaClient;
const cluster = "fleet";
const group = "/tasks";

beforeAll(async () => {
  const { image } = await buildImage();
  emulator = await startEmulator();
  ecs = new ECSClient(emulator.clientConfig);
  logs = new CloudWatchLogsClient(emulator.clientConfig);
  lambda = new LambdaClient(emulator.clientConfig);
  await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  const made = await new ECRClient(emulator.clientConfig).send(
    new CreateRepositoryCommand({ repositoryName: "image" }),
  );
  repository = made.repository?.repositoryUri ?? "";
  await emulator.publishImage("image", image);
});
afterAll(() => emulator.stop());

let repository = "";

/** Registers a task that runs a script of Node; gives its name. */
async function define(family: string, script: string, tag = "latest"): Promise<string> {
  await ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
      volumes: [{ name: "work" }],
      containerDefinitions: [
        {
          name: "one",
          image: `${repository}:${tag}`,
          entryPoint: ["node", "--eval", script],
          readonlyRootFilesystem: true,
          mountPoints: [{ sourceVolume: "work", containerPath: "/task" }],
          stopTimeout: 2,
          logConfiguration: {
            logDriver: "awslogs",
            options: { "awslogs-group": group, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "task" },
          },
        },
      ],
    }),
  );
  return family;
}

async function runTask(taskDefinition: string, clientToken?: string): Promise<string> {
  const overrides = { cpu: "1024", memory: "2048" };
  const { tasks } = await ecs.send(
    new RunTaskCommand({ cluster, taskDefinition, launchType: "FARGATE", startedBy: "r1", overrides, clientToken }),
  );
  return tasks?.[0]?.taskArn ?? "";
}

async function taskOf(arn: string): Promise<Task> {
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
  const [task] = tasks ?? [];
  if (task === undefined) throw new Error(`There is no task ${arn}.`);
  return task;
}

const statusOf = async (arn: string): Promise<string | undefined> => (await taskOf(arn)).lastStatus;
const until = (status: string, arn: string): Promise<void> =>
  expect.poll(() => statusOf(arn), { timeout: 30_000 }).toBe(status);

async function wordsOf(arn: string): Promise<readonly string[]> {
  const logStreamNames = [`task/one/${arn.split("/").at(-1)}`];
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: group, logStreamNames }));
  return events.map(({ message = "" }) => message);
}

/** Makes a function of one module; gives its ARN. */
async function makeFunction(name: string, source: string): Promise<string> {
  const { FunctionArn = "" } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: `arn:aws:iam::${emulator.account}:role/any`,
      Code: { ZipFile: zipSync({ "index.mjs": strToU8(source) }) },
    }),
  );
  return FunctionArn;
}

async function invoke(name: string): Promise<unknown> {
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: name }));
  return JSON.parse(new TextDecoder().decode(Payload));
}

test("a task knows its ARN, writes only into its volume, and ends as it wants to when it is stopped", async () => {
  const family = await define(
    "patient",
    `const { writeFileSync } = require("node:fs");
     const attempt = (path) => { try { writeFileSync(path, ""); return "written"; } catch (error) { return error.code; } };
     process.on("SIGTERM", () => setTimeout(() => { console.log("left"); process.exit(7); }, 300));
     fetch(process.env.ECS_CONTAINER_METADATA_URI_V4 + "/task").then((answer) => answer.json()).then(({ TaskARN }) =>
       console.log([TaskARN, attempt("/a"), attempt("/task/a"), process.env.AWS_REGION].join(" ")));
     setTimeout(() => {}, 60000);`,
  );
  const arn = await runTask(family);
  await until("RUNNING", arn);
  await expect.poll(() => wordsOf(arn), { timeout: 10_000 }).toEqual([`${arn} EROFS written us-east-1`]);
  await ecs.send(new StopTaskCommand({ cluster, task: arn, reason: "enough" }));
  expect(await taskOf(arn)).toMatchObject({ desiredStatus: "STOPPED", lastStatus: "RUNNING", cpu: "1024" });
  await until("STOPPED", arn);
  const { stopCode, stoppedReason, containers } = await taskOf(arn);
  expect({ stopCode, stoppedReason }).toEqual({ stopCode: "UserInitiated", stoppedReason: "enough" });
  expect(containers?.[0]?.exitCode).toBe(7);
  await expect.poll(() => wordsOf(arn)).toContain("left");
  await expect.poll(() => emulator.containers()).toEqual([]);
});

test("a task that does not listen is killed after its stop time-out", async () => {
  const arn = await runTask(await define("deaf", 'process.on("SIGTERM", () => {}); setTimeout(() => {}, 60000);'));
  await until("RUNNING", arn);
  await ecs.send(new StopTaskCommand({ cluster, task: arn }));
  await until("STOPPED", arn);
  expect((await taskOf(arn)).containers?.[0]?.exitCode).toBe(137);
});

test("the same client token gives the same task, and an image that is not there a reason", async () => {
  const family = await define("brief", "", "missing");
  const arn = await runTask(family, "once");
  expect(await runTask(family, "once")).toBe(arn);
  await until("STOPPED", arn);
  const { stopCode, stoppedReason } = await taskOf(arn);
  expect(stopCode).toBe("TaskFailedToStart");
  expect(stoppedReason).toContain("CannotPullContainerError");
});

test("RunTask says that there is no capacity when it is told to", async () => {
  const family = await define("unlucky", "");
  emulator.fail({ kind: "capacity", times: 1 });
  const { tasks, failures } = await ecs.send(new RunTaskCommand({ cluster, taskDefinition: family }));
  expect(tasks).toEqual([]);
  expect(failures?.[0]?.reason).toContain("Capacity is unavailable");
});

test("the end of a task is an event, unless it is to be lost", async () => {
  const source = `let ends = []; export const handler = (event) => {
    if (event.detail) ends.push(event.detail.taskArn + " " + event.detail.stopCode); return Promise.resolve(ends); };`;
  const Arn = await makeFunction("listener", source);
  const events = new EventBridgeClient(emulator.clientConfig);
  const pattern = {
    source: ["aws.ecs"],
    "detail-type": ["ECS Task State Change"],
    detail: { lastStatus: ["STOPPED"] },
  };
  await events.send(new PutRuleCommand({ Name: "ends", EventPattern: JSON.stringify(pattern) }));
  await events.send(new PutTargetsCommand({ Rule: "ends", Targets: [{ Id: "one", Arn }] }));
  const family = await define("short", "process.exit(3)");
  emulator.fail({ kind: "event", of: "task", status: "STOPPED", times: 1 });
  const lost = await runTask(family);
  await until("STOPPED", lost);
  const heard = await runTask(family);
  await until("STOPPED", heard);
  await expect.poll(() => invoke("listener")).toEqual([`${heard} EssentialContainerExited`]);
  expect((await taskOf(heard)).containers?.[0]?.exitCode).toBe(3);
});

test("a function's error keeps its name, and a function fails before or after its work when it is told to", async () => {
  const source = `let calls = 0; export const handler = async ({ isBad }) => {
    calls += 1; if (isBad) throw new RangeError("too far"); return calls; };`;
  await makeFunction("counter", source);
  expect(await invoke("counter")).toBe(1);
  const errorType = "Lambda.ServiceException";
  emulator.fail(
    { kind: "before", function: "counter", times: 1, errorType },
    { kind: "after", function: "counter", times: 1, errorType },
  );
  expect(await invoke("counter")).toMatchObject({ errorType });
  expect(await invoke("counter")).toMatchObject({ errorType });
  expect(await invoke("counter")).toBe(3);
  const Payload = new TextEncoder().encode('{"isBad":true}');
  const bad = await lambda.send(new InvokeCommand({ FunctionName: "counter", Payload }));
  expect(JSON.parse(new TextDecoder().decode(bad.Payload))).toMatchObject({
    errorType: "RangeError",
    errorMessage: "too far",
  });
});

test("what was made is gone after a reset, and another emulator runs beside it", async () => {
  await using other = await startEmulator({ isStrict: true });
  const makesCluster = new CreateClusterCommand({ clusterName: "other" });
  expect((await new ECSClient(other.clientConfig).send(makesCluster)).cluster?.clusterName).toBe("other");
  await emulator.reset();
  await expect(lambda.send(new InvokeCommand({ FunctionName: "counter" }))).rejects.toThrow(/not found/i);
});
