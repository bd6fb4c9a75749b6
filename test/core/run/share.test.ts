import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dataRows, ownUserStartMs, shareOf } from "../../../src/core/run/share.ts";
import { userStartMs } from "../../../src/core/scenario/profile.ts";
import { anyExecution, planned } from "./plans.ts";

const anyRoster = fc.record({
  executions: fc.array(anyExecution, { minLength: 1, maxLength: 4 }),
  of: fc.integer({ min: 1, max: 60 }),
});

/** The shares of a whole roster. */
function sharesOf(plan: Parameters<typeof shareOf>[0], of: number) {
  return Array.from({ length: of }, (_, index) => shareOf(plan, index, of));
}

/** Adds up parts; null when the plan leaves them open. */
function sum(parts: readonly (number | null | undefined)[]): number | null {
  return parts.includes(null) ? null : parts.reduce<number>((total, part) => total + (part ?? NaN), 0);
}

describe("shareOf", () => {
  it("divides 10 users among 4 tasks", () => {
    const plan = { executions: [planned()] };
    expect(sharesOf(plan, 4).map((share) => share.executions[0])).toEqual([
      { users: 3, firstUser: 0, ratePerSecond: null },
      { users: 3, firstUser: 3, ratePerSecond: null },
      { users: 2, firstUser: 6, ratePerSecond: null },
      { users: 2, firstUser: 8, ratePerSecond: null },
    ]);
  });

  it("gives every task a user of one of two small executions", () => {
    const plan = { executions: [planned({ users: 2 }), planned({ users: 2 })] };
    expect(sharesOf(plan, 4).map((share) => share.executions.map(({ users }) => users))).toEqual([
      [1, 0],
      [1, 0],
      [0, 1],
      [0, 1],
    ]);
  });

  it("gives a task without users of an execution no part of its rate", () => {
    const plan = { executions: [planned({ users: 1, ratePerSecond: 50 })] };
    expect(sharesOf(plan, 2).map((share) => share.executions[0]?.ratePerSecond)).toEqual([50, 0]);
  });

  it("leaves the users of a script as they are", () => {
    expect(shareOf({ executions: [planned({ users: null })] }, 1, 3).executions[0]).toEqual({
      users: null,
      firstUser: 0,
      ratePerSecond: null,
    });
  });

  it("adds up to the plan's users and rates exactly, in any order", () => {
    fc.assert(
      fc.property(anyRoster, fc.boolean(), ({ executions, of }, reversed) => {
        const shares = sharesOf({ executions }, of);
        if (reversed) shares.reverse();
        executions.forEach((execution, number) => {
          const parts = shares.map((share) => share.executions[number]);
          expect(sum(parts.map((part) => part?.users))).toBe(execution.users);
          expect(sum(parts.map((part) => part?.ratePerSecond))).toBe(execution.ratePerSecond);
          expect(parts.every((part) => (part?.ratePerSecond ?? 0) >= 0)).toBe(true);
        });
      }),
    );
  });

  it("keeps every task within one user of the others, over all executions", () => {
    fc.assert(
      fc.property(anyRoster, ({ executions, of }) => {
        const totals = sharesOf({ executions }, of).map((share) =>
          share.executions.reduce((total, { users }) => total + (users ?? 0), 0),
        );
        expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("numbers the users of an execution without gaps and without doubles", () => {
    fc.assert(
      fc.property(anyRoster, ({ executions, of }) => {
        executions.forEach(({ users }, number) => {
          if (users === null) return;
          const parts = sharesOf({ executions }, of).flatMap((share) => share.executions[number] ?? []);
          const taken = parts
            .filter((part) => part.users !== 0)
            .toSorted((one, other) => one.firstUser - other.firstUser);
          let next = 0;
          for (const part of taken) {
            expect(part.firstUser).toBe(next);
            next += part.users ?? 0;
          }
          expect(next).toBe(users);
        });
      }),
    );
  });
});

describe("ownUserStartMs", () => {
  it("lets the tasks take turns", () => {
    const plan = { executions: [planned({ users: 4, rampUpMs: 4000 })] };
    const starts = sharesOf(plan, 2).map((share) => [0, 1].map((user) => ownUserStartMs(plan, share, 0, user)));
    expect(starts).toEqual([
      [0, 2000],
      [1000, 3000],
    ]);
  });

  it("starts the users of all tasks exactly when the plan starts its users", () => {
    fc.assert(
      fc.property(anyRoster, ({ executions, of }) => {
        const plan = { executions };
        executions.forEach((execution, number) => {
          const users = execution.users ?? 0;
          const starts = sharesOf(plan, of).flatMap((share) =>
            Array.from({ length: share.executions[number]?.users ?? 0 }, (_, user) =>
              ownUserStartMs(plan, share, number, user),
            ),
          );
          const expected = Array.from({ length: users }, (_, user) => userStartMs(execution, user));
          expect(starts.toSorted((a, b) => a - b)).toEqual(expected);
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe("dataRows", () => {
  it("gives every row to exactly one task, in parts that differ by one row at most", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(10_000), (of, total) => {
        const ranges = Array.from({ length: of }, (_, index) => dataRows(index, of, total));
        let next = 0;
        for (const range of ranges) {
          expect(range.from).toBe(next);
          expect(Math.abs(range.to - range.from - total / of)).toBeLessThan(1);
          next = range.to;
        }
        expect(next).toBe(total);
      }),
    );
  });
});
