import { mapConcurrent, type Clock } from "../core/async.ts";
import { errorMessage } from "../core/errors.ts";
import { instantOfRunId, type RunId } from "../core/run/ids.ts";
import { isFinal } from "../core/run/run.ts";
import { driveRun } from "../fleet/drive.ts";
import type { LaunchedTask, Ports } from "../fleet/ports.ts";
import { requestStop } from "../fleet/stop.ts";
import { sweepRun, type SweepPorts } from "../fleet/sweep.ts";
import { isSettled, killTasks, settleTask } from "../fleet/tasks.ts";

/** What became of a run that had to be ended. */
export type Ending = "ended" | "had ended" | "unknown";

/**
 * Brings a run to its end for a reason that is not its own: asks its tasks to stop, waits for what they upload, collects
 * and judges it, and closes the run; no task is left running.
 */
export async function endRun(
  runId: RunId,
  reason: string,
  ports: Ports,
  clock: Clock,
  signal: AbortSignal,
): Promise<Ending> {
  const run = await ports.ledger.getRun(runId, signal);
  if (run === undefined) {
    await killTasks(runId, ports, signal);
    return "unknown";
  }
  if (isFinal(run.status)) {
    // Whoever closed it may have ended before it released the test; closing again does only that.
    await ports.ledger.closeRun(run, signal);
    await killTasks(runId, ports, signal);
    return "had ended";
  }
  // What has been collected stands, whatever failed after it.
  if (run.status !== "collecting")
    await requestStop(runId, { atMs: clock.now(), by: "failure", reason }, ports.ledger, signal);
  await driveRun(runId, ports, clock, signal, () => undefined);
  await killTasks(runId, ports, signal);
  return "ended";
}

/** A task that its launcher says has stopped. */
export type StoppedTask = Pick<LaunchedTask, "launcherId" | "identity" | "stopReason" | "exitCode">;

const ownEnds: readonly string[] = ["done", "failed", "late", "duplicate"];

/** Records a task that has stopped, unless its agent said how it ended; the steps see to the rest. */
export async function recordStopped(
  runId: RunId,
  stopped: StoppedTask,
  now: number,
  ports: Ports,
  signal: AbortSignal,
): Promise<boolean> {
  const { ledger } = ports;
  // An image without our agent says how it ended by its exit code alone; the steps know how to read that.
  if (stopped.exitCode === 0) return false;
  const agent = (await ledger.getAgentStates([stopped.identity], signal)).get(stopped.identity);
  if (agent !== undefined && ownEnds.includes(agent.state)) return false;
  const run = await ledger.getRun(runId, signal);
  if (run === undefined || isFinal(run.status)) return false;
  const task = (await ledger.listTasks(runId, signal)).find(({ launcherId }) => launcherId === stopped.launcherId);
  if (task === undefined || isSettled(task)) return false;
  const reason = stopped.stopReason ?? "ECS stopped it without a reason.";
  await settleTask(runId, task, { state: "lost", reason, changedAtMs: now }, ports, signal);
  return true;
}

/** Lists the tasks of the stack that are alive, with the run that each belongs to. */
export type ListAlive = (
  signal: AbortSignal,
) => Promise<readonly { readonly runId: RunId; readonly task: LaunchedTask }[]>;

/** What a sweep did. */
export interface Swept {
  readonly open: number;
  readonly killed: number;
  /** One sentence for each run that could not be brought to its end. */
  readonly failures: readonly string[];
}

const runsAtATime = 10;
/** Between its submission and the start of its execution a run is young, not abandoned. */
const youngMs = 120_000;

/** Brings every open run whose execution is gone to its end, and ends tasks whose run has ended. */
export async function sweep(
  ports: SweepPorts,
  listAlive: ListAlive,
  clock: Clock,
  signal: AbortSignal,
): Promise<Swept> {
  const open = await ports.ledger.listOpenRuns(signal);
  const old = open.filter((runId) => clock.now() - instantOfRunId(runId) >= youngMs);
  const failures: string[] = [];
  const sweepOne = async (runId: RunId): Promise<void> => {
    try {
      await sweepRun(runId, ports, clock, signal);
    } catch (error) {
      signal.throwIfAborted();
      // One run that cannot be ended must not keep the others open.
      failures.push(`${runId}: ${errorMessage(error).message}`);
    }
  };
  await mapConcurrent(old, runsAtATime, sweepOne, signal);
  const killed = await killStrays(ports, listAlive, signal);
  return { open: open.length, killed, failures };
}

async function killStrays(ports: Ports, listAlive: ListAlive, signal: AbortSignal): Promise<number> {
  const alive = await listAlive(signal);
  const runIds = [...new Set(alive.map(({ runId }) => runId))];
  const isOver = async (runId: RunId): Promise<boolean> => {
    const run = await ports.ledger.getRun(runId, signal);
    return run === undefined || isFinal(run.status);
  };
  const over = new Map(
    await mapConcurrent(runIds, runsAtATime, async (runId) => [runId, await isOver(runId)] as const, signal),
  );
  const strays = alive.filter(({ runId }) => over.get(runId) === true);
  for (const { runId, task } of strays) await ports.launcher.kill(runId, task, signal);
  return strays.length;
}
