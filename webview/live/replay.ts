import type { ResultSeries, SeriesColumns } from "../../src/core/results/result.ts";
import type { Current, Reading, Totals } from "./reading.ts";

/** Reads a past run as it was after its first `buckets` buckets, with figures over time of one label. */
export function readReplay(series: ResultSeries, label: string, buckets: number): Reading {
  const at = buckets - 1;
  return {
    second: at < 0 ? undefined : at * series.bucketSeconds,
    users: series.users[at] ?? 0,
    tasks: series.tasks[at] ?? 0,
    labels: Object.entries(series.labels).map(([name, columns]) => ({
      label: name,
      soFar: totalsOf(columns, buckets),
      now: currentOf(columns, at, series.bucketSeconds),
    })),
    hidden: 0,
    errors: [],
    usage: [],
    peaks: [],
    series: cutSeries(series, label, buckets),
  };
}

function totalsOf({ count, failed, bytes, meanMs }: SeriesColumns, buckets: number): Totals {
  const totals = { count: 0, failed: 0, bytes: 0, sumMs: 0 };
  for (let at = 0; at < buckets; at++) {
    totals.count += count[at] ?? 0;
    totals.failed += failed[at] ?? 0;
    totals.bytes += bytes[at] ?? 0;
    totals.sumMs += (count[at] ?? 0) * (meanMs[at] ?? 0);
  }
  return totals;
}

function currentOf(columns: SeriesColumns, at: number, bucketSeconds: number): Current | undefined {
  const { count, failed, bytes, meanMs, percentilesMs } = columns;
  const here = count[at] ?? 0;
  if (here === 0) return undefined;
  return {
    count: here,
    failed: failed[at] ?? 0,
    ratePerSecond: here / bucketSeconds,
    bytesPerSecond: (bytes[at] ?? 0) / bucketSeconds,
    meanMs: meanMs[at] ?? 0,
    p50Ms: percentilesMs?.p50[at] ?? null,
    p95Ms: percentilesMs?.p95[at] ?? null,
    p99Ms: percentilesMs?.p99[at] ?? null,
  };
}

function cutSeries(series: ResultSeries, label: string, buckets: number): ResultSeries {
  const cut = <T>(column: readonly T[]): readonly T[] => column.slice(0, buckets);
  const columns = series.labels[label];
  const { bucketSeconds } = series;
  const base = { bucketSeconds, buckets, users: cut(series.users), tasks: cut(series.tasks) };
  if (columns === undefined) return { ...base, labels: {} };
  const { count, failed, bytes, meanMs, percentilesMs: bands } = columns;
  const plain = { count: cut(count), failed: cut(failed), bytes: cut(bytes), meanMs: cut(meanMs) };
  if (bands === undefined) return { ...base, labels: { [label]: plain } };
  const { p50, p90, p95, p99, max } = bands;
  const percentilesMs = { p50: cut(p50), p90: cut(p90), p95: cut(p95), p99: cut(p99), max: cut(max) };
  return { ...base, labels: { [label]: { ...plain, percentilesMs } } };
}
