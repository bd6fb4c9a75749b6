import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { Histogram } from "../../../src/core/results/histogram.ts";
import { ResultMerger, type MergedReports } from "../../../src/core/results/merge.ts";
import type { TaskReport } from "../../../src/core/run/wire.ts";
import { figuresOf, reportOf } from "./taskReport.ts";

const samples = fc.array(fc.oneof(fc.nat(3000), fc.nat(3_600_000_000)), { maxLength: 60 });
const fleets = fc.array(fc.record({ Home: samples, Cart: samples }), { minLength: 1, maxLength: 8 });

function merge(reports: readonly TaskReport[]): MergedReports {
  const merger = new ResultMerger();
  for (const report of reports) merger.addReport(report);
  return merger.toMerged();
}

function reportsOf(fleet: readonly { readonly Home: number[]; readonly Cart: number[] }[]): readonly TaskReport[] {
  return fleet.map(({ Home, Cart }, task) =>
    reportOf(task, { "": figuresOf([...Home, ...Cart]), Home: figuresOf(Home), Cart: figuresOf(Cart) }),
  );
}

test("gives for any fleet what one task with all samples would give", () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      const pooled = fleet.flatMap(({ Home }) => Home);
      const expected = figuresOf(pooled);
      const figures = merge(reportsOf(fleet)).labels.get("Home");
      expect(figures).toMatchObject({
        count: expected.count,
        failed: expected.failed,
        aborted: fleet.length,
        bytesIn: expected.bytesIn,
        bytesOut: expected.bytesOut,
        minMs: expected.minMs,
        maxMs: expected.maxMs,
        codes: { "200": expected.codes["200"], "500": expected.failed },
        histogram: expected.histogram,
      });
      const sumUs = pooled.reduce((total, value) => total + value, 0);
      expect(figures?.meanMs).toBe(sumUs / 1000 / Math.max(pooled.length, 1));
    }),
    { numRuns: 40 },
  );
});

test("does not depend on the order of the reports", () => {
  fc.assert(
    fc.property(fleets, fc.infiniteStream(fc.nat()), (fleet, keys) => {
      const reports = reportsOf(fleet);
      const shuffled = reports
        .map((report) => ({ report, key: keys.next().value ?? 0 }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ report }) => report);
      expect(merge(shuffled)).toEqual(merge(reports));
    }),
    { numRuns: 40 },
  );
});

test("answers percentiles within one bucket of the pooled samples, and none above the maximum", () => {
  fc.assert(
    fc.property(fleets, (fleet) => {
      const sorted = fleet.flatMap(({ Home }) => Home).toSorted((a, b) => a - b);
      fc.pre(sorted.length > 0);
      const { percentilesMs, minMs, maxMs } = merge(reportsOf(fleet)).labels.get("Home") ?? fail();
      for (const [percentage, ms] of [
        [50, percentilesMs.p50],
        [90, percentilesMs.p90],
        [95, percentilesMs.p95],
        [99, percentilesMs.p99],
      ] as const) {
        const exact = sorted[Math.max(Math.ceil((percentage / 100) * sorted.length), 1) - 1] ?? 0;
        expect(Math.round(ms * 1000)).toBeGreaterThanOrEqual(exact);
        expect(ms * 1000 - exact).toBeLessThanOrEqual(exact / 1024 + 1e-6);
        expect(ms).toBeLessThanOrEqual(maxMs);
      }
      expect([percentilesMs.p0, percentilesMs.p100]).toEqual([minMs, maxMs]);
    }),
    { numRuns: 40 },
  );
});

function fail(): never {
  throw new Error("The label is missing.");
}

test("takes whole milliseconds and microseconds together, in milliseconds, in either order", () => {
  const reports = [reportOf(0, { "": figuresOf([5, 900], "ms") }), reportOf(1, { "": figuresOf([5900, 41_000]) })];
  const expected = new Histogram("ms");
  for (const ms of [5, 5, 41, 900]) expected.record(ms);
  expect(merge(reports).labels.get("")?.histogram).toEqual(expected.toWire());
  expect(merge(reports.toReversed()).labels).toEqual(merge(reports).labels);
});

test("counts rates over the span from the first to the last sample of all tasks", () => {
  const values = Array.from({ length: 500 }, () => 1000);
  const merged = merge([
    reportOf(0, { "": figuresOf(values) }, { firstSampleAtMs: 1_000_000, lastSampleAtMs: 1_008_000 }),
    reportOf(1, { "": figuresOf(values) }, { firstSampleAtMs: 1_002_000, lastSampleAtMs: 1_010_000 }),
  ]);
  expect(merged.spanMs).toBe(10_000);
  expect(merged.labels.get("")).toMatchObject({ ratePerSecond: 100, bytesPerSecond: 1000 });
});

test("does not make a rate of thousands out of a few requests", () => {
  const merged = merge([reportOf(0, { "": figuresOf([1, 2, 3]) }, { firstSampleAtMs: 1000, lastSampleAtMs: 1001 })]);
  expect(merged.labels.get("")?.ratePerSecond).toBe(3);
});

