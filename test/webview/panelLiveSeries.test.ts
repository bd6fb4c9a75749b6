import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LiveSeries } from "../../webview/live/liveSeries.ts";
import type { ErrorKind } from "../../src/core/run/wire.ts";
import { describeBusiest, describeDoubts } from "../../webview/live/generatorHealth.ts";
import { headlineNow } from "../../webview/live/headlineNow.ts";
import { readingCharts } from "../../webview/live/readingCharts.ts";
import { pointAt, withoutPercentiles } from "./samplePoints.ts";

const labels = ["GET /cart", "POST /checkout"];

function seriesOf(seconds: readonly number[], bucketSeconds = 1): LiveSeries {
  const series = new LiveSeries(bucketSeconds);
  for (const second of seconds) series.add(pointAt(second, labels));
  return series;
}

const minute = Array.from({ length: 60 }, (_, second) => second);

test("adds up counts since the start and tells the rate of now", () => {
  const reading = seriesOf(minute).read("");
  const all = reading.labels.find(({ label }) => label === "");
  expect(all?.soFar).toMatchObject({ count: 60 * 120, failed: 10 * 12 });
  expect(all?.now).toMatchObject({ count: 120, ratePerSecond: 120, failed: 0 });
  expect(reading).toMatchObject({ second: 59, users: 30, tasks: 3 });
});

test("a point replaces the one of its second, and nothing is counted twice", () => {
  const series = seriesOf(minute);
  const before = series.read("");
  series.add(pointAt(59, labels, 1));
  series.add(pointAt(58, labels));
  series.add(pointAt(59, labels));
  expect(series.read("")).toEqual(before);
});

test("speaks of the newest second that all tasks have reported", () => {
  const series = seriesOf(minute);
  series.add(pointAt(60, labels, 1));
  expect(series.read("")).toMatchObject({ second: 59, tasks: 3 });
});

test("shows the slowest second of a bucket, and the rate of a bucket that is not full", () => {
  const wide = seriesOf(minute.slice(0, 35), 10);
  const fine = seriesOf(minute.slice(0, 35));
  const columns = wide.read("").series.labels[""];
  const seconds = fine.read("").series.labels[""]?.percentilesMs?.p95 ?? [];
  expect(columns?.percentilesMs?.p95[3]).toBe(Math.max(...seconds.slice(30).map(Number)));
  expect(columns?.count).toEqual([1200, 1200, 1200, 1200]);
});

test("keeps at most a thousand buckets however long the run is", () => {
  const series = new LiveSeries(1);
  const point = pointAt(0, labels);
  for (let second = 0; second < 4500; second++) series.add({ ...point, second });
  const reading = series.read("GET /cart");
  expect(series.bucketSeconds).toBe(8);
  expect(series.buckets).toBeLessThanOrEqual(1000);
  const counts = reading.series.labels["GET /cart"]?.count ?? [];
  expect(counts.slice(0, -1).every((count) => count === 8 * 60)).toBe(true);
  expect(reading.labels.find(({ label }) => label === "GET /cart")?.soFar.count).toBe(4500 * 60);
});

test("shows no percentiles where none are known, neither as figures nor as lines", () => {
  const series = new LiveSeries(1);
  for (const second of minute) series.add(withoutPercentiles(pointAt(second, labels)));
  const reading = series.read("GET /cart");
  const one = reading.labels.find(({ label }) => label === "GET /cart")?.now;
  expect(one).toMatchObject({ count: 60, p50Ms: null, p95Ms: null, p99Ms: null });
  expect(one?.meanMs).toBeGreaterThan(0);
  expect(reading.series.labels["GET /cart"]?.percentilesMs).toBeUndefined();
  const [times] = readingCharts(reading, "GET /cart", [], []);
  expect(times?.lines.map(({ id }) => id)).toEqual(["mean"]);
  const [all] = readingCharts(series.read(""), "", [], []);
  expect(all?.lines.map(({ id }) => id)).toEqual(["p50", "p90", "p95", "p99", "mean"]);
});

test("the headline shows a dash for percentiles of all requests that are not known", () => {
  const series = new LiveSeries(1);
  const point = pointAt(0, labels);
  const all = point.labels[""];
  if (!all) throw new Error("A point has figures of all requests.");
  series.add({ ...point, labels: { "": { ...all, p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null } } });
  const figures = headlineNow(series.read("")).filter(({ name }) => name.startsWith("p"));
  expect(figures.map(({ value }) => value)).toEqual(["–", "–", "–"]);
});

test("tells how many labels are not shown, and the most frequent errors since the start", () => {
  const series = new LiveSeries(1);
  const error = (message: string, count: number) => ({ message, code: "500", count });
  const add = (second: number, errors: readonly ErrorKind[], hidden: number) =>
    series.add({ ...pointAt(second, labels), errors, hidden });
  add(0, [error("a", 2), error("b", 1)], 1);
  add(1, [error("b", 1)], 2);
  // A late task adds to the second: its point replaces the one before.
  add(1, [error("b", 3)], 2);
  const reading = series.read("");
  expect(reading.hidden).toBe(2);
  expect(reading.errors).toEqual([error("b", 4), error("a", 2)]);
});

test("tells what the tasks use now, and who was too busy or late since the start", () => {
  const series = new LiveSeries(1);
  const usageAt = (cpuRatio: number, lateMs: number) => [{ task: 4, cpuRatio, memoryMiB: 90, lateMs }];
  series.add({ ...pointAt(0, labels), usage: usageAt(0.9, 5) });
  series.add({ ...pointAt(1, labels), usage: usageAt(0.4, 31) });
  const { usage, peaks } = series.read("");
  expect(usage).toEqual(usageAt(0.4, 31));
  expect(describeBusiest(usage)).toBe("The busiest is task 4: 40 % of a core, 90 MiB now.");
  expect(describeDoubts(peaks).map((sentence) => sentence.slice(0, 34))).toEqual([
    "Task 4 used up to 90 % of a core: ",
    "Task 4 was late: one in a hundred ",
  ]);
  expect(describeDoubts([{ task: 0, cpuPeakRatio: 0.75, lateMs: 20 }])).toEqual([]);
});

test("leaves a gap where no task has reported", () => {
  const { series } = seriesOf([0, 1, 5, 6]).read("");
  expect(series.labels[""]?.count).toEqual([120, 120, 0, 0, 0, 120, 120]);
  expect(series.labels[""]?.percentilesMs?.p95.slice(2, 5)).toEqual([null, null, null]);
});

test("says the same in whatever order neighbouring seconds arrive", () => {
  const inOrder = seriesOf(minute, 5).read("");
  fc.assert(
    fc.property(fc.shuffledSubarray([...minute], { minLength: 60, maxLength: 60 }), (order) => {
      const { labels: rows, series } = seriesOf(order, 5).read("");
      const counts = Object.fromEntries(rows.map(({ label, soFar }) => [label, soFar.count]));
      expect(counts).toEqual(Object.fromEntries(inOrder.labels.map(({ label, soFar }) => [label, soFar.count])));
      expect(series).toEqual(inOrder.series);
    }),
    { numRuns: 20 },
  );
});
