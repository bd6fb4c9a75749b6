import { formatCount } from "../../src/core/results/figures.ts";
import type { TaskRecord, TaskState } from "../../src/core/run/run.ts";
import { t } from "../language.ts";

/** One letter for a small picture of a task; the words stand beside it for those who do not see it. */
export const stateSigns: Readonly<Record<TaskState, string>> = {
  wanted: "·",
  launched: "…",
  ready: "○",
  running: "▶",
  uploading: "↑",
  done: "✓",
  failed: "✗",
  late: "!",
  duplicate: "!",
  lost: "✗",
  stopped: "■",
};

/** Tells whether a state is one that a person should look at. */
export function isTrouble(state: TaskState): boolean {
  return state === "failed" || state === "lost" || state === "late" || state === "duplicate";
}

/** Name of a state, the same for one task and for several. */
export function stateName(state: TaskState): string {
  const names: Readonly<Record<TaskState, string>> = {
    wanted: t("wanted|task"),
    launched: t("launched|task"),
    ready: t("ready|task"),
    running: t("running|task"),
    uploading: t("uploading|task"),
    done: t("done|task"),
    failed: t("failed|task"),
    late: t("late|task"),
    duplicate: t("duplicate|task"),
    lost: t("lost|task"),
    stopped: t("stopped|task"),
  };
  return names[state];
}

/** Says how many tasks are in which state: `2 running, 1 lost`; empty without tasks. */
export function describeStates(tasks: readonly TaskRecord[]): string {
  return countStates(tasks)
    .map(([state, count]) => `${formatCount(count)} ${stateName(state)}`)
    .join(", ");
}

/** Counts the tasks in each state that occurs, in the order of a task's life. */
function countStates(tasks: readonly TaskRecord[]): readonly (readonly [TaskState, number])[] {
  const counts = new Map<TaskState, number>();
  for (const { state } of tasks) counts.set(state, (counts.get(state) ?? 0) + 1);
  const order = Object.keys(stateSigns);
  return [...counts].toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}
