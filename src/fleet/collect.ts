import { mapConcurrent } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import { isFinal, type RunRecord, type TaskRecord } from "../core/run/run.ts";
import { ResultMerger } from "../core/results/merge.ts";
import { mergeResult } from "../core/results/mergeResult.ts";
import { clearInboxes } from "./close.ts";
import { harvestGuideReports } from "./guideReports.ts";
import { harvestTask, type Harvested } from "./harvest.ts";
import { decideOutcome, type Harvest } from "./outcome.ts";
import { loadPlan } from "./plan.ts";
import type { Ports, StepOutcome } from "./ports.ts";
import { findResult, storeResult } from "./result.ts";
import { killTasks, observeTasks } from "./tasks.ts";

// Reports are unpacked and merged as they arrive; only this many are in memory at a time.
const tasksAtATime = 16;

/** Step: merges and judges what the tasks uploaded, once, and keeps the result; a run of which nothing was reported has none. */
export async function collectStep(runId: RunId, now: number, ports: Ports, signal: AbortSignal): Promise<StepOutcome> {
  const { ledger, store } = ports;
  const run = await ledger.getRun(runId, signal);
  if (run === undefined || isFinal(run.status)) return { next: "end", waitMs: 0 };
  if (run.status !== "collecting") return { next: "watch", waitMs: 0 };
  if ((await findResult(run, ports, signal)) !== undefined) return { next: "close", waitMs: 0 };

  await killTasks(runId, ports, signal);
  const plan = await loadPlan(runId, store, signal);
  const tasks = await observeTasks(runId, now, ports, signal);
  const merger = new ResultMerger();
  const { reports, missing } = await harvestTasks(run, tasks, merger, ports, signal);
  const stop = await ledger.getStop(runId, signal);
  const outcome = decideOutcome({ plan, stop, reports, missing });
  if (reports.length === 0) {
    const { status, reason } = outcome;
    await ledger.closeRun({ ...run, status, reason, endedAtMs: now }, signal);
    await clearInboxes(runId, ports, signal);
    return { next: "end", waitMs: 0 };
  }
  const result = mergeResult(merger, { run, plan, ...outcome, missing, endedAtMs: now, costUsd: null });
  // Another driver may have been faster, and may have cleared the uploads since.
  if ((await findResult(run, ports, signal)) === undefined) await storeResult(result, ports, signal);
  return { next: "close", waitMs: 0 };
}

async function harvestTasks(
  run: RunRecord,
  tasks: readonly TaskRecord[],
  merger: ResultMerger,
  ports: Ports,
  signal: AbortSignal,
): Promise<Pick<Harvest, "reports" | "missing">> {
  const harvest = (task: TaskRecord) => harvestTask(run, task, merger, ports, signal);
  const first = await mapConcurrent(tasks, tasksAtATime, harvest, signal);
  const isMissing = new Set(first.flatMap((item) => ("missing" in item ? [item.missing.task] : [])));
  // A task that was done, with no report and no word about it, ran a program that knows no ledger.
  const silent = tasks.filter(({ task, state, reason }) => isMissing.has(task) && state === "done" && reason === null);
  const dealt = silent.length === 0 ? [] : await harvestGuideReports(run, silent, merger, ports, signal);
  const isDealt = new Set(dealt.map(taskOf));
  const harvested = [...first.filter((item) => !isDealt.has(taskOf(item))), ...dealt];
  const recorded = new Set(tasks.map(({ task }) => task));
  const numbers = Array.from({ length: run.tasks }, (_, task) => task);
  const unlaunched = numbers.filter((task) => !recorded.has(task));
  return {
    reports: harvested.flatMap((item) => ("report" in item ? [item.report] : [])),
    missing: [
      ...harvested.flatMap((item) => ("missing" in item ? [item.missing] : [])),
      ...unlaunched.map((task) => ({ task, reason: "It was not launched any more." })),
    ],
  };
}

function taskOf(item: Harvested): number {
  return "report" in item ? item.report.task : item.missing.task;
}
