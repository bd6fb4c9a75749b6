import type { RunId } from "../core/run/ids.ts";
import type { TaskRecord, TaskState } from "../core/run/run.ts";
import type { AgentState } from "../core/run/wire.ts";
import type { LaunchedTask, Ports } from "./ports.ts";

const settledStates: readonly TaskState[] = ["done", "failed", "late", "duplicate", "lost", "stopped"];

/** Tells whether nothing more is to come of a task. */
export function isSettled(task: TaskRecord): boolean {
  return settledStates.includes(task.state);
}

/** Brings the records of a run's tasks up to what their agents and the launcher say. */
export async function observeTasks(
  runId: RunId,
  now: number,
  { ledger, launcher }: Ports,
  signal: AbortSignal,
): Promise<readonly TaskRecord[]> {
  const tasks = await ledger.listTasks(runId, signal);
  const pending = tasks.filter((task) => task.launcherId !== null && !isSettled(task));
  if (pending.length === 0) return tasks;
  // The launcher is asked first: an agent that says `done` and exits between the two questions is not lost.
  const launched = new Map((await launcher.list(runId, signal)).map((task) => [task.launcherId, task]));
  const identities = pending.map(({ identity }) => identity).filter((identity) => identity !== null);
  const states = await ledger.getAgentStates(identities, signal);
  return Promise.all(
    tasks.map(async (task) => {
      if (!pending.includes(task)) return task;
      const next = nextRecord(task, states.get(task.identity ?? ""), launched.get(task.launcherId ?? ""), now);
      // A conflict means that another driver of the same run was faster with the same news.
      if (next !== task) await ledger.putTask(runId, task, next, signal);
      return next;
    }),
  );
}

/** What a task's record becomes, given what its agent said last and what the launcher knows; the record itself when nothing changed. */
function nextRecord(
  task: TaskRecord,
  agent: AgentState | undefined,
  launched: LaunchedTask | undefined,
  now: number,
): TaskRecord {
  const state: TaskState = agent === undefined || agent.state === "preparing" ? "launched" : agent.state;
  const next: TaskRecord = { ...task, state, reason: agent?.reason ?? task.reason, changedAtMs: agent?.atMs ?? now };
  if (launched?.isAlive !== true && !isSettled(next)) {
    const reason = launched?.stopReason ?? "It vanished without a word.";
    return { ...task, state: "lost", reason, changedAtMs: now };
  }
  return state === task.state ? task : next;
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
export async function killTasks(runId: RunId, { launcher }: Ports, signal: AbortSignal): Promise<void> {
  for (const task of await launcher.list(runId, signal)) {
    if (task.isAlive) await launcher.kill(runId, task, signal);
  }
}
