import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoAgentLedger } from "../aws/dynamoAgentLedger.ts";
import { makeDynamoClient } from "../aws/dynamoClient.ts";
import { DynamoSecrets } from "../aws/dynamoSecrets.ts";
import { identityOfTask } from "../aws/ecsTask.ts";
import { zlibGzip } from "../aws/gzip.ts";
import { makeS3Client } from "../aws/s3Client.ts";
import { S3Store } from "../aws/s3Store.ts";
import { openSecrets } from "../aws/sealedSecrets.ts";
import type { Clock } from "../core/async.ts";
import { errorMessage, UserError } from "../core/errors.ts";
import { isRunId } from "../core/run/ids.ts";
import type { DriverName } from "../core/run/plan.ts";
import { taskVariables } from "../core/stack/names.ts";
import { systemClock } from "../local/systemClock.ts";
import { runAgent, type AgentJob, type AgentPace, type AgentParts } from "./agent.ts";
import type { Driver } from "./driver.ts";
import { UsageMeter } from "./usage.ts";
import { WorkFolder } from "./workFolder.ts";

// Fargate ends a task by force 120 s after it told it to end.
const endLimitMs = 115_000;
const secretsLimitMs = 60_000;
const mostRepeats = 10;

/** How often an agent in AWS looks for signals: a thousand of them look at one item. */
export const cloudAgentPace: AgentPace = {
  startPollMs: 2000,
  stopPollMs: 3000,
  startLimitMs: 60 * 60_000,
  // Leaves time to upload within that of Fargate.
  driverStopMs: 60_000,
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Runs the task that the environment of this process names, over the stack's table and bucket, and ends the process. */
export async function runCloudAgent(makeDriver: (name: DriverName) => Driver): Promise<never> {
  const signal = listenForEnd();
  try {
    const job = await readJob(process.env, systemClock);
    const end = await runAgent(job, makeParts(job, makeDriver), signal);
    log(`ended: ${end}`);
    process.exit(end === "failed" ? 1 : 0);
  } catch (error) {
    log(
      error instanceof UserError ? errorMessage(error).message : String(error instanceof Error ? error.stack : error),
    );
    process.exit(1);
  }
}

function makeParts(job: AgentJob, makeDriver: (name: DriverName) => Driver): AgentParts {
  const env = process.env;
  const dynamo = { client: makeDynamoClient({}), table: variable(env, taskVariables.table) };
  const secrets = new DynamoSecrets(dynamo);
  const key = env[taskVariables.secretsKey];
  // What the test runs must not find it in its environment.
  delete process.env[taskVariables.secretsKey];
  return {
    ledger: new DynamoAgentLedger(dynamo, job.task),
    store: new S3Store({ client: makeS3Client({}), bucket: variable(env, taskVariables.bucket) }),
    gzip: zlibGzip,
    clock: systemClock,
    folder: new WorkFolder(join(env["LOADFLEET_WORK"] ?? tmpdir(), job.claimant)),
    pace: cloudAgentPace,
    makeDriver,
    resolveSecrets: async (references) => takeSecrets(Object.keys(references), job, secrets, key, systemClock),
    makeUsageMeter: (engine) => new UsageMeter(engine),
    log,
    onFailedStart: (lines) => lines.forEach((line) => log(line)),
    onReady: async () => {
      if (key !== undefined) await secrets.delete(job.identity, new AbortController().signal);
      const healthFile = env["LOADFLEET_HEALTH_FILE"];
      if (healthFile !== undefined) await writeFile(healthFile, "");
    },
  };
}

function listenForEnd(): AbortSignal {
  const controller = new AbortController();
  process.on("SIGTERM", () => {
    log("told to end");
    setTimeout(() => process.exit(1), endLimitMs).unref();
    controller.abort("The task was told to end: it was stopped, or AWS took its Spot capacity back.");
  });
  return controller.signal;
}

/** Which task this is. @throws {UserError} `not-a-task` when the environment does not say */
async function readJob(env: Environment, clock: Clock): Promise<AgentJob> {
  const runId = variable(env, taskVariables.run);
  if (!isRunId(runId)) throw new UserError("not-a-task", `"${runId}" is no id of a run.`, { kind: "environment" });
  const task = Number(variable(env, taskVariables.task));
  const taskArn = await readTaskArn(variable(env, "ECS_CONTAINER_METADATA_URI_V4"), clock);
  const identity = identityOfTask(variable(env, taskVariables.taskRoleId), taskArn);
  return { runId, task, identity, claimant: randomUUID() };
}

function variable(env: Environment, name: string): string {
  const value = env[name];
  if (value !== undefined && value !== "") return value;
  throw new UserError("not-a-task", `The variable ${name} of a task in AWS is not set.`, {
    kind: "environment",
    hint: "An agent in AWS is started by the stack; locally, leave LOADFLEET_RUN unset.",
  });
}

/** Asks ECS which task this is; its answer may take a moment after the start of a container. */
async function readTaskArn(metadata: string, clock: Clock): Promise<string> {
  const { signal } = new AbortController();
  for (let repeat = 1; ; repeat++) {
    try {
      const answer = await fetch(`${metadata}/task`, { signal: AbortSignal.timeout(5000) });
      const task: unknown = await answer.json();
      if (typeof task === "object" && task !== null && "TaskARN" in task) return String(task.TaskARN);
    } catch (error) {
      if (repeat === mostRepeats) throw noMetadata(error);
    }
    if (repeat === mostRepeats) throw noMetadata(undefined);
    await clock.sleep(500 * repeat, signal);
  }
}

function noMetadata(cause: unknown): UserError {
  return new UserError("no-metadata", "ECS does not say which task this is.", { kind: "environment", cause });
}

/** Secrets are written just after the task was started, so the first looks may find nothing. */
async function takeSecrets(
  names: readonly string[],
  { identity }: AgentJob,
  secrets: Pick<DynamoSecrets, "get">,
  key: string | undefined,
  clock: Clock,
): Promise<Readonly<Record<string, string>>> {
  if (names.length === 0 || key === undefined) return {};
  const { signal } = new AbortController();
  const untilMs = clock.now() + secretsLimitMs;
  while (clock.now() < untilMs) {
    const sealed = await secrets.get(identity, signal);
    if (sealed !== undefined) return openSecrets(sealed, key);
    await clock.sleep(1000, signal);
  }
  throw new UserError("no-secrets", `The secrets of the task did not arrive within ${secretsLimitMs / 1000} s.`, {
    kind: "run",
    hint: "The log of the function task-runner says why.",
  });
}

function log(line: string): void {
  process.stdout.write(`${line}\n`);
}
