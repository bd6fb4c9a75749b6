import {
  ConflictException,
  DescribeTasksCommand,
  ListTasksCommand,
  RunTaskCommand,
  StopTaskCommand,
  type ECSClient,
  type RunTaskCommandInput,
  type Task,
} from "@aws-sdk/client-ecs";
import { createHash } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { mapConcurrent } from "../core/async.ts";
import { UserError } from "../core/errors.ts";
import type { RunId } from "../core/run/ids.ts";
import { containerName, taskVariables } from "../core/stack/names.ts";
import type { LaunchedTask, Launcher } from "../fleet/ports.ts";
import { awsError, explain, isNamed } from "./awsErrors.ts";
import type { FindEcsRun } from "./ecsRun.ts";
import { overridesOf, toLaunched, variablesOf, type TaskPlace } from "./ecsTask.ts";
import { makeSecretsKey, sealSecrets } from "./sealedSecrets.ts";

/** Where tasks run, and what is told to each. */
export interface EcsOptions extends TaskPlace {
  readonly client: ECSClient;
  readonly cluster: string;
  /** ARN with its revision. */
  readonly taskDefinition: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly isPublicIp: boolean;
  /** Put on every task. */
  readonly tags: Readonly<Record<string, string>>;
  readonly runOf: FindEcsRun;
  /** Keeps the encrypted secrets of a task where that task alone reads them. */
  readonly keepSecrets: (identity: string, sealed: string, signal: AbortSignal) => Promise<void>;
}

const tasksPerCall = 100;
const callsAtATime = 4;
const mostRepeats = 6;
/** Reasons of RunTask that pass; every other one stays, however often the call is repeated. */
const passingReasons = /^(Capacity is unavailable|RESOURCE|Service Unavailable)/i;

/** Starts agents as tasks of ECS on Fargate, one call each; the call's token makes repeating it harmless. */
export class EcsLauncher implements Launcher {
  readonly #options: EcsOptions;
  // A stopped task is found only by its ARN: ECS lists those of a run while they live.
  readonly #known = new Map<RunId, Set<string>>();

  constructor(options: EcsOptions) {
    this.#options = options;
  }

