import { UserError } from "../core/errors.ts";
import { mapConcurrent } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { isFinal, type TaskRecord } from "../core/run/run.ts";
import { shareOf } from "../core/run/share.ts";
import type { StartSignal } from "../core/run/wire.ts";
import { healthyTasks, loadPlan } from "./plan.ts";
import type { Pace, Ports, StepOutcome } from "./ports.ts";
import { requestStop } from "./stop.ts";
import { isSettled, updateTasks } from "./tasks.ts";

const launchesAtATime = 10;

/** Step: launches all tasks, waits until enough are ready, and writes the start signal once. */
export async function startStep(runId: RunId, now: number, ports: Ports, signal: AbortSignal): Promise<StepOutcome> {
  const { ledger, store, pace } = ports;
  const run = await ledger.getRun(runId, signal);
  if (run === undefined || isFinal(run.status)) return { next: "end", waitMs: 0 };
  const isStarted = run.startAtMs !== null || (await ledger.getStart(runId, signal)) !== undefined;
  const stop = await ledger.getStop(runId, signal);
  if (isStarted || stop !== undefined || run.status === "collecting") return { next: "watch", waitMs: 0 };
  if (run.status === "queued") await ledger.advanceRun(run, { ...run, status: "provisioning" }, signal);

  const plan = await loadPlan(runId, store, signal);
  const launched = await launchTasks(runId, plan, now, ports, signal);
  const tasks = await updateTasks(runId, launched, now, ports, signal);
  const ready = tasks.filter(({ state }) => state === "ready");
  const awaited = tasks.filter((task) => task.state !== "ready" && !isSettled(task));
  // Patience begins with a task's launch: before it, the run may have waited for the image to be built.
  const isPatient = awaited.some((task) => now - task.changedAtMs < pace.readyLimitMs);
  if (isPatient) return { next: "start", waitMs: pace.pollMs };
  if (ready.length < healthyTasks(plan)) {
    await requestStop(runId, { atMs: now, by: "failure", reason: notReadyReason(plan, tasks, pace) }, ledger, signal);
  } else {
    await ledger.putStart(runId, makeStart(plan, ready, now, pace), signal);
  }
  return { next: "watch", waitMs: 0 };
}

/** Launches what has not been launched yet; gives the records of all tasks. */
async function launchTasks(
  runId: RunId,
  plan: RunPlan,
  now: number,
  ports: Ports,
  signal: AbortSignal,
): Promise<readonly TaskRecord[]> {
  const { ledger, launcher } = ports;
  const recorded = await ledger.listTasks(runId, signal);
  const known = new Map(recorded.map((task) => [task.task, task]));
  const numbers = Array.from({ length: plan.tasks }, (_, number) => number);
  const unlaunched = numbers.filter((number) => (known.get(number)?.state ?? "wanted") === "wanted");
  const launch = async (number: number): Promise<void> => {
    const wanted = known.get(number) ?? makeWanted(number, now);
    if (!known.has(number)) await ledger.putTask(runId, undefined, wanted, signal);
    await ledger.putTask(runId, wanted, await launchOne(wanted), signal);
  };
  const launchOne = async (wanted: TaskRecord): Promise<TaskRecord> => {
    try {
      const { launcherId, identity } = await launcher.launch(runId, wanted.task, wanted.attempt, signal);
      return { ...wanted, state: "launched", launcherId, identity, changedAtMs: now };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { ...wanted, state: "failed", reason: error.message, changedAtMs: now };
    }
  };
  await mapConcurrent(unlaunched, launchesAtATime, launch, signal);
  return unlaunched.length === 0 ? recorded : ledger.listTasks(runId, signal);
}

function makeWanted(task: number, now: number): TaskRecord {
  return { task, attempt: 1, launcherId: null, identity: null, state: "wanted", reason: null, changedAtMs: now };
}

function makeStart(plan: RunPlan, ready: readonly TaskRecord[], now: number, pace: Pace): StartSignal {
  const startAtMs = now + pace.startMarginMs;
  const lastsMs = plan.plannedMs === null ? pace.longestRunMs : plan.plannedMs + pace.graceMs;
  const roster = ready.map(({ task }, index) => [task, toWire(plan, index, ready.length)]);
  const identities = ready.map(({ task, identity }) => [task, identity]);
  return {
    startAtMs,
    deadlineAtMs: startAtMs + lastsMs,
    roster: Object.fromEntries(roster),
    identities: Object.fromEntries(identities),
  };
}

function toWire(plan: RunPlan, index: number, of: number): StartSignal["roster"][string] {
  const share = shareOf(plan, index, of);
  return { ...share, executions: share.executions.map((execution) => ({ ...execution })) };
}

function notReadyReason(plan: RunPlan, tasks: readonly TaskRecord[], pace: Pace): string {
  const ready = tasks.filter(({ state }) => state === "ready").length;
  const failed = tasks.find(({ state }) => state !== "ready" && state !== "launched" && state !== "wanted");
  const why =
    failed === undefined
      ? `the others were not ready after ${Math.round(pace.readyLimitMs / 1000)} s`
      : `task ${failed.task} ${failed.state === "lost" ? "was lost" : "failed"}: ${failed.reason ?? "it gave no reason."}`;
  return `Only ${ready} of ${plan.tasks} tasks became ready; ${why}`.replace(/\.?$/, ".");
}
