import type { RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { isFinal, type RunRecord, type TaskRecord } from "../core/run/run.ts";
import type { StartSignal, StopRequest } from "../core/run/wire.ts";
import { healthyTasks, loadPlan } from "./plan.ts";
import type { Ports, StepOutcome } from "./ports.ts";
import { requestStop } from "./stop.ts";
import { firedRule } from "./stopRules.ts";
import { isSettled, killTasks, observeTasks, settleTask } from "./tasks.ts";

/** Step: follows the tasks, asks for a stop when one is due, and goes on to collect when all have come to an end. */
export async function watchStep(runId: RunId, now: number, ports: Ports, signal: AbortSignal): Promise<StepOutcome> {
  const { ledger, pace } = ports;
  const run = await ledger.getRun(runId, signal);
  if (run === undefined || isFinal(run.status)) return { next: "end", waitMs: 0 };
  if (run.status === "collecting") return { next: "collect", waitMs: 0 };
  const start = await ledger.getStart(runId, signal);
  const stop = await ledger.getStop(runId, signal);
  if (start === undefined && stop === undefined) return { next: "start", waitMs: 0 };

  const current = start === undefined ? run : await followStart(run, start, now, ports, signal);
  const tasks = await observeTasks(runId, now, ports, signal);
  const pending = tasks.filter((task) => isAwaited(task, start) && !isSettled(task));
  if (pending.length === 0) {
    const reason = "It was not ready when the load began.";
    for (const unready of tasks.filter((task) => !isSettled(task))) {
      await settleTask(runId, unready, { state: "late", reason, changedAtMs: now }, ports, signal);
    }
    await ledger.advanceRun(current, { ...current, status: "collecting" }, signal);
    return { next: "collect", waitMs: 0 };
  }
  if (stop !== undefined) {
    await endPending(runId, stop, pending, now, ports, signal);
  } else if (start !== undefined) {
    const due = await dueStop(runId, start, tasks, now, ports, signal);
    if (due !== undefined) await requestStop(runId, due, ledger, signal);
  }
  return { next: "watch", waitMs: pace.pollMs };
}

/** Once the load has been given the sign to begin, only those that take part are waited for. */
function isAwaited(task: TaskRecord, start: StartSignal | undefined): boolean {
  return start === undefined || String(task.task) in start.roster;
}

/** Brings the run's record up to the start signal. */
async function followStart(
  run: RunRecord,
  { startAtMs, deadlineAtMs }: StartSignal,
  now: number,
  { ledger }: Ports,
  signal: AbortSignal,
): Promise<RunRecord> {
  const status = now >= startAtMs ? "running" : "ready";
  if (run.status === status) return run;
  const next: RunRecord = { ...run, status, startAtMs, deadlineAtMs };
  await ledger.advanceRun(run, next, signal);
  return next;
}

/** After a stop request: what was never launched is settled at once, what does not obey in time is ended by force. */
async function endPending(
  runId: RunId,
  stop: StopRequest,
  pending: readonly TaskRecord[],
  now: number,
  ports: Ports,
  signal: AbortSignal,
): Promise<void> {
  const { stopLimitMs } = ports.pace;
  const isOverdue = now - stop.atMs >= stopLimitMs;
  if (isOverdue) await killTasks(runId, ports, signal);
  for (const task of pending) {
    if (task.launcherId !== null && !isOverdue) continue;
    const seconds = Math.round(stopLimitMs / 1000);
    const reason =
      task.launcherId === null
        ? "It was not launched any more."
        : `It did not end within ${seconds} s of the request to stop and was ended by force.`;
    await settleTask(runId, task, { state: "stopped", reason, changedAtMs: now }, ports, signal);
  }
}

/** The stop that the state of the run calls for, if any. */
async function dueStop(
  runId: RunId,
  start: StartSignal,
  tasks: readonly TaskRecord[],
  now: number,
  ports: Ports,
  signal: AbortSignal,
): Promise<StopRequest | undefined> {
  const plan = await loadPlan(runId, ports.store, signal);
  if (now > start.deadlineAtMs) return { atMs: now, by: "deadline", reason: deadlineReason(plan, start) };
  const gone = tasks.filter(({ state }) => state === "lost" || state === "failed");
  if (plan.tasks - gone.length < healthyTasks(plan)) {
    const last = gone.at(-1);
    const left = `Only ${plan.tasks - gone.length} of ${plan.tasks} tasks were left`;
    const reason = `${left}; task ${last?.task} ${last?.state === "lost" ? "was lost" : "failed"}: ${last?.reason ?? ""}`;
    return { atMs: now, by: "failure", reason };
  }
  const rule = await firedRule(plan, start, tasks, now, ports, signal);
  return rule && { atMs: now, by: "rule", reason: rule.sentence, isFailure: rule.isFailure };
}

function deadlineReason(plan: RunPlan, { startAtMs, deadlineAtMs }: StartSignal): string {
  const seconds = Math.round((deadlineAtMs - startAtMs) / 1000);
  const planned =
    plan.plannedMs === null ? "without a planned end" : `planned for ${Math.round(plan.plannedMs / 1000)} s`;
  return `The run, ${planned}, had not ended at its deadline, ${seconds} s after its start, and was stopped.`;
}
