import { mapConcurrent } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import type { TaskRecord, TaskState } from "../core/run/run.ts";
import type { AgentState } from "../core/run/wire.ts";
import type { LaunchedTask, Pace, Ports } from "./ports.ts";

const writesAtATime = 32;
const killsAtATime = 10;
const settledStates: readonly TaskState[] = ["done", "failed", "late", "duplicate", "lost", "stopped"];

/** Tells whether nothing more is to come of a task. */
export function isSettled(task: TaskRecord): boolean {
  return settledStates.includes(task.state);
}

/** Reads the records of a run's tasks and brings them up to what their agents and the launcher say. */
export async function observeTasks(
  runId: RunId,
  now: number,
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly TaskRecord[]> {
  return updateTasks(runId, await ports.ledger.listTasks(runId, signal), now, ports, signal);
}

/** Brings records of a run's tasks that have just been read up to what their agents and the launcher say. */
export async function updateTasks(
  runId: RunId,
  tasks: readonly TaskRecord[],
  now: number,
  { ledger, launcher, pace }: Ports,
  signal: AbortSignal,
): Promise<readonly TaskRecord[]> {
  const pending = tasks.filter((task) => task.launcherId !== null && !isSettled(task));
  if (pending.length === 0) return tasks;
  const launcherIds = pending.map(({ launcherId }) => launcherId).filter((id) => id !== null);
  // The launcher is asked first: an agent that says `done` and exits between the two questions is not lost.
  const found = await launcher.list(runId, signal, launcherIds);
  const launched = new Map(found.map((task) => [task.launcherId, task]));
  const identities = pending.map(({ identity }) => identity).filter((identity) => identity !== null);
  const states = await ledger.getAgentStates(identities, signal);
  const news = new Map<number, TaskRecord>();
  for (const task of pending) {
    const next = nextRecord(task, states.get(task.identity ?? ""), launched.get(task.launcherId ?? ""), now, pace);
    if (next !== task) news.set(task.task, next);
  }
  const write = async (task: TaskRecord): Promise<void> => {
    const next = news.get(task.task);
    // A conflict means that another driver of the same run was faster with the same news.
    if (next !== undefined) await ledger.putTask(runId, task, next, signal);
  };
  const changed = pending.filter(({ task }) => news.has(task));
  await mapConcurrent(changed, writesAtATime, write, signal);
  return tasks.map((task) => news.get(task.task) ?? task);
}

/** What a task's record becomes, given what its agent said last and what the launcher knows; the record itself when nothing changed. */
function nextRecord(
  task: TaskRecord,
  agent: AgentState | undefined,
  launched: LaunchedTask | undefined,
  now: number,
  pace: Pace,
): TaskRecord {
  if (agent === undefined && launched !== undefined) {
    const silent = nextOfSilent(task, launched, now, pace);
    if (silent !== undefined) return silent;
  }
  const state: TaskState = agent === undefined || agent.state === "preparing" ? "launched" : agent.state;
  const next: TaskRecord = { ...task, state, reason: agent?.reason ?? task.reason, changedAtMs: agent?.atMs ?? now };
  // What was just launched may not be on the launcher's lists yet.
  const isUnseen = launched === undefined && now - task.changedAtMs < (pace.unseenMs ?? 0);
  if (launched?.isAlive !== true && !isUnseen && !isSettled(next)) {
    const reason = launched?.stopReason ?? "It vanished without a word.";
    return { ...task, state: "lost", reason, changedAtMs: now };
  }
  return state === task.state ? task : next;
}

/**
 * What becomes of a task whose program knows no ledger, as an image of the implementation guide's own kind: it counts as
 * ready once it has run for a while, and as done when it ends well. Undefined when this says nothing of it.
 */
function nextOfSilent(
  task: TaskRecord,
  { isAlive, runningSinceMs, exitCode }: LaunchedTask,
  now: number,
  { guideReadyMs }: Pace,
): TaskRecord | undefined {
  if (guideReadyMs === undefined || runningSinceMs === undefined) return undefined;
  if (!isAlive) return exitCode === 0 ? { ...task, state: "done", changedAtMs: now } : undefined;
  if (task.state === "ready") return task;
  return now - runningSinceMs >= guideReadyMs ? { ...task, state: "ready", changedAtMs: now } : undefined;
}

/** Records that a task came to an end that its agent did not report. */
export async function settleTask(
  runId: RunId,
  task: TaskRecord,
  end: Pick<TaskRecord, "state" | "reason" | "changedAtMs">,
  { ledger }: Ports,
  signal: AbortSignal,
): Promise<void> {
  await ledger.putTask(runId, task, { ...task, ...end }, signal);
}

/** Ends by force every task of a run that is still alive. */
export async function killTasks(
  runId: RunId,
  { launcher }: Pick<Ports, "launcher">,
  signal: AbortSignal,
): Promise<void> {
  const alive = (await launcher.list(runId, signal)).filter(({ isAlive }) => isAlive);
  await mapConcurrent(alive, killsAtATime, (task) => launcher.kill(runId, task, signal), signal);
}
