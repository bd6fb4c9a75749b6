import { userStartMs } from "../scenario/profile.ts";
import { rateBetween } from "./apportion.ts";
import type { PlannedExecution, RunPlan, Share } from "./plan.ts";

type Loads = Pick<RunPlan, "executions">;

/** Users of the executions before this one: where the dealing stands when it begins. */
function dealtBefore(plan: Loads, execution: number): number {
  return plan.executions.slice(0, execution).reduce((sum, { users }) => sum + (users ?? 0), 0);
}

/** Place of a task in the dealing of an execution: 0 gets its first user, `of - 1` its last of each round. */
function placeOf(plan: Loads, execution: number, index: number, of: number): number {
  return (((index - dealtBefore(plan, execution)) % of) + of) % of;
}

function shareOfExecution(execution: PlannedExecution, place: number, of: number): Share["executions"][number] {
  const { users, ratePerSecond } = execution;
  // A load without users of its own is divided as if each task had one.
  const total = users ?? of;
  const before = place * Math.floor(total / of) + Math.min(place, total % of);
  const own = Math.floor(total / of) + (place < total % of ? 1 : 0);
  return {
    users: users === null ? null : own,
    firstUser: users === null ? 0 : before,
    ratePerSecond: ratePerSecond === null ? null : rateBetween(ratePerSecond, before / total, (before + own) / total),
  };
}

/**
 * Gives the part of the load that the task at position `index` of a roster of `of` tasks takes. The parts of all
 * positions add up to the plan's totals exactly, rates included and in whatever order they are added. Users are dealt
 * like cards, execution after execution, so that tasks differ by one user at most and none is left out while there are
 * as many users as tasks; rates follow the users. `firstUser` numbers the users of an execution without gaps.
 */
export function shareOf(plan: Loads, index: number, of: number): Share {
  const executions = plan.executions.map((execution, number) =>
    shareOfExecution(execution, placeOf(plan, number, index, of), of),
  );
  return { index, of, executions };
}

/**
 * Tells when a task's user `user` (from 0) of execution number `execution` starts, in ms from the start instant. The
 * tasks take turns, so that all of them ramp up together and the ramp-up of the whole run is as planned.
 */
export function ownUserStartMs(plan: Loads, share: Share, execution: number, user: number): number {
  const planned = plan.executions[execution];
  if (planned === undefined) return 0;
  return userStartMs(planned, placeOf(plan, execution, share.index, share.of) + user * share.of);
}

/** Rows of a data file, from 0; the end is exclusive. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** Tells which rows of a data file position `index` of `of` tasks takes; empty when there are fewer rows than tasks before it. */
export function dataRows(index: number, of: number, totalRows: number): RowRange {
  return { from: Math.floor((index * totalRows) / of), to: Math.floor(((index + 1) * totalRows) / of) };
}