  async launch(runId: RunId, task: number, attempt: number, signal: AbortSignal): Promise<LaunchedTask> {
    const { runOf, keepSecrets } = this.#options;
    const { secrets } = await runOf(runId, signal);
    const hasSecrets = Object.keys(secrets).length > 0;
    const started = await this.#start(runId, task, attempt, hasSecrets ? makeSecretsKey() : undefined, signal);
    const launched = toLaunched(started, this.#options);
    if (launched === undefined) {
      throw new UserError("task-not-started", `ECS started task ${task} and does not say which it is.`, {
        kind: "run",
      });
    }
    this.#remember(runId, [launched.launcherId]);
    // The key counts that the task was started with, which an earlier call may have chosen.
    const key = variablesOf(started)[taskVariables.secretsKey];
    if (key !== undefined) await keepSecrets(launched.identity, sealSecrets(secrets, key), signal);
    return launched;
  }

  async list(runId: RunId, signal: AbortSignal, launcherIds?: readonly string[]): Promise<readonly LaunchedTask[]> {
    const arns = launcherIds ?? [...new Set([...(await this.#living(runId, signal)), ...this.#knownOf(runId)])];
    this.#remember(runId, arns);
    const chunks = Array.from({ length: Math.ceil(arns.length / tasksPerCall) }, (_, index) =>
      arns.slice(index * tasksPerCall, (index + 1) * tasksPerCall),
    );
    const tasks = await mapConcurrent(chunks, callsAtATime, (chunk) => this.#describe(chunk, signal), signal);
    return tasks
      .flat()
      .map((task) => toLaunched(task, this.#options))
      .filter((task) => task !== undefined);
  }

  /** Tells the task to end; Fargate ends it by force when its time to stop is over. */
  async kill(_runId: RunId, { launcherId }: LaunchedTask, signal: AbortSignal): Promise<void> {
    const { client, cluster } = this.#options;
    const reason = "Loadfleet ended the task by force.";
    try {
      await client.send(new StopTaskCommand({ cluster, task: launcherId, reason }), { abortSignal: signal });
    } catch (error) {
      // It has been gone for a while.
      if (isNamed(error, "InvalidParameterException") && /not found/i.test(String(error))) return;
      throw awsError(error, `stop the task ${launcherId}`);
    }
  }

  async #start(
    runId: RunId,
    task: number,
    attempt: number,
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<Task> {
    const { client } = this.#options;
    const input = await this.#input(runId, task, attempt, key, signal);
    for (let repeat = 0; ; repeat++) {
      try {
        const { tasks = [], failures = [] } = await client.send(new RunTaskCommand(input), { abortSignal: signal });
        const [started] = tasks;
        if (started !== undefined) return started;
        const reason = failures[0]?.reason ?? "no reason was given";
        if (!passingReasons.test(reason) || repeat === mostRepeats) throw refused(task, reason, failures[0]?.detail);
      } catch (error) {
        if (error instanceof ConflictException) {
          // Started before, under another key of its secrets.
          const known = await this.#describe(error.resourceIds ?? (await this.#living(runId, signal)), signal);
          const started = known.find((other) => isTask(other, task, attempt));
          if (started !== undefined) return started;
        }
        if (!isPassing(error) || repeat === mostRepeats) throw awsError(error, `start task ${task}`);
      }
      await wait(Math.random() * Math.min(20_000, 1000 * 2 ** repeat), undefined, { signal });
    }
  }

  async #input(
    runId: RunId,
    task: number,
    attempt: number,
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<RunTaskCommandInput> {
    const { cluster, taskDefinition, subnets, securityGroups, isPublicIp, tags, runOf } = this.#options;
    const run = await runOf(runId, signal);
    const environment = {
      ...overridesOf({ runId, task, attempt }, run, this.#options),
      ...(key === undefined ? {} : { [taskVariables.secretsKey]: key }),
    };
    return {
      cluster,
      taskDefinition,
      count: 1,
      clientToken: createHash("sha256").update(`${runId} ${task} ${attempt}`).digest("hex"),
      startedBy: runId,
      capacityProviderStrategy: [{ capacityProvider: run.isSpot ? "FARGATE_SPOT" : "FARGATE", weight: 1 }],
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...subnets],
          securityGroups: [...securityGroups],
          assignPublicIp: isPublicIp ? "ENABLED" : "DISABLED",
        },
      },
      overrides: {
        ...(run.size && { cpu: String(run.size.vcpu * 1024), memory: String(run.size.memoryGiB * 1024) }),
        containerOverrides: [
          {
            name: containerName,
            environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
          },
        ],
      },
      tags: Object.entries({ ...tags, "loadfleet:test": run.testId, "loadfleet:run": runId }).map(([name, value]) => ({
        key: name,
        value,
      })),
    };
  }

  async #living(runId: RunId, signal: AbortSignal): Promise<readonly string[]> {
    const { client, cluster } = this.#options;
    const arns: string[] = [];
    let token: string | undefined;
    do {
      // Of all filters, `startedBy` may only be used alone.
      const command = new ListTasksCommand({
        cluster,
        startedBy: runId,
        ...(token === undefined ? {} : { nextToken: token }),
      });
      const page = await explain(`list the tasks of run ${runId}`, client.send(command, { abortSignal: signal }));
      arns.push(...(page.taskArns ?? []));
      token = page.nextToken;
    } while (token !== undefined);
    return arns;
  }

  async #describe(arns: readonly string[], signal: AbortSignal): Promise<readonly Task[]> {
    const { client, cluster } = this.#options;
    if (arns.length === 0) return [];
    const command = new DescribeTasksCommand({ cluster, tasks: [...arns] });
    const { tasks = [] } = await explain("describe tasks", client.send(command, { abortSignal: signal }));
    return tasks;
  }

  #remember(runId: RunId, arns: Iterable<string>): void {
    this.#known.set(runId, new Set([...this.#knownOf(runId), ...arns]));
  }

  #knownOf(runId: RunId): ReadonlySet<string> {
    return this.#known.get(runId) ?? new Set();
  }
}

function isTask(other: Task, task: number, attempt: number): boolean {
  const variables = variablesOf(other);
  return variables[taskVariables.task] === String(task) && variables[taskVariables.attempt] === String(attempt);
}

function isPassing(error: unknown): boolean {
  return (
    isNamed(error, "ThrottlingException", "TooManyRequestsException", "ServerException", "TimeoutError") ||
    (error instanceof Error && /capacity is unavailable|limit on the number of tasks/i.test(error.message))
  );
}

function refused(task: number, reason: string, detail: string | undefined): UserError {
  const words = detail === undefined || detail === reason ? reason : `${reason} (${detail})`;
  return new UserError("task-refused", `ECS did not start task ${task}: ${words.replace(/\.?$/, ".")}`, {
    kind: "environment",
    hint: "Use fewer or smaller tasks, another region, or wait; the account's quota of Fargate vCPUs may be used up.",
  });
}
