import { ListTasksCommand, StopTaskCommand, type ECSClient } from "@aws-sdk/client-ecs";
import { ListExecutionsCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { awsError } from "../aws/awsErrors.ts";
import { makeDynamoClient } from "../aws/dynamoClient.ts";
import { DynamoLedger } from "../aws/dynamoLedger.ts";
import { makeEcsClient } from "../aws/ecsClient.ts";
import { makeStepFunctionsClient } from "../aws/stepFunctionsClient.ts";
import type { RunRecord } from "../core/run/run.ts";
import { stackOutputs } from "../core/stack/names.ts";
import type { Ledger } from "../fleet/ports.ts";
import { requestStop } from "../fleet/stop.ts";
import type { DeployedStack } from "./deployedStack.ts";
import type { Footprint } from "./footprint.ts";
import { isGone, unlessGone } from "./gone.ts";
import { note, type Work } from "./progress.ts";
import type { DeployTarget } from "./target.ts";

// A stopped agent uploads within two minutes; what is not closed by then is ended by force.
const closeLimitMs = 180_000;
const reason = "The stack is being destroyed.";

/** Opens the ledger in the stack's table; undefined when the stack does not tell its table. */
export function openLedger({ connection }: DeployTarget, stack: DeployedStack | undefined): Ledger | undefined {
  const table = stack?.outputs[stackOutputs.table];
  return table === undefined ? undefined : new DynamoLedger({ client: makeDynamoClient(connection), table });
}

/** Runs that have not ended; none when the table is not there. */
export async function listOpenRuns(ledger: Ledger | undefined, signal: AbortSignal): Promise<readonly RunRecord[]> {
  const open: RunRecord[] = [];
  for (const runId of (await unlessGone(ledger?.listOpenRuns(signal) ?? Promise.resolve([]))) ?? []) {
    const run = await ledger?.getRun(runId, signal);
    if (run !== undefined) open.push(run);
  }
  return open;
}

/** Ends every run gracefully, so that its figures are kept; what does not end by itself is ended by force. */
export async function* stopEverything(
  target: DeployTarget,
  ledger: Ledger | undefined,
  { clusters, stateMachines }: Footprint,
  signal: AbortSignal,
): Work<void> {
  const { clock, pollMs } = target;
  const runs = await listOpenRuns(ledger, signal);
  if (ledger !== undefined && runs.length > 0) {
    yield note(`Stopping ${runs.length === 1 ? "a run" : `${runs.length} runs`}; this takes up to three minutes.`);
    const stop = { atMs: clock.now(), by: "person", reason } as const;
    for (const { runId } of runs) await requestStop(runId, stop, ledger, signal);
    const limitMs = clock.now() + closeLimitMs;
    while (clock.now() < limitMs && (await ledger.listOpenRuns(signal)).length > 0) {
      await clock.sleep(pollMs, signal);
      signal.throwIfAborted();
    }
  }
  const executions = await stopExecutions(target, stateMachines, signal);
  if (executions > 0) yield note(`Ended executions of the state machine by force: ${executions}.`);
  const tasks = await stopTasks(target, clusters, signal);
  if (tasks > 0) yield note(`Ended tasks by force: ${tasks}.`);
}

async function stopExecutions(target: DeployTarget, machines: readonly string[], signal: AbortSignal): Promise<number> {
  const client = makeStepFunctionsClient(target.connection);
  let stopped = 0;
  for (const stateMachineArn of machines) {
    try {
      const running = new ListExecutionsCommand({ stateMachineArn, statusFilter: "RUNNING" });
      const { executions = [] } = await client.send(running, { abortSignal: signal });
      for (const { executionArn } of executions) {
        const stop = new StopExecutionCommand({ executionArn, error: "StackDestroyed", cause: reason });
        await client.send(stop, { abortSignal: signal });
        stopped++;
      }
    } catch (error) {
      if (!isGone(error)) throw awsError(error, "end the executions of the state machine");
    }
  }
  return stopped;
}

async function stopTasks(target: DeployTarget, clusters: readonly string[], signal: AbortSignal): Promise<number> {
  const { clock, pollMs, connection } = target;
  const client = makeEcsClient(connection);
  const stopped = new Set<string>();
  for (const cluster of clusters) {
    try {
      // A cluster cannot be deleted while a task in it has not ended.
      for (const limitMs = clock.now() + closeLimitMs; clock.now() < limitMs; await clock.sleep(pollMs, signal)) {
        signal.throwIfAborted();
        const tasks = await listTasks(client, cluster, signal);
        if (tasks.length === 0) break;
        for (const task of tasks.filter((arn) => !stopped.has(arn))) {
          await client.send(new StopTaskCommand({ cluster, task, reason }), { abortSignal: signal });
          stopped.add(task);
        }
      }
    } catch (error) {
      if (!isGone(error)) throw awsError(error, `end the tasks of the cluster ${cluster}`);
    }
  }
  return stopped.size;
}

async function listTasks(client: ECSClient, cluster: string, signal: AbortSignal): Promise<readonly string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new ListTasksCommand({ cluster, nextToken }), { abortSignal: signal });
    arns.push(...(page.taskArns ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return arns;
}
