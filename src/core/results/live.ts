import type { LiveFigures, LivePoint, TaskUsage } from "../run/run.ts";
import type { LiveRecord } from "../run/wire.ts";
import { Histogram, unitsPerMs, type TimeUnit } from "./histogram.ts";
import { digitsOfWire, type Digits } from "./histogramWire.ts";
import { mergeErrors } from "./liveRecord.ts";

/** Tasks of which a point tells what they use: the busiest. */
const mostUsages = 12;
const mostErrorKinds = 10;

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
  // A task that leaves labels out may have samples of one that it does not name: the others' are not all of them.
  const isWhole = (label: string): boolean =>
    records.every(({ hidden = 0, labels: own }) => hidden === 0 || Object.hasOwn(own, label));
  const whole = [...labels].filter(([label]) => label === "" || isWhole(label));
  const merged = whole.map(([label, figures]) => [label, mergeFigures(figures)] as const);
  const hidden = Math.max(0, ...records.map((record) => record.hidden ?? 0)) + labels.size - whole.length;
  const errors = mergeErrors(records.flatMap((record) => record.errors ?? [])).slice(0, mostErrorKinds);
  const usage = records.flatMap(usageOf).toSorted((a, b) => b.cpuRatio - a.cpuRatio);
  return {
    second: records[0]?.second ?? 0,
    seconds: Math.max(...records.map((record) => record.seconds)),
    users: records.reduce((users, record) => users + record.users, 0),
    tasksReporting: records.length,
    labels: Object.fromEntries(merged.filter(([label, { count }]) => label === "" || count > 0)),
    ...(hidden > 0 ? { hidden } : {}),
    ...(errors.length > 0 ? { errors } : {}),
    ...(usage.length > 0 ? { usage: usage.slice(0, mostUsages) } : {}),
  };
}

function usageOf({ task, usage }: LiveRecord): readonly TaskUsage[] {
  return task === undefined || usage === undefined ? [] : [{ task, ...usage }];
}

function mergeFigures(figures: readonly LiveRecord["labels"][string][]): LiveFigures {
  const sum = (key: "count" | "failed" | "bytes" | "sumMs"): number =>
    figures.reduce((total, item) => total + item[key], 0);
  const histogram = mergeHistograms(figures);
  const count = sum("count");
  const percentile = (percentage: number): number | null =>
    histogram === undefined ? null : histogram.percentile(percentage) / unitsPerMs[histogram.unit];
  return {
    count,
    failed: sum("failed"),
    bytes: sum("bytes"),
    meanMs: count === 0 ? 0 : sum("sumMs") / count,
    p50Ms: percentile(50),
    p90Ms: percentile(90),
    p95Ms: percentile(95),
    p99Ms: percentile(99),
  };
}

/**
 * Merges with the digits of the coarsest, in the unit of the first; undefined unless every task with samples has one.
 * What it answers is used again by the next merging: the snapshot of a long run takes a million of them.
 */
function mergeHistograms(figures: readonly LiveRecord["labels"][string][]): Histogram | undefined {
  const withSamples = figures.filter(({ count }) => count > 0);
  const wires = withSamples.flatMap(({ histogram }) => histogram ?? []);
  const [first] = wires;
  if (first === undefined || wires.length < withSamples.length) return undefined;
  const digits = wires.map(digitsOfWire).reduce<Digits>((least, other) => (other < least ? other : least), 3);
  const merged = emptyHistogram(first.unit, digits);
  for (const wire of wires) {
    if (wire.unit === first.unit) merged.addWire(wire);
    else merged.add(Histogram.fromWire(wire).inUnit(first.unit));
  }
  return merged;
}

const spares = new Map<string, Histogram>();

function emptyHistogram(unit: TimeUnit, digits: Digits): Histogram {
  const key = `${unit} ${digits}`;
  let spare = spares.get(key);
  if (spare === undefined) spares.set(key, (spare = new Histogram(unit, { digits })));
  spare.reset();
  return spare;
}
