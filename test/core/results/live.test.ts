import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Histogram } from "../../../src/core/results/histogram.ts";
import { makeLiveRecord, mergeLive } from "../../../src/core/results/live.ts";
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

const spread = Array.from({ length: 2000 }, (_, index) => 1000 * 1.005 ** index);

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

describe("a live record", () => {
  test("sums up neighbouring seconds and keeps only its labels", () => {
    const record = makeLiveRecord([secondOf(8, { "": [1000], a: [1000], b: [1] }), secondOf(9, { "": [3000] })], ["a"]);
    expect(record).toMatchObject({
      second: 8,
      seconds: 2,
      users: 3,
      labels: { "": { count: 2, failed: 2, bytes: 10, sumMs: 4 } },
    });
    expect(Object.keys(record.labels)).toEqual(["", "a"]);
  });

  test("never takes more than a kilobyte", () => {
    const labelsOf = fc.uniqueArray(fc.string({ unit: "grapheme", maxLength: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(labelsOf, fc.nat(1999), (labels, from) => {
        const values = spread.slice(from);
        const record = makeLiveRecord(
          [secondOf(1, Object.fromEntries(["", ...labels].map((label) => [label, values])))],
          labels,
        );
        expect(sizeOf(record)).toBeLessThanOrEqual(1024);
        expect(record.labels[""]?.count).toBe(values.length);
        expect(record.labels[""]?.histogram).toBeDefined();
      }),
    );
  });

  test("gives up labels' histograms before labels, and the last labels first", () => {
    const names = ["a", "b", "c", "d", "e".repeat(600)];
    const second = secondOf(0, Object.fromEntries(["", ...names].map((label) => [label, spread])));
    const short = makeLiveRecord([second], names.slice(0, 4));
    expect(Object.keys(short.labels)).toEqual(["", "a", "b", "c", "d"]);
    expect(short.labels["a"]?.histogram).toBeUndefined();
    expect(Object.keys(makeLiveRecord([second], names).labels)).toEqual(["", "a", "b", "c", "d"]);
  });
});

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

  test("takes the mean for percentiles of a label without a histogram", () => {
    const label = { count: 2, failed: 0, bytes: 0, sumMs: 10 };
    const [point] = mergeLive([{ second: 0, seconds: 1, users: 1, labels: { a: label } }]);
    expect(point?.labels["a"]).toMatchObject({ meanMs: 5, p50Ms: 5, p99Ms: 5 });
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
