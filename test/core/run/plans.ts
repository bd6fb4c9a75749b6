import * as fc from "fast-check";
import type { PlannedExecution } from "../../../src/core/run/plan.ts";

/** A planned execution of 10 users who ramp up over 10 s and hold for 20 s, with what a test changes. */
export function planned(changes: Partial<PlannedExecution> = {}): PlannedExecution {
  return {
    scenario: "shop",
    executor: undefined,
    users: 10,
    ratePerSecond: null,
    rampUpMs: 10_000,
    holdForMs: 20_000,
    delayMs: 0,
    iterations: null,
    steps: null,
    ...changes,
  };
}

/** Planned executions of every kind: with and without users, rate, steps, delay and a planned end. */
export const anyExecution: fc.Arbitrary<PlannedExecution> = fc
  .record({
    users: fc.option(fc.integer({ min: 1, max: 5_000 })),
    ratePerSecond: fc.option(fc.double({ min: 0.01, max: 1e6, noNaN: true })),
    rampUpMs: fc.integer({ min: 0, max: 3_600_000 }),
    holdForMs: fc.option(fc.integer({ min: 1, max: 3_600_000 })),
    delayMs: fc.integer({ min: 0, max: 60_000 }),
    steps: fc.option(fc.integer({ min: 1, max: 50 })),
  })
  .map(planned);
