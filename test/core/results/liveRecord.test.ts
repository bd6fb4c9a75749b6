import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Histogram } from "../../../src/core/results/histogram.ts";
import { histogramLabelsOf, liveBudgets, liveLabelsOf, makeLiveRecord } from "../../../src/core/results/liveRecord.ts";
import { parseCriterion } from "../../../src/core/results/parseCriterion.ts";
import type { Second, SecondFigures } from "../../../src/core/results/series.ts";
import type { ErrorKind, LiveRecord } from "../../../src/core/run/wire.ts";

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
          { task: 999, hidden: 999, usage: { cpuRatio: 10.123, memoryMiB: 12_345, lateMs: 1234 } },
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
    const cut = makeLiveRecord([second], names);
    expect(Object.keys(cut.labels)).toEqual(["", "a", "b", "c", "d"]);
    expect(cut.hidden).toBe(1);
    expect(short).not.toHaveProperty("hidden");
  });

  test("keeps coarse histograms of the first labels as long as there is room", () => {
    const names = ["a", "b", "c", "d", "e"];
    const narrow = Array.from({ length: 100 }, (_, index) => 50_000 + index * 2000);
    const second = secondOf(0, Object.fromEntries(["", ...names].map((label) => [label, narrow])));
    const { labels } = makeLiveRecord([second], names);
    expect(Object.keys(labels)).toEqual(["", ...names]);
    const withHistogram = names.filter((label) => labels[label]?.histogram !== undefined);
    expect(withHistogram.length).toBeGreaterThan(0);
    expect(withHistogram).toEqual(names.slice(0, withHistogram.length));
    expect(withHistogram.length).toBeLessThan(names.length);
  });

  test("on this machine has room for 20 labels with histograms of hundreds of requests a second", () => {
    const names = Array.from({ length: 20 }, (_, index) => `GET /catalogue/items/${index}`);
    const busy = Array.from({ length: 500 }, (_, index) => 20_000 * 1.008 ** index);
    const second = secondOf(0, Object.fromEntries(["", ...names].map((label) => [label, busy])));
    const usage = { cpuRatio: 0.512, memoryMiB: 180, lateMs: 2 };
    const record = makeLiveRecord([second], names, { bytes: liveBudgets.local.bytes, task: 2, usage });
    expect(names.every((label) => record.labels[label]?.histogram !== undefined)).toBe(true);
    expect(sizeOf(record)).toBeLessThanOrEqual(8192);
  });

  test("names the kept labels without samples only when others are left out", () => {
    const second = secondOf(0, { "": [1000], b: [1000] });
    expect(Object.keys(makeLiveRecord([second], ["a"]).labels)).toEqual([""]);
    const record = makeLiveRecord([second], ["a"], { hidden: 1 });
    expect(record).toMatchObject({ hidden: 1, labels: { a: { count: 0 } } });
  });

  test("tells kinds of errors as far as there is room, the most frequent first", () => {
    const kinds = Array.from({ length: 8 }, (_, index) => ({
      message: `Kind ${index}`,
      code: "500",
      count: index + 1,
    }));
    const second = (labels: Readonly<Record<string, readonly number[]>>, errors: readonly ErrorKind[]): Second => {
      const plain = secondOf(0, labels);
      const all = plain.labels.get("") ?? figuresOf([]);
      return { ...plain, labels: new Map([...plain.labels, ["", { ...all, errors }]]) };
    };
    const messages = (record: LiveRecord) => record.errors?.map(({ message, count }) => [message, count]);
    expect(messages(makeLiveRecord([second({ "": [1] }, kinds), second({ "": [1] }, kinds)], []))).toEqual([
      ["Kind 7", 16],
      ["Kind 6", 14],
      ["Kind 5", 12],
      ["Kind 4", 10],
      ["Kind 3", 8],
    ]);
    const long = [{ message: "x".repeat(5000), code: "", count: 1 }];
    expect(makeLiveRecord([second({ "": [1] }, long)], []).errors?.[0]?.message).toHaveLength(120);
    expect(makeLiveRecord([second({ "": spread }, long)], []).labels[""]?.histogram).toBeDefined();
  });
});

describe("the labels of a plan's live records", () => {
  const criteria = ["fail of Pay>1%, continue as failed", "p95 of Search>1s for 5s", "avg-rt>1s"].map((text) => {
    const parsed = parseCriterion(text);
    if ("fault" in parsed) throw new Error(parsed.fault.message);
    return parsed.criterion;
  });
  const labels = Array.from({ length: 20 }, (_, index) => `label ${index}`);
  const planOf = (engine: "aws" | "local") => ({
    engine,
    criteria,
    seriesLabels: ["Cart"],
    secondLabels: ["Second"],
    labels,
  });

  test("are those that stop it, those that are judged, then as the plan has them", () => {
    expect(liveLabelsOf(planOf("aws"))).toEqual(["Search", "Pay", "Cart", "label 0", "label 1"]);
    expect(liveLabelsOf(planOf("local"))).toEqual(["Search", "Pay", "Cart", ...labels.slice(0, 17)]);
  });

  test("get histograms each second on this machine, in AWS only those that the result needs", () => {
    expect([...histogramLabelsOf(planOf("aws"))]).toEqual(["Cart", "Second"]);
    expect([...histogramLabelsOf(planOf("local"))]).toEqual([
      "Cart",
      "Second",
      "Search",
      "Pay",
      ...labels.slice(0, 17),
    ]);
  });
});