test("takes the peaks, adds up the users, and measures the skew of the starts", () => {
  const merged = merge([
    reportOf(0, { "": figuresOf([1]) }, { startedAtMs: 1000, cpuPeakRatio: 0.2, latencyFrom: "intended-start" }),
    reportOf(4, { "": figuresOf([1]) }, { startedAtMs: 1060, cpuPeakRatio: 0.9 }),
  ]);
  expect(merged).toMatchObject({
    tasks: [0, 4],
    startSkewMs: 60,
    cpuPeakRatio: 0.9,
    memoryPeakMiB: 104,
    maxUsers: 10,
    latencyFrom: "intended-start",
  });
});

test("says of a note which tasks it comes from", () => {
  const slow = { notes: ["The target rate was not held."] };
  const figures = { "": figuresOf([1]) };
  expect(merge([reportOf(0, figures, slow), reportOf(1, figures, slow)]).notes).toEqual(slow.notes);
  expect(merge([reportOf(0, figures), reportOf(1, figures, slow)]).notes).toEqual([
    "Task 1: The target rate was not held.",
  ]);
  const three = [reportOf(0, figures), reportOf(1, figures, slow), reportOf(2, figures, slow)];
  expect(merge(three).notes).toEqual(["2 tasks: The target rate was not held."]);
});

test("leaves out a second report of the same task and says so", () => {
  const merged = merge([reportOf(0, { "": figuresOf([1, 2]) }), reportOf(0, { "": figuresOf([3]) })]);
  expect(merged.labels.get("")?.count).toBe(2);
  expect(merged.notes).toEqual(["A second report was left out."]);
});

test("names every version that took part", () => {
  const figures = { "": figuresOf([1]) };
  const newer = { driver: { name: "embedded", versions: { loadfleet: "0.2.0" } } };
  expect(merge([reportOf(0, figures, newer), reportOf(1, figures)]).versions).toEqual({ loadfleet: "0.1.0, 0.2.0" });
});

test("keeps the hundred most frequent kinds of errors and puts the rest together", () => {
  const errors = Array.from({ length: 100 }, (_, kind) => ({ message: `kind ${kind}`, code: "500", count: kind + 1 }));
  const rare = [
    { message: "rare", code: "", count: 1 },
    { message: "other", code: "", count: 4 },
  ];
  const merged = merge([
    reportOf(0, { "": { ...figuresOf([1]), errors } }),
    reportOf(1, { "": { ...figuresOf([1]), errors: rare } }),
  ]);
  const kinds = merged.labels.get("")?.errors ?? [];
  expect(kinds[0]).toEqual({ message: "kind 99", code: "500", count: 100 });
  expect(kinds).toHaveLength(101);
  expect(kinds.at(-1)).toEqual({ message: "other", code: "", count: 5 });
});

test.each([
  [[100_000, 500_000], 1],
  [[500_000, 600_000], 0.75],
  [[1_900_000, 2_200_000], 0.25],
  [[], 0],
])("rates the satisfaction with %j µs", (values, apdex) => {
  expect(merge([reportOf(0, { "": figuresOf(values) })]).labels.get("")?.apdex).toBe(apdex);
});

test("counts failed requests as frustrated, whatever their time", () => {
  const figures = { ...figuresOf([1000, 1000, 1000, 600_000]), failed: 4 };
  expect(merge([reportOf(0, { "": figures })]).labels.get("")?.apdex).toBe(0);
  expect(merge([reportOf(0, { "": { ...figures, failed: 1 } })]).labels.get("")?.apdex).toBe(0.625);
});

describe("Taurus' results.xml", () => {
  const xml = readFileSync(new URL("../../fixtures/taurus/results.xml", import.meta.url), "utf8");

  test("gives its counts exactly and its percentiles about", () => {
    const merger = new ResultMerger();
    expect(merger.addTaurusXml(0, xml)).toBeUndefined();
    const merged = merger.toMerged();
    expect(merged).toMatchObject({ isApproximate: true, maxUsers: 5, spanMs: 10_000, tasks: [0] });
    expect([...merged.labels.keys()]).toEqual(["", "fast", "mix", "slow"]);
    const all = merged.labels.get("");
    expect(all).toMatchObject({
      count: 1260,
      failed: 40,
      bytesIn: 215_726,
      minMs: 0,
      maxMs: 65,
      codes: { "200": 1220, "500": 40 },
    });
    expect(all?.meanMs).toBeCloseTo(14.32, 2);
    expect(all?.percentilesMs).toMatchObject({ p50: 1, p90: 49, p95: 54, p99: 59 });
  });

  test("merges with reports", () => {
    const merger = new ResultMerger();
    merger.addReport(reportOf(1, { "": figuresOf([5000]) }));
    merger.addTaurusXml(0, xml);
    expect(merger.toMerged().labels.get("")).toMatchObject({ count: 1261, maxMs: 65 });
  });

  test.each([
    ["", /not whole/],
    [xml.slice(0, 500), /not whole/],
    ["<Other/>", /not one of Taurus/],
    ['<FinalStatus><Group label="a"/></FinalStatus>', /no figures of all requests/],
  ])("says what is wrong with %j", (text, sentence) => {
    const merger = new ResultMerger();
    expect(merger.addTaurusXml(0, text)).toMatch(sentence);
    expect(merger.toMerged().tasks).toEqual([]);
  });
});
