import type { LiveFigures, LivePoint } from "../run/run.ts";
import type { LiveRecord } from "../run/wire.ts";
import { Histogram, unitsPerMs } from "./histogram.ts";
import type { Digits } from "./histogramWire.ts";
import type { Second } from "./series.ts";

const mostBytes = 1024;

/** Tasks of a fleet that together write one record a second each; larger fleets add up several seconds. */
const mostRecordsPerSecond = 250;

/** Seconds that a live record of a fleet of so many tasks covers. */
export function liveWidthOf(tasks: number): number {
  return Math.max(1, Math.ceil(tasks / mostRecordsPerSecond));
}

/** How much of a record is kept, in the order in which it is tried until the record fits. */
const sizes: readonly { readonly digits: Digits; readonly labelsHaveHistograms: boolean }[] = [
  { digits: 2, labelsHaveHistograms: true },
  { digits: 1, labelsHaveHistograms: true },
  { digits: 2, labelsHaveHistograms: false },
  { digits: 1, labelsHaveHistograms: false },
];

interface LiveSums {
  count: number;
  failed: number;
  bytes: number;
  sumMs: number;
  histograms: Histogram[];
}

/**
 * Puts neighbouring seconds of a task into one live record of at most 1 KB as JSON: histograms get coarser, then those
 * of single labels go, then labels from the last.
 * @param labels labels to keep beside `""`, the most important first
 */
export function makeLiveRecord(intervals: readonly Second[], labels: readonly string[]): LiveRecord {
  const kept = ["", ...labels.slice(0, 5)];
  const sums = new Map(kept.map((label) => [label, sumUp(intervals, label)] as const));
  const first = intervals[0]?.second ?? 0;
  const last = intervals.at(-1)?.second ?? first;
  const head = { second: first, seconds: last - first + 1, users: Math.max(0, ...intervals.map(({ users }) => users)) };
  for (const { digits, labelsHaveHistograms } of sizes) {
    const record = { ...head, labels: writeLabels(sums, kept, digits, labelsHaveHistograms) };
    if (sizeOf(record) <= mostBytes) return record;
  }
  for (let count = kept.length - 1; count > 1; count--) {
    const record = { ...head, labels: writeLabels(sums, kept.slice(0, count), 1, false) };
    if (sizeOf(record) <= mostBytes) return record;
  }
  return { ...head, labels: writeLabels(sums, [""], 1, false) };
}

function sumUp(intervals: readonly Second[], label: string): LiveSums {
  const sums: LiveSums = { count: 0, failed: 0, bytes: 0, sumMs: 0, histograms: [] };
  for (const interval of intervals) {
    const figures = interval.labels.get(label);
    if (figures === undefined) continue;
    sums.count += figures.count;
    sums.failed += figures.failed;
    sums.bytes += figures.bytes;
    sums.sumMs += figures.sumMs;
    if (figures.histogram !== undefined) sums.histograms.push(figures.histogram);
  }
  return sums;
}

function writeLabels(
  sums: ReadonlyMap<string, LiveSums>,
  labels: readonly string[],
  digits: Digits,
  labelsHaveHistograms: boolean,
): LiveRecord["labels"] {
  const written = labels.flatMap((label) => {
    const figures = sums.get(label);
    if (figures === undefined || figures.count === 0) return [];
    return [[label, writeFigures(figures, label === "" || labelsHaveHistograms ? digits : undefined)] as const];
  });
  return Object.fromEntries(written);
}

function writeFigures(figures: LiveSums, digits: Digits | undefined): LiveRecord["labels"][string] {
  const { count, failed, bytes, histograms } = figures;
  const [first] = histograms;
  const base = { count, failed, bytes, sumMs: Math.round(figures.sumMs * 1000) / 1000 };
  if (first === undefined || digits === undefined) return base;
  const merged = new Histogram(first.unit, { digits });
  for (const histogram of histograms) merged.add(histogram);
  return { ...base, histogram: merged.toWire() };
}

function sizeOf(record: LiveRecord): number {
  return new TextEncoder().encode(JSON.stringify(record)).length;
}

/** Merges the live records of all tasks into one point per stretch, in order of time. Each task's record of a stretch is given once. */
export function mergeLive(records: Iterable<LiveRecord>): readonly LivePoint[] {
  const stretches = new Map<number, LiveRecord[]>();
  for (const record of records) {
    const others = stretches.get(record.second);
    if (others === undefined) stretches.set(record.second, [record]);
    else others.push(record);
  }
  return [...stretches.values()].map(mergePoint).toSorted((a, b) => a.second - b.second);
}

function mergePoint(records: readonly LiveRecord[]): LivePoint {
  const labels = new Map<string, LiveRecord["labels"][string][]>();
  for (const [label, figures] of records.flatMap((record) => Object.entries(record.labels))) {
    const others = labels.get(label);
    if (others === undefined) labels.set(label, [figures]);
    else others.push(figures);
  }
  return {
    second: records[0]?.second ?? 0,
    seconds: Math.max(...records.map((record) => record.seconds)),
    users: records.reduce((users, record) => users + record.users, 0),
    tasksReporting: records.length,
    labels: Object.fromEntries([...labels].map(([label, figures]) => [label, mergeFigures(figures)] as const)),
  };
}

function mergeFigures(figures: readonly LiveRecord["labels"][string][]): LiveFigures {
  const sum = (key: "count" | "failed" | "bytes" | "sumMs"): number =>
    figures.reduce((total, item) => total + item[key], 0);
  const histogram = mergeHistograms(
    figures.flatMap((item) => item.histogram ?? []).map((wire) => Histogram.fromWire(wire)),
  );
  const count = sum("count");
  const meanMs = count === 0 ? 0 : sum("sumMs") / count;
  const percentile = (percentage: number): number =>
    histogram === undefined ? meanMs : histogram.percentile(percentage) / unitsPerMs[histogram.unit];
  return {
    count,
    failed: sum("failed"),
    bytes: sum("bytes"),
    meanMs,
    p50Ms: percentile(50),
    p90Ms: percentile(90),
    p95Ms: percentile(95),
    p99Ms: percentile(99),
  };
}

/** Merges with the digits of the coarsest, in the unit of the first. */
function mergeHistograms(histograms: readonly Histogram[]): Histogram | undefined {
  const [first] = histograms;
  if (first === undefined) return undefined;
  const digits = histograms.reduce<Digits>((least, other) => (other.digits < least ? other.digits : least), 3);
  const merged = new Histogram(first.unit, { digits });
  for (const histogram of histograms)
    merged.add(histogram.unit === first.unit ? histogram : histogram.inUnit(first.unit));
  return merged;
}
