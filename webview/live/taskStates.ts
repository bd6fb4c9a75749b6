import type { TaskRecord, TaskState } from "../../src/core/run/run.ts";

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

/** Counts the tasks in each state that occurs, in the order of a task's life. */
export function countStates(tasks: readonly TaskRecord[]): readonly (readonly [TaskState, number])[] {
  const counts = new Map<TaskState, number>();
  for (const { state } of tasks) counts.set(state, (counts.get(state) ?? 0) + 1);
  const order = Object.keys(stateSigns);
  return [...counts].toSorted(([a], [b]) => order.indexOf(a) - order.indexOf(b));
}
