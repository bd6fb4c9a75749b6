import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlannedExecution } from "../../../src/core/run/plan.ts";
import { rateAt } from "../../../src/core/scenario/profile.ts";
import { RateSchedule } from "../../../src/generator/load/rateSchedule.ts";

describe("rate schedule", () => {
  test("spaces requests evenly, tasks between each other", () => {
    const load = { rampUpMs: 0, steps: null };
    const tasks = [0, 0.5].map((phase) => new RateSchedule(load, 10, phase));
    expect(tasks.map((task) => [0, 1, 2].map((index) => task.dueMs(index)))).toEqual([
      [0, 100, 200],
      [50, 150, 250],
    ]);
  });

  test("never sends at a rate of 0", () => {
    expect(new RateSchedule({ rampUpMs: 0, steps: null }, 0, 0.5).dueMs(0)).toBe(Infinity);
  });

  test("has as many requests due as the load profile adds up to", () => {
    const ramp = fc.record({
      ratePerSecond: fc.integer({ min: 1, max: 2000 }),
      rampUpMs: fc.constantFrom(0, 500, 3000, 10_000),
      steps: fc.constantFrom(null, 1, 2, 5),
      untilMs: fc.integer({ min: 1, max: 20_000 }),
    });
    fc.assert(
      fc.property(ramp, ({ ratePerSecond, rampUpMs, steps, untilMs }) => {
        const execution: PlannedExecution = {
          scenario: "s",
          executor: undefined,
          users: null,
          ratePerSecond,
          rampUpMs,
          holdForMs: 60_000,
          delayMs: 0,
          iterations: null,
          steps: rampUpMs === 0 ? null : steps,
        };
        const schedule = new RateSchedule(execution, ratePerSecond, 0);
        let due = 0;
        while (schedule.dueMs(due) < untilMs) due++;
        let profile = 0;
        for (let ms = 0; ms < untilMs; ms++) profile += rateAt(execution, ms + 0.5) / 1000;
        expect(Math.abs(due - profile)).toBeLessThanOrEqual(1.01 + profile * 1e-6);
      }),
      { numRuns: 50 },
    );
  });
});
