import { describe, expect, test } from "vitest";
import { parseCriterion } from "../../../src/core/results/parseCriterion.ts";
import { StopWatch, type StopReason } from "../../../src/core/results/stopRule.ts";
import type { LivePoint } from "../../../src/core/run/run.ts";

function pointOf(second: number, failed: number, p95Ms = 10): LivePoint {
  const figures = { count: 10, failed, bytes: 0, meanMs: 5, p50Ms: 5, p90Ms: 8, p95Ms, p99Ms: 2 * p95Ms };
  return { second, seconds: 1, users: 1, tasksReporting: 1, labels: { "": figures } };
}

/** Second at which a reason came up first, and the reason. */
function watch(
  rules: readonly string[],
  points: readonly LivePoint[],
  forMs?: number,
): readonly [number, StopReason] | undefined {
  const criteria = rules.map((rule) => {
    const parsed = parseCriterion(rule);
    if ("fault" in parsed) throw new Error(parsed.fault.message);
    return parsed.criterion;
  });
  const stop = new StopWatch({ criteria, stopWhen: forMs === undefined ? null : { errorRatio: 0.9, forMs } });
  for (const point of points) {
    const reason = stop.add(point);
    if (reason !== undefined) return [point.second, reason];
  }
  return undefined;
}

function secondsOf(failures: readonly number[]): readonly LivePoint[] {
  return failures.map((failed, second) => pointOf(second, failed));
}

describe("stop-when", () => {
  const failing = Array.from({ length: 80 }, () => 9);
  test("ends a run in which nearly everything fails for the whole time", () => {
    expect(watch([], secondsOf(failing), 60_000)).toEqual([
      59,
      { sentence: "At least 90 % of all requests failed for 1m.", isFailure: true },
    ]);
  });

  test("begins to count again after a better second", () => {
    expect(watch([], secondsOf(failing.with(30, 8)), 60_000)).toBeUndefined();
    expect(watch([], secondsOf(failing.with(10, 8)), 60_000)?.[0]).toBe(70);
  });

  test("does not count seconds without requests as better ones", () => {
    const points = secondsOf(failing).filter(({ second }) => second % 10 !== 5);
    expect(watch([], points, 60_000)?.[0]).toBe(59);
  });

  test("is off when the plan has none", () => {
    expect(watch([], secondsOf(failing))).toBeUndefined();
  });
});

describe("criteria that stop", () => {
  const slow = Array.from({ length: 10 }, (_, second) => pointOf(second, 0, 500));
  test.each([
    ["p95>400ms for 3s", 2],
    ["p99>900ms for 3s", 2],
    ["p95>400ms over 5s", 4],
    ["p95>400ms within 5s", 0],
    ["avg-rt>1ms for 10s", 9],
    ["hits>49 within 5s", 4],
  ])("fires %s", (rule, second) => {
    expect(watch([rule], slow)?.[0]).toBe(second);
  });

  test.each([
    "p95>400ms for 11s",
    "p95>600ms for 1s",
    "p95>400ms for 3s, continue as failed",
    "p95>400ms",
    "p75>1ms for 1s",
    "p95 of Other>1ms for 1s",
    "hits of toString>0 for 1s",
  ])("does not fire %s", (rule) => {
    expect(watch([rule], slow)).toBeUndefined();
  });

  const unknown = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null };
  const without = (point: LivePoint): LivePoint => ({
    ...point,
    labels: Object.fromEntries(Object.entries(point.labels).map(([label, one]) => [label, { ...one, ...unknown }])),
  });

  test.each(["p95>1ms for 3s", "p50>1ms within 3s", "p99>1ms over 3s"])(
    "never fires %s on percentiles that nobody knows",
    (rule) => {
      expect(watch([rule], slow.map(without))).toBeUndefined();
      expect(watch([rule], slow)).toBeDefined();
    },
  );

  test("still judges the mean where percentiles are not known", () => {
    expect(watch(["avg-rt>1ms for 10s"], slow.map(without))?.[0]).toBe(9);
  });

  test("a window that has to hold does not hold across a second whose percentiles are not known", () => {
    const points = slow.map((point) => (point.second === 3 ? without(point) : point));
    expect(watch(["p95>400ms for 5s"], points)?.[0]).toBe(8);
  });

  test("says which rule was met, and whether it fails the run", () => {
    expect(watch(["p95>400ms for 3s, stop as non-failed"], slow)?.[1]).toEqual({
      sentence:
        "The rule p95>400ms for 3s, stop as non-failed was met: p95 was 500 ms at worst, allowed is at most 400 ms over any 3s, first met 3s after the start.",
      isFailure: false,
    });
  });
});

test("ignores a point of a second that it has seen", () => {
  const stop = new StopWatch({ criteria: [], stopWhen: { errorRatio: 0.9, forMs: 2000 } });
  expect(stop.add(pointOf(0, 9))).toBeUndefined();
  expect(stop.add(pointOf(0, 0))).toBeUndefined();
  expect(stop.add(pointOf(1, 9))).toBeDefined();
});
