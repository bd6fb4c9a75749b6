import type { Pace } from "../fleet/ports.ts";

/** The patience of steps on this machine. */
export const localPace: Pace = {
  pollMs: 150,
  startMarginMs: 400,
  readyLimitMs: 60_000,
  stopLimitMs: 8000,
  graceMs: 30_000,
  longestRunMs: 4 * 3_600_000,
};
