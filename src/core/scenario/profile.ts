import type { PlannedExecution } from "../run/plan.ts";

/** A point of the load profile: totals over all executions and tasks. */
export interface ProfilePoint {
  /** Counted from the start instant. */
  readonly ms: number;
  readonly users: number;
  /** Sum of the target rates; 0 when no execution has one. */
  readonly ratePerSecond: number;
}

/** Instant at which an execution ends, in ms from the start instant; null when only its iterations or its script end it. */
function endMs(execution: PlannedExecution): number | null {
  return execution.holdForMs === null ? null : execution.delayMs + execution.rampUpMs + execution.holdForMs;
}

/** Time since the execution's own beginning; undefined while it has not begun and after its end. */
function activeMs(execution: PlannedExecution, ms: number): number | undefined {
  const end = endMs(execution);
  return ms < execution.delayMs || (end !== null && ms >= end) ? undefined : ms - execution.delayMs;
}

/** Number of the step, from 1, in which a stepping ramp-up is. */
function stepAt(execution: PlannedExecution, steps: number, activeForMs: number): number {
  return Math.min(steps, Math.floor((activeForMs * steps) / execution.rampUpMs) + 1);
}

/**
 * Counts the users that an execution wants at an instant, in ms from the start instant: 0 before its delay and after
 * its end, and while its script alone decides. The first user starts at once, user `n` at `n / users` of the ramp-up,
 * as JMeter's thread group starts them; with steps, each step begins with its whole level, as Taurus has it.
 */
export function usersAt(execution: PlannedExecution, ms: number): number {
  const { users, rampUpMs, steps } = execution;
  const activeForMs = activeMs(execution, ms);
  if (users === null || activeForMs === undefined) return 0;
  if (activeForMs >= rampUpMs) return users;
  // Whole numbers only, so that the level and `userStartMs` agree to the user.
  if (steps !== null) return Math.floor((2 * users * stepAt(execution, steps, activeForMs) + steps) / (2 * steps));
  return Math.min(users, Math.floor((activeForMs * users) / rampUpMs) + 1);
}

/** Tells when user `number` (from 0, of all users of the execution) starts, in ms from the start instant. */
export function userStartMs(execution: PlannedExecution, number: number): number {
  const { users, rampUpMs, steps, delayMs } = execution;
  if (users === null || rampUpMs === 0) return delayMs;
  if (steps === null) return delayMs + (number * rampUpMs) / users;
  const step = Math.ceil(((2 * number + 1) * steps) / (2 * users));
  return delayMs + ((step - 1) * rampUpMs) / steps;
}

/**
 * Gives an execution's target rate in requests per second at an instant, in ms from the start instant: it grows from 0
 * with the ramp-up, linearly or in steps. 0 before the delay, after the end, and without a target.
 */
export function rateAt(execution: PlannedExecution, ms: number): number {
  const { ratePerSecond, rampUpMs, steps } = execution;
  const activeForMs = activeMs(execution, ms);
  if (ratePerSecond === null || activeForMs === undefined) return 0;
  if (activeForMs >= rampUpMs) return ratePerSecond;
  if (steps !== null) return (ratePerSecond * stepAt(execution, steps, activeForMs)) / steps;
  return (ratePerSecond * activeForMs) / rampUpMs;
}

/** Gives the longest of delay + ramp-up + hold-for in ms; null when one of the executions has no planned end. */
export function plannedMs(executions: readonly PlannedExecution[]): number | null {
  let longest = 0;
  for (const execution of executions) {
    const end = endMs(execution);
    if (end === null) return null;
    longest = Math.max(longest, end);
  }
  return longest;
}

/** Span that a chart shows: up to the planned end, or as long again as the ramp-up took when the end is not known. */
function spanMs(executions: readonly PlannedExecution[]): number {
  const rampedUp = Math.max(0, ...executions.map((execution) => execution.delayMs + execution.rampUpMs));
  return plannedMs(executions) ?? Math.max(2 * rampedUp, 1000);
}

/**
 * Samples the load profile for a chart: `points` (at least 2) instants, evenly spaced from the start to the planned end.
 * The last point shows the load just before the end.
 */
export function profileOf(executions: readonly PlannedExecution[], points: number): readonly ProfilePoint[] {
  const span = spanMs(executions);
  return Array.from({ length: points }, (_, index) => {
    const ms = (span * index) / (points - 1);
    const sampleMs = Math.min(ms, span - 1);
    const sum = (load: (execution: PlannedExecution, ms: number) => number): number =>
      executions.reduce((total, execution) => total + load(execution, sampleMs), 0);
    return { ms, users: sum(usersAt), ratePerSecond: sum(rateAt) };
  });
}
