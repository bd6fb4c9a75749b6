import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Histogram, type TimeUnit } from "../../../src/core/results/histogram.ts";
import { parseCriterion } from "../../../src/core/results/parseCriterion.ts";
import type { ResultSeries } from "../../../src/core/results/result.ts";
import { SeriesMerger } from "../../../src/core/results/seriesMerge.ts";
import { SeriesRecorder, seriesBucketSeconds, type SecondFigures } from "../../../src/core/results/series.ts";

const plan = { seriesBucketSeconds: 1, labels: [], seriesLabels: [], secondLabels: [], criteria: [] };

function figuresOf(values: readonly number[], unit: TimeUnit = "us"): SecondFigures {
  const histogram = new Histogram(unit);
  for (const value of values) histogram.record(value);
  const sumMs = values.reduce((sum, value) => sum + value, 0) / (unit === "us" ? 1000 : 1);
  return {
    count: values.length,
    failed: values.filter((value) => value % 2 === 1).length,
    bytes: 10 * values.length,
    sumMs,
    histogram,
  };
}

interface Entry {
  readonly second: number;
  readonly values: readonly number[];
}

function record(entries: readonly Entry[], changes: Partial<typeof plan> = {}, unit: TimeUnit = "us"): Uint8Array {
  const recorder = new SeriesRecorder({ ...plan, ...changes });
  for (const { second, values } of entries) {
    recorder.add({ second, users: 1 + (second % 3), labels: new Map([["", figuresOf(values, unit)]]) });
  }
  return recorder.toBytes();
}

function merge(...series: readonly Uint8Array[]): ResultSeries | null {
  const merger = new SeriesMerger();
  for (const bytes of series) expect(merger.add(bytes)).toBeUndefined();
  return merger.toResult();
}

const entriesOf = fc
  .array(fc.record({ second: fc.nat(40), values: fc.array(fc.nat(2_000_000), { maxLength: 20 }) }), { maxLength: 30 })
  .map((entries) =>
    [...new Map(entries.map((entry) => [entry.second, entry])).values()].toSorted((a, b) => a.second - b.second),
  );

test.each([
  [null, 1],
  [20_000, 1],
  [1_000_000, 1],
  [1_001_000, 2],
  [3_600_000, 5],
  [4 * 3_600_000, 15],
  [86_400_000, 120],
  [30 * 86_400_000, 900],
])("divides %s ms into buckets of %d s", (plannedMs, seconds) => {
  expect(seriesBucketSeconds(plannedMs)).toBe(seconds);
});

test("gives the figures of a single task back", () => {
  const series = merge(
    record([
      { second: 0, values: [1000, 2001] },
      { second: 2, values: [5000] },
    ]),
  );
  expect(series).toEqual({
    bucketSeconds: 1,
    buckets: 3,
    users: [1, 0, 3],
    tasks: [1, 0, 1],
    labels: {
      "": {
        count: [2, 0, 1],
        failed: [1, 0, 0],
        bytes: [20, 0, 10],
        meanMs: [1.501, 0, 5],
        percentilesMs: {
          p50: [1.003, null, 5.023],
          p90: [2.007, null, 5.023],
          p95: [2.007, null, 5.023],
          p99: [2.007, null, 5.023],
          max: [2.007, null, 5.023],
        },
      },
    },
  });
});

test("merges tasks into what one task with all their requests would give, in any order", () => {
  fc.assert(
    fc.property(entriesOf, entriesOf, (a, b) => {
      const merged = merge(record(a), record(b));
      expect(merge(record(b), record(a))).toEqual(merged);
      const seconds = [...new Set([...a, ...b].map(({ second }) => second))].toSorted((x, y) => x - y);
      const valuesAt = (entries: readonly Entry[], second: number): readonly number[] =>
        entries.find((entry) => entry.second === second)?.values ?? [];
      const pooled = seconds.map((second) => ({ second, values: [...valuesAt(a, second), ...valuesAt(b, second)] }));
      const one = merge(record(pooled));
      expect(merged?.labels).toEqual(one?.labels);
    }),
    { numRuns: 40 },
  );
});

test("folds buckets of different widths into the widest, whichever comes first", () => {
  fc.assert(
    fc.property(entriesOf, entriesOf, (a, b) => {
      fc.pre(b.length > 0);
      const wide = record(b, { seriesBucketSeconds: 4 });
      const expected = merge(record(a, { seriesBucketSeconds: 4 }), wide);
      expect(merge(record(a), wide)?.labels).toEqual(expected?.labels);
      expect(merge(wide, record(a))?.labels).toEqual(expected?.labels);
    }),
    { numRuns: 40 },
  );
});

test("doubles the width when a run outgrows a thousand buckets, and loses nothing", () => {
  const entries = Array.from({ length: 2500 }, (_, second) => ({ second, values: [1000 * (second % 50)] }));
  const series = merge(record(entries));
  expect(series).toMatchObject({ bucketSeconds: 4, buckets: 625 });
  expect(series?.labels[""]).toEqual(merge(record(entries, { seriesBucketSeconds: 4 }))?.labels[""]);
});

test("adds up tasks that measure in milliseconds and in microseconds", () => {
  const series = merge(record([{ second: 0, values: [40_000] }]), record([{ second: 0, values: [80] }], {}, "ms"));
  expect(series?.labels[""]?.count).toEqual([2]);
  expect(series?.labels[""]?.percentilesMs?.p50[0]).toBeCloseTo(40.2, 0);
  expect(series?.labels[""]?.percentilesMs?.max[0]).toBeCloseTo(80.4, 0);
});

