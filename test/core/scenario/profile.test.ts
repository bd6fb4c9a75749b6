import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { plannedMs, profileOf, rateAt, usersAt, userStartMs } from "../../../src/core/scenario/profile.ts";
import { anyExecution, planned } from "../run/plans.ts";

describe("usersAt", () => {
  test.each([
    { name: "starts the first user at once", changes: {}, ms: 0, users: 1 },
    { name: "starts the second user after a tenth of the ramp-up", changes: {}, ms: 1000, users: 2 },
    { name: "still waits a moment before", changes: {}, ms: 999, users: 1 },
    { name: "has everyone before the ramp-up ends", changes: {}, ms: 9000, users: 10 },
    { name: "holds everyone", changes: {}, ms: 29_999, users: 10 },
    { name: "has nobody after hold-for", changes: {}, ms: 30_000, users: 0 },
    { name: "has everyone at once without a ramp-up", changes: { rampUpMs: 0 }, ms: 0, users: 10 },
    { name: "has nobody before its delay", changes: { delayMs: 5000 }, ms: 4999, users: 0 },
    { name: "counts the ramp-up from its delay", changes: { delayMs: 5000 }, ms: 6000, users: 2 },
    { name: "keeps everyone while only iterations end it", changes: { holdForMs: null }, ms: 1e9, users: 10 },
    { name: "ends with the ramp-up when there is no hold-for", changes: { holdForMs: 0 }, ms: 10_000, users: 0 },
    { name: "begins a stepping ramp-up with a whole step", changes: { steps: 5 }, ms: 0, users: 2 },
    { name: "stays on a step until its end", changes: { steps: 5 }, ms: 1999, users: 2 },
    { name: "climbs to the next step", changes: { steps: 5 }, ms: 2000, users: 4 },
    { name: "is on the last step before the ramp-up ends", changes: { steps: 5 }, ms: 8000, users: 10 },
    { name: "rounds uneven steps", changes: { steps: 3 }, ms: 0, users: 3 },
    { name: "rounds uneven steps half up", changes: { steps: 4 }, ms: 0, users: 3 },
    { name: "leaves the users to the script", changes: { users: null }, ms: 15_000, users: 0 },
  ])("$name", ({ changes, ms, users }) => {
    expect(usersAt(planned(changes), ms)).toBe(users);
  });

  it("never falls before the end and stays between 0 and the total", () => {
    fc.assert(
      fc.property(anyExecution, fc.nat(200_000), fc.nat(200_000), (execution, first, gap) => {
        const open = { ...execution, holdForMs: null };
        const before = usersAt(open, first);
        const after = usersAt(open, first + gap);
        expect(before).toBeGreaterThanOrEqual(0);
        expect(after).toBeGreaterThanOrEqual(before);
        expect(after).toBeLessThanOrEqual(open.users ?? 0);
      }),
    );
  });
});

describe("userStartMs", () => {
  it("starts as many users as usersAt counts", () => {
    fc.assert(
      fc.property(anyExecution, fc.nat(70_000), (execution, ms) => {
        const open = { ...execution, holdForMs: null, users: Math.min(execution.users ?? 7, 500) };
        const started = Array.from({ length: open.users }, (_, number) => userStartMs(open, number)).filter(
          (startMs) => startMs <= ms + 1e-6,
        );
        expect(started).toHaveLength(usersAt(open, ms + 1e-6));
      }),
    );
  });
});

describe("rateAt", () => {
  test.each([
    { name: "grows from nothing", changes: {}, ms: 0, rate: 0 },
    { name: "is half way in the middle of the ramp-up", changes: {}, ms: 5000, rate: 50 },
    { name: "holds the target", changes: {}, ms: 10_000, rate: 100 },
    { name: "is nothing after the end", changes: {}, ms: 30_000, rate: 0 },
    { name: "is nothing before the delay", changes: { delayMs: 1000 }, ms: 999, rate: 0 },
    { name: "climbs in steps", changes: { steps: 4 }, ms: 2500, rate: 50 },
    { name: "needs no users", changes: { users: null }, ms: 5000, rate: 50 },
    { name: "is nothing without a target", changes: { ratePerSecond: null }, ms: 15_000, rate: 0 },
  ])("$name", ({ changes, ms, rate }) => {
    expect(rateAt(planned({ ratePerSecond: 100, ...changes }), ms)).toBe(rate);
  });
});

describe("plannedMs", () => {
  test.each([
    { name: "adds delay, ramp-up and hold-for", executions: [planned({ delayMs: 5000 })], ms: 35_000 },
    { name: "takes the longest execution", executions: [planned(), planned({ holdForMs: 60_000 })], ms: 70_000 },
    { name: "is not known when one has no end", executions: [planned(), planned({ holdForMs: null })], ms: null },
    { name: "is nothing without executions", executions: [], ms: 0 },
  ])("$name", ({ executions, ms }) => {
    expect(plannedMs(executions)).toBe(ms);
  });
});

describe("profileOf", () => {
  it("adds the executions up, from the start to the planned end", () => {
    const executions = [
      planned({ rampUpMs: 0 }),
      planned({ users: 4, rampUpMs: 0, delayMs: 15_000, holdForMs: 15_000 }),
    ];
    expect(profileOf(executions, 4).map(({ ms, users }) => [ms, users])).toEqual([
      [0, 10],
      [10_000, 10],
      [20_000, 4],
      [30_000, 4],
    ]);
  });

  it("shows the load just before the end as its last point", () => {
    expect(profileOf([planned({ ratePerSecond: 8 })], 2)).toEqual([
      { ms: 0, users: 1, ratePerSecond: 0 },
      { ms: 30_000, users: 10, ratePerSecond: 8 },
    ]);
  });

  it("shows the ramp-up and as long again when the end is not known", () => {
    expect(profileOf([planned({ holdForMs: null })], 3).map(({ ms }) => ms)).toEqual([0, 10_000, 20_000]);
  });
});
