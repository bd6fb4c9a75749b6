import type { Task } from "@aws-sdk/client-ecs";
import type { RunId } from "../core/run/ids.ts";
import { guideVariables, taskVariables } from "../core/stack/names.ts";
import type { LaunchedTask } from "../fleet/ports.ts";
import type { EcsRun } from "./ecsRun.ts";

/** What a task needs of its stack. */
export interface TaskPlace {
  readonly taskRoleId: string;
  readonly table: string;
  readonly bucket: string;
}

/** Which task of which run is meant. */
export interface TaskNumber {
  readonly runId: RunId;
  readonly task: number;
  readonly attempt: number;
}

/** An agent's identity: the name that AWS itself gives the session of its role. */
export function identityOfTask(taskRoleId: string, taskArn: string): string {
  return `${taskRoleId}:${taskArn.slice(taskArn.lastIndexOf("/") + 1)}`;
}

/** Variables of a task's container: for our agent, and for an image of the implementation guide's own kind. */
export function overridesOf(
  { runId, task, attempt }: TaskNumber,
  { testId, testType, fileType }: EcsRun,
  { taskRoleId, table, bucket }: TaskPlace,
): Readonly<Record<string, string>> {
  return {
    [taskVariables.table]: table,
    [taskVariables.bucket]: bucket,
    [taskVariables.taskRoleId]: taskRoleId,
    [taskVariables.run]: runId,
    [taskVariables.task]: String(task),
    [taskVariables.attempt]: String(attempt),
    [guideVariables.bucket]: bucket,
    [guideVariables.testId]: testId,
    [guideVariables.testType]: testType,
    [guideVariables.fileType]: fileType,
    [guideVariables.prefix]: runId,
  };
}

/** The variables that a task was started with. */
export function variablesOf(task: Task): Readonly<Record<string, string>> {
  const environment = task.overrides?.containerOverrides?.[0]?.environment ?? [];
  return Object.fromEntries(environment.map(({ name = "", value = "" }) => [name, value]));
}

/** A task of ECS as a launcher knows it; undefined for one that is none of ours. */
export function toLaunched(task: Task, { taskRoleId }: Pick<TaskPlace, "taskRoleId">): LaunchedTask | undefined {
  const variables = variablesOf(task);
  const number = variables[taskVariables.task];
  if (task.taskArn === undefined || number === undefined) return undefined;
  const [container] = task.containers ?? [];
  const isAlive = task.lastStatus !== "STOPPED" && task.lastStatus !== "DELETED";
  return {
    task: Number(number),
    attempt: Number(variables[taskVariables.attempt] ?? 1),
    launcherId: task.taskArn,
    identity: identityOfTask(taskRoleId, task.taskArn),
    isAlive,
    stopReason: isAlive ? undefined : stopReasonOf(task),
    ...(task.startedAt === undefined ? {} : { runningSinceMs: task.startedAt.getTime() }),
    ...(isAlive || container?.exitCode === undefined ? {} : { exitCode: container.exitCode }),
  };
}

/** What ECS says of a stopped task, word for word. */
function stopReasonOf({ stopCode, stoppedReason, containers }: Task): string {
  const [container] = containers ?? [];
  const parts = [
    stoppedReason,
    stopCode,
    container?.reason,
    container?.exitCode === undefined ? undefined : `exit code ${container.exitCode}`,
  ];
  const words = parts.filter((part) => part !== undefined && part !== "");
  return words.length === 0 ? "It was stopped, and ECS does not say why." : `${words.join("; ").replace(/\.?$/, "")}.`;
}
