import { describe, expect, test } from "vitest";
import { Histogram } from "../../../src/core/results/histogram.ts";
import { mergeLive } from "../../../src/core/results/live.ts";
import { makeLiveRecord } from "../../../src/core/results/liveRecord.ts";
import type { ErrorKind, LiveRecord } from "../../../src/core/run/wire.ts";
import type { Second, SecondFigures } from "../../../src/core/results/series.ts";

function figuresOf(values: readonly number[]): SecondFigures {
  const histogram = new Histogram("us");
  for (const value of values) histogram.record(value);
  const sumMs = values.reduce((sum, value) => sum + value, 0) / 1000;
  return { count: values.length, failed: 1, bytes: 5, sumMs, histogram };
}

function secondOf(second: number, labels: Readonly<Record<string, readonly number[]>>): Second {
  return {
    second,
    users: 3,
    labels: new Map(Object.entries(labels).map(([label, values]) => [label, figuresOf(values)])),
  };
}

describe("merging", () => {
  test("adds tasks up second by second, in order of time", () => {
    const records = [
      makeLiveRecord([secondOf(2, { "": [9000] })], []),
      makeLiveRecord([secondOf(1, { "": [1000, 1000], a: [2000] })], ["a"]),
      makeLiveRecord([secondOf(1, { "": [4000, 4000] })], []),
    ];
    const points = mergeLive(records);
    expect(points.map(({ second, tasksReporting, users }) => [second, tasksReporting, users])).toEqual([
      [1, 2, 6],
      [2, 1, 3],
    ]);
    expect(points[0]?.labels[""]).toMatchObject({
      count: 4,
      failed: 2,
      bytes: 10,
      meanMs: 2.5,
      p50Ms: 1.003,
      p95Ms: 4.015,
    });
    expect(points[0]?.labels["a"]).toMatchObject({ count: 1, meanMs: 2 });
  });

  const unknown = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null };
  const plain = { count: 2, failed: 0, bytes: 0, sumMs: 10 };

  test("knows no percentiles of a label without a histogram", () => {
    const [point] = mergeLive([{ second: 0, seconds: 1, users: 1, labels: { a: plain } }]);
    expect(point?.labels["a"]).toMatchObject({ count: 2, meanMs: 5, ...unknown });
  });

  test("knows no percentiles when a task with samples lacks its histogram, and minds no task without samples", () => {
    const whole = makeLiveRecord([secondOf(0, { "": [1000], a: [1000] })], ["a"]);
    const recordOf = (count: number) => ({ second: 0, seconds: 1, users: 1, labels: { a: { ...plain, count } } });
    expect(mergeLive([whole, recordOf(2)])[0]?.labels["a"]).toMatchObject({ count: 3, ...unknown });
    expect(mergeLive([whole, recordOf(0)])[0]?.labels["a"]).toMatchObject({ count: 1, p95Ms: 1.003 });
  });

  test("knows no percentiles of a stretch of which one second lacks its histogram", () => {
    const bare = { ...figuresOf([9000]), histogram: undefined };
    const seconds = [secondOf(8, { "": [1000], a: [1000] }), { second: 9, users: 1, labels: new Map([["a", bare]]) }];
    const [point] = mergeLive([makeLiveRecord(seconds, ["a"])]);
    expect(point?.labels["a"]).toMatchObject({ count: 2, meanMs: 5, ...unknown });
  });

  test("leaves out a label of which a task may have samples that it does not name", () => {
    const labels = { "": [1000], a: [1000], b: [2000] };
    const cut = makeLiveRecord([secondOf(0, labels)], ["a"], { hidden: 1 });
    const whole = makeLiveRecord([secondOf(0, labels)], ["a", "b"]);
    const [point] = mergeLive([cut, whole]);
    expect(Object.keys(point?.labels ?? {})).toEqual(["", "a"]);
    expect(point?.labels["a"]?.count).toBe(2);
    expect(point?.hidden).toBe(2);
    expect(mergeLive([whole, whole])[0]).not.toHaveProperty("hidden");
  });

  test("keeps a label of which a task that leaves others out had no samples", () => {
    const without = makeLiveRecord([secondOf(0, { "": [1000], b: [1000] })], ["a"], { hidden: 1 });
    const [point] = mergeLive([without, makeLiveRecord([secondOf(0, { "": [1000], a: [1000] })], ["a"])]);
    expect(point?.labels["a"]).toMatchObject({ count: 1, p95Ms: 1.003 });
    expect(Object.keys(mergeLive([without])[0]?.labels ?? {})).toEqual([""]);
  });

  test("adds up the kinds of errors of all tasks, the most frequent first", () => {
    const kind = (message: string, count: number) => ({ message, code: "500", count });
    const recordOf = (errors: readonly ErrorKind[]): LiveRecord => ({
      ...makeLiveRecord([secondOf(0, { "": [1000] })], []),
      errors: [...errors],
    });
    const [point] = mergeLive([recordOf([kind("a", 3), kind("b", 2)]), recordOf([kind("b", 2)])]);
    expect(point?.errors).toEqual([kind("b", 4), kind("a", 3)]);
  });

  test("tells what the busiest tasks use", () => {
    const recordOf = (task: number): LiveRecord =>
      makeLiveRecord([secondOf(0, { "": [1000] })], [], { task, usage: { cpuRatio: task / 100, memoryMiB: 60 } });
    const [point] = mergeLive(Array.from({ length: 30 }, (_, task) => recordOf(task)));
    expect(point?.usage?.map(({ task }) => task)).toEqual([29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18]);
    expect(point?.usage?.[0]).toEqual({ task: 29, cpuRatio: 0.29, memoryMiB: 60 });
  });

  test("takes coarse and fine histograms, ms and µs together", () => {
    const coarse = new Histogram("ms", { digits: 1 });
    coarse.record(100);
    const fine = new Histogram("us", { digits: 2 });
    fine.record(100_000, 99);
    const labelOf = (histogram: Histogram): object => ({
      count: histogram.totalCount,
      failed: 0,
      bytes: 0,
      sumMs: 0,
      histogram: histogram.toWire(),
    });
    const records = [fine, coarse].map((histogram) => ({
      second: 0,
      seconds: 1,
      users: 1,
      labels: { "": labelOf(histogram) },
    }));
    // oxlint-disable-next-line typescript/no-unsafe-argument
    const [point] = mergeLive(JSON.parse(JSON.stringify(records)));
    expect(point?.labels[""]?.p50Ms).toBeCloseTo(100, -1);
  });

  test.each(["__proto__", "constructor", "toString"])("takes %s for a label like any other", (label) => {
    const second = secondOf(
      0,
      Object.fromEntries([
        ["", [1000]],
        [label, [1000]],
      ]),
    );
    const records = [makeLiveRecord([second], [label]), makeLiveRecord([secondOf(0, { "": [1000] })], [label])];
    const labels = new Map(Object.entries(mergeLive(records)[0]?.labels ?? {}));
    expect([...labels].map(([name, { count }]) => [name, count])).toEqual([
      ["", 2],
      [label, 1],
    ]);
  });

  test("has no points without records", () => {
    expect(mergeLive([])).toEqual([]);
  });
});
