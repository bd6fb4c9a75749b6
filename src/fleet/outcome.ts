import type { RunPlan } from "../core/run/plan.ts";
import type { StopRequest, TaskReport } from "../core/run/wire.ts";
import { healthyTasks } from "./plan.ts";

/** A task without a report that can be used, and why. */
export interface MissingTask {
  readonly task: number;
  readonly reason: string;
}

/** How a task that reported said it had ended. */
export type ReportEnd = Pick<TaskReport, "task" | "outcome" | "reason">;

/** What is there when the tasks have come to an end. */
export interface Harvest {
  readonly plan: Pick<RunPlan, "tasks" | "healthyRatio">;
  readonly stop: StopRequest | undefined;
  readonly reports: readonly ReportEnd[];
  readonly missing: readonly MissingTask[];
}

/** How a run ended. */
export interface RunOutcome {
  readonly status: "complete" | "failed" | "cancelled";
  /** One sentence, when how it ended needs saying. */
  readonly reason: string | null;
  /** The sentence of a stop rule that fails the run. */
  readonly stoppedBy: string | null;
}

/** Decides how a run ended, as the table "Run" of the contracts has it. */
export function decideOutcome(harvest: Harvest): RunOutcome {
  const { plan, missing, reports } = harvest;
  const broken = reports.filter(({ outcome }) => outcome === "failed");
  // A stop that came after every task had finished by itself changed nothing.
  const isUncut = reports.length === plan.tasks && reports.every(({ outcome }) => outcome === "finished");
  const stop = isUncut ? undefined : harvest.stop;
  if (stop?.by === "person") return { status: "cancelled", reason: stop.reason, stoppedBy: null };
  if (stop?.by === "failure") return { status: "failed", reason: stop.reason, stoppedBy: null };
  const sentence = countSentence(harvest);
  if (reports.length - broken.length < healthyTasks(plan))
    return { status: "failed", reason: sentence, stoppedBy: null };
  const overdue = reports.find(({ outcome }) => outcome === "deadline");
  const sentences = [
    stop?.reason ?? overdue?.reason,
    missing.length + broken.length > 0 ? sentence : undefined,
    stop === undefined ? earlySentence(harvest) : undefined,
  ];
  return {
    status: "complete",
    reason: sentences.filter((part) => part !== undefined).join(" ") || null,
    stoppedBy: stop?.by === "rule" && stop.isFailure !== false ? stop.reason : null,
  };
}

/** Says which tasks were told to end by something else than the run: by AWS, which takes Spot capacity back, for one. */
function earlySentence({ plan, reports }: Harvest): string | undefined {
  const [first, ...others] = reports.filter(({ outcome }) => outcome === "stopped");
  if (first === undefined) return undefined;
  const count = `${others.length + 1} of ${plan.tasks} tasks ended early, with what they had measured.`;
  return `${count} Task ${first.task}: ${first.reason ?? "It gave no reason."}`;
}

const namedTasks = 3;

function countSentence({ plan, reports, missing }: Harvest): string {
  const broken = reports.filter(({ outcome }) => outcome === "failed");
  const faults = [
    ...missing,
    ...broken.map(({ task, reason }) => ({
      task,
      reason: `It failed before its end: ${reason ?? "it gave no reason."}`,
    })),
  ];
  const named = faults.slice(0, namedTasks).map(({ task, reason }) => `Task ${task}: ${reason}`);
  const others =
    faults.length > namedTasks ? [`${faults.length - namedTasks} more tasks have no complete report.`] : [];
  return [`${reports.length} of ${plan.tasks} tasks reported.`, ...named, ...others].join(" ");
}