describe("labels", () => {
  const labels = Array.from({ length: 30 }, (_, index) => `label ${index}`);
  const add = (recorder: SeriesRecorder): void =>
    recorder.add({ second: 0, users: 1, labels: new Map([...labels, ""].map((label) => [label, figuresOf([1000])])) });

  test("keeps the first twenty and all requests when the plan names none", () => {
    const recorder = new SeriesRecorder(plan);
    add(recorder);
    expect(Object.keys(merge(recorder.toBytes())?.labels ?? {})).toEqual([...labels.slice(0, 20), ""]);
  });

  test("keeps those that the plan names, histograms only of its series labels", () => {
    const recorder = new SeriesRecorder({ ...plan, labels: ["label 25", "label 3"], seriesLabels: ["label 3"] });
    add(recorder);
    const kept = merge(recorder.toBytes())?.labels ?? {};
    expect(Object.entries(kept).map(([label, figures]) => [label, figures.percentilesMs !== undefined])).toEqual([
      ["label 3", true],
      ["label 25", false],
      ["", true],
    ]);
  });

  test("keeps seconds of labels with short windows beside the buckets", () => {
    const recorder = new SeriesRecorder({ ...plan, seriesBucketSeconds: 15, secondLabels: ["label 4"] });
    add(recorder);
    const merger = new SeriesMerger();
    merger.add(recorder.toBytes());
    expect([...merger.seconds.labels.keys()]).toEqual(["label 4"]);
    expect([merger.seconds.bucketSeconds, merger.buckets.bucketSeconds]).toEqual([1, 15]);
  });

  test.each([
    ["p95 of label 4>1s for 5s", true],
    ["avg-rt of label 4>1s for 5s", false],
  ])("keeps a histogram of each second only for a rule that needs it: %s", (rule, isKept) => {
    const parsed = parseCriterion(rule);
    if ("fault" in parsed) throw new Error(parsed.fault.message);
    const criteria = [parsed.criterion];
    const recorder = new SeriesRecorder({ ...plan, seriesBucketSeconds: 15, secondLabels: ["label 4"], criteria });
    add(recorder);
    const merger = new SeriesMerger();
    merger.add(recorder.toBytes());
    expect(merger.seconds.labels.get("label 4")?.histogramAt !== undefined).toBe(isKept);
  });

  test("keeps series labels even when the plan's labels do not name them", () => {
    const recorder = new SeriesRecorder({ ...plan, seriesLabels: ["label 25"] });
    add(recorder);
    expect(merge(recorder.toBytes())?.labels["label 25"]?.percentilesMs?.max).toEqual([1.003]);
  });
});

describe("broken series", () => {
  const good = record([{ second: 0, values: [1, 2, 3] }]);
  test.each([
    ["nothing", new Uint8Array()],
    ["a cut end", good.subarray(0, -1)],
    ["a cut head", good.subarray(0, 20)],
    ["another schema", new TextEncoder().encode('{"schema":"loadfleet.series.v2"}\n')],
    ["too much", new Uint8Array([...good, 0])],
  ])("names %s", (_name, bytes) => {
    expect(new SeriesMerger().add(bytes)).toBe("The series is not one of loadfleet.series.v1.");
  });

  test("names a column that ends inside a number", () => {
    const damaged = Uint8Array.from(good);
    damaged[damaged.length - 1] = 0xff;
    expect(new SeriesMerger().add(damaged)).toMatch(/damaged/);
  });

  test("leaves out the whole of a series that is damaged in its last column", () => {
    const merger = new SeriesMerger();
    merger.add(good);
    const before = merger.toResult();
    const damaged = Uint8Array.from(good);
    damaged[damaged.length - 1] = 0xff;
    expect(merger.add(damaged)).toMatch(/damaged/);
    expect(merger.toResult()).toEqual(before);
  });

  test("adds all of a damaged series or nothing, wherever the damage is", () => {
    const entries = [
      { second: 0, values: [1, 200, 3_000_000] },
      { second: 3, values: [7, 7, 1_000] },
    ];
    const whole = record(entries);
    const alone = merge(good);
    const refused: unknown[] = [];
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
        const damaged = Uint8Array.from(whole);
        damaged[at] = byte;
        const merger = new SeriesMerger();
        merger.add(good);
        if (merger.add(damaged) !== undefined) refused.push(merger.toResult());
      }),
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused).toEqual(refused.map(() => alone));
  });

  test("names buckets that do not fit", () => {
    const merger = new SeriesMerger();
    merger.add(record([{ second: 0, values: [1] }], { seriesBucketSeconds: 2 }));
    expect(merger.add(record([{ second: 0, values: [1] }], { seriesBucketSeconds: 5 }))).toMatch(/do not fit/);
  });
});

describe("a label with very many response codes", () => {
  const second = (from: number): SecondFigures => ({
    ...figuresOf([1]),
    codes: new Map(Array.from({ length: 100 }, (_, index) => [`code ${String(from + index)}`, 1])),
  });
  const seriesOf = (from: number): Uint8Array => {
    const recorder = new SeriesRecorder(plan);
    recorder.add({ second: 0, users: 1, labels: new Map([["", second(from)]]) });
    return recorder.toBytes();
  };

  test("keeps a bounded number of them over time and counts the others together", () => {
    const merger = new SeriesMerger();
    for (const from of [0, 100, 200]) expect(merger.add(seriesOf(from))).toBeUndefined();
    const columns = merger.buckets.labels.get("")?.columns ?? new Map<string, number[]>();
    const codes = [...columns].filter(([name]) => name.startsWith("code:"));
    expect(codes.length).toBeLessThanOrEqual(64);
    expect(columns.get("code:other")?.[0]).toBeGreaterThan(0);
    expect(codes.reduce((sum, [, column]) => sum + (column[0] ?? 0), 0)).toBe(300);
  });
});

test("has no series when no task sent one", () => {
  expect(new SeriesMerger().toResult()).toBeNull();
});
