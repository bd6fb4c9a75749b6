import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LiveSeries } from "../../webview/live/liveSeries.ts";
import { pointAt } from "./samplePoints.ts";

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
