import type { Pace } from "../fleet/ports.ts";

/** The patience of steps in AWS: a task of Fargate takes a minute or two to start, and every look costs calls. */
export const awsPace: Pace = {
  pollMs: 3000,
  // Agents look each 2 s for their start.
  startMarginMs: 10_000,
  readyLimitMs: 15 * 60_000,
  // Fargate ends a task 120 s after it told it to; its upload belongs to that time.
  stopLimitMs: 150_000,
  graceMs: 120_000,
  longestRunMs: 4 * 3_600_000,
  unseenMs: 60_000,
  guideReadyMs: 60_000,
};

/** How long what the launcher said of a run's tasks serves again: with 5,000 tasks an answer takes 50 calls. */
export function listMsOf(tasks: number): number {
  return Math.max(15_000, tasks * 15);
}
