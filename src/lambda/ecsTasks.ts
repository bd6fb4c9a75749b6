import { DescribeTasksCommand, ListTasksCommand, type ECSClient, type Task } from "@aws-sdk/client-ecs";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { explain } from "../aws/awsErrors.ts";
import { toLaunched } from "../aws/ecsTask.ts";
import { mapConcurrent } from "../core/async.ts";
import { isRunId } from "../core/run/ids.ts";
import type { TaskTimes } from "../fleet/spending.ts";
import type { ListAlive, StoppedTask } from "./endRun.ts";

const tasksPerCall = 100;
const callsAtATime = 4;

/** Where the stack's tasks are. */
export interface TaskCluster {
  readonly client: ECSClient;
  readonly cluster: string;
  readonly taskRoleId: string;
}

/** Makes what tells when tasks began and ended; ECS knows that for an hour after their end. */
export function makeTimesOf(place: TaskCluster) {
  return async (arns: readonly string[], signal: AbortSignal): Promise<readonly TaskTimes[]> => {
    const tasks = await describeTasks(arns, place, signal);
    return tasks.map(({ taskArn = "", pullStartedAt, createdAt, stoppingAt, stoppedAt }) => ({
      launcherId: taskArn,
      // Fargate is paid from the pull of the image.
      startedAtMs: (pullStartedAt ?? createdAt)?.getTime(),
      stoppedAtMs: (stoppedAt ?? stoppingAt)?.getTime(),
    }));
  };
}

/** Makes what lists the tasks of runs that are alive in the cluster. */
export function makeListAlive(place: TaskCluster): ListAlive {
  return async (signal) => {
    const { client, cluster } = place;
    const arns: string[] = [];
    let nextToken: string | undefined;
    do {
      const list = new ListTasksCommand({ cluster, desiredStatus: "RUNNING", nextToken });
      const page = await explain("list the tasks of the cluster", client.send(list, { abortSignal: signal }));
      arns.push(...(page.taskArns ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    const tasks = await describeTasks(arns, place, signal);
    return tasks.flatMap((task) => {
      const launched = toLaunched(task, place);
      const runId = task.startedBy ?? "";
      return launched?.isAlive === true && isRunId(runId) ? [{ runId, task: launched }] : [];
    });
  };
}

async function describeTasks(
  arns: readonly string[],
  { client, cluster }: TaskCluster,
  signal: AbortSignal,
): Promise<readonly Task[]> {
  const chunks = Array.from({ length: Math.ceil(arns.length / tasksPerCall) }, (_, index) =>
    arns.slice(index * tasksPerCall, (index + 1) * tasksPerCall),
  );
  const describe = async (tasks: readonly string[]): Promise<readonly Task[]> => {
    const command = new DescribeTasksCommand({ cluster, tasks: [...tasks] });
    return (await explain("describe tasks", client.send(command, { abortSignal: signal }))).tasks ?? [];
  };
  return (await mapConcurrent(chunks, callsAtATime, describe, signal)).flat();
}

/** The detail of ECS' event, as far as it is used: the shape of a task, with lower-case names. */
const Detail = Type.Object({
  taskArn: Type.String(),
  lastStatus: Type.String(),
  stopCode: Type.Optional(Type.String()),
  stoppedReason: Type.Optional(Type.String()),
  containers: Type.Optional(
    Type.Array(Type.Object({ exitCode: Type.Optional(Type.Number()), reason: Type.Optional(Type.String()) })),
  ),
  overrides: Type.Object({
    containerOverrides: Type.Array(
      Type.Object({
        environment: Type.Optional(
          Type.Array(Type.Object({ name: Type.Optional(Type.String()), value: Type.Optional(Type.String()) })),
        ),
      }),
    ),
  }),
});

/** Makes what reads the stopped task out of the detail of ECS' event; undefined for one that is none of ours. */
export function makeReadStopped(place: Pick<TaskCluster, "taskRoleId">) {
  return (detail: object): StoppedTask | undefined => {
    if (!Value.Check(Detail, detail)) return undefined;
    const { taskArn, lastStatus, stoppedReason, containers = [], overrides } = detail;
    const [stopCode] = stopCodes.filter((code) => code === detail.stopCode);
    return toLaunched(
      {
        taskArn,
        lastStatus,
        containers,
        overrides,
        ...(stoppedReason && { stoppedReason }),
        ...(stopCode && { stopCode }),
      },
      place,
    );
  };
}

const stopCodes = [
  "EssentialContainerExited",
  "ServiceSchedulerInitiated",
  "SpotInterruption",
  "TaskFailedToStart",
  "TerminationNotice",
  "UserInitiated",
] as const;
