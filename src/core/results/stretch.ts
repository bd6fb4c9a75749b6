import type { Criterion, CriterionSubject } from "./criterion.ts";
import { unitsPerMs, type Histogram } from "./histogram.ts";
import type { MergedGrid } from "./seriesMerge.ts";

/** Percentiles that the live view knows. */
export interface LivePercentiles {
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}

/** Figures of one label in one stretch of time, merged over the tasks; undefined is what nobody kept. */
export interface Stretch {
  /** First second, counted from the start instant. */
  readonly second: number;
  readonly seconds: number;
  readonly users: number | undefined;
  readonly count: number;
  readonly failed: number;
  readonly bytes: number;
  readonly sumMs: number;
  readonly connectSumMs: number | undefined;
  readonly latencySumMs: number | undefined;
  readonly codes: ReadonlyMap<string, number> | undefined;
  /** Built when asked for. */
  readonly histogram: (() => Histogram) | undefined;
  /** Longest response time; no percentile lies above it. */
  readonly maxMs: number | undefined;
  /** Percentiles of the live view, in place of a histogram; undefined where it has none. */
  readonly preview: LivePercentiles | undefined;
}

/** How counted subjects are measured: as totals, or per second of the stretch. */
export type Basis = "total" | "per second";

/**
 * Measures a rule's subject: times in ms, ratios 0..1, else plain numbers.
 * Answers undefined when the stretch has no samples or does not keep that figure.
 */
export function measure(
  stretch: Stretch,
  criterion: Pick<Criterion, "subject" | "thresholdUnit">,
  basis: Basis,
): number | undefined {
  const { subject, thresholdUnit } = criterion;
  if (subject.kind === "concurrency") return stretch.users;
  if (stretch.count === 0) return undefined;
  switch (subject.kind) {
    case "avg-rt":
      return stretch.sumMs / stretch.count;
    case "avg-ct":
      return stretch.connectSumMs === undefined ? undefined : stretch.connectSumMs / stretch.count;
    case "avg-lt":
      return stretch.latencySumMs === undefined ? undefined : stretch.latencySumMs / stretch.count;
    case "stdev-rt": {
      const histogram = stretch.histogram?.();
      return histogram && histogram.deviation / unitsPerMs[histogram.unit];
    }
    case "percentile":
      return percentileOf(stretch, subject.percentile);
    case "hits":
    case "succ":
    case "fail":
    case "bytes":
    case "code": {
      const counted = countOf(stretch, subject);
      if (thresholdUnit === "ratio") return counted === undefined ? undefined : counted / stretch.count;
      return counted === undefined || basis === "total" ? counted : counted / stretch.seconds;
    }
  }
}

function countOf(stretch: Stretch, subject: CriterionSubject): number | undefined {
  if (subject.kind === "code") return stretch.codes && sumOfCodes(stretch.codes, subject.pattern);
  if (subject.kind === "hits") return stretch.count;
  if (subject.kind === "bytes") return stretch.bytes;
  return subject.kind === "fail" ? stretch.failed : stretch.count - stretch.failed;
}

function percentileOf(stretch: Stretch, percentile: number): number | undefined {
  const histogram = stretch.histogram?.();
  if (histogram === undefined) return previewOf(stretch, percentile);
  if (histogram.totalCount === 0) return undefined;
  return Math.min(histogram.percentile(percentile) / unitsPerMs[histogram.unit], stretch.maxMs ?? Infinity);
}

function previewOf({ preview }: Stretch, percentile: number): number | undefined {
  if (preview === undefined) return undefined;
  return { 50: preview.p50Ms, 90: preview.p90Ms, 95: preview.p95Ms, 99: preview.p99Ms }[percentile];
}

/** Sums the counts of the codes that match a pattern of `?`, `*` and `[…]`, as Python's fnmatch reads it. */
function sumOfCodes(codes: ReadonlyMap<string, number>, pattern: string): number {
  const expression = pattern
    .replace(/[.+^${}()|\\]/g, String.raw`\$&`)
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const matcher = new RegExp(`^${expression}$`, "s");
  let sum = 0;
  for (const [code, count] of codes) if (matcher.test(code)) sum += count;
  return sum;
}

/** Puts neighbouring stretches together: counts and times are added up, users averaged, live percentiles weighted. */
export function pool(stretches: readonly Stretch[]): Stretch | undefined {
  const [first] = stretches;
  const last = stretches.at(-1);
  if (first === undefined || last === undefined || stretches.length === 1) return first;
  const sum = (pick: (stretch: Stretch) => number): number =>
    stretches.reduce((total, stretch) => total + pick(stretch), 0);
  const sumKept = (pick: (stretch: Stretch) => number | undefined): number | undefined =>
    stretches.every((stretch) => pick(stretch) !== undefined) ? sum((stretch) => pick(stretch) ?? 0) : undefined;
  const users = sumKept((stretch) => stretch.users);
  return {
    second: first.second,
    seconds: last.second + last.seconds - first.second,
    users: users === undefined ? undefined : users / stretches.length,
    count: sum((stretch) => stretch.count),
    failed: sum((stretch) => stretch.failed),
    bytes: sum((stretch) => stretch.bytes),
    sumMs: sum((stretch) => stretch.sumMs),
    connectSumMs: sumKept((stretch) => stretch.connectSumMs),
    latencySumMs: sumKept((stretch) => stretch.latencySumMs),
    codes: poolCodes(stretches),
    histogram: poolHistograms(stretches),
    maxMs: undefined,
    preview: poolPreviews(stretches),
  };
}

function poolCodes(stretches: readonly Stretch[]): ReadonlyMap<string, number> | undefined {
  const pooled = new Map<string, number>();
  for (const { codes } of stretches) {
    if (codes === undefined) return undefined;
    for (const [code, count] of codes) pooled.set(code, (pooled.get(code) ?? 0) + count);
  }
  return pooled;
}

function poolHistograms(stretches: readonly Stretch[]): (() => Histogram) | undefined {
  const [first, ...others] = stretches.flatMap((stretch) => stretch.histogram ?? []);
  if (first === undefined || others.length + 1 < stretches.length) return undefined;
  return () => {
    const pooled = first();
    for (const other of others) pooled.add(other());
    return pooled;
  };
}

function poolPreviews(stretches: readonly Stretch[]): Stretch["preview"] {
  const count = stretches.reduce((total, stretch) => total + stretch.count, 0);
  if (count === 0 || stretches.some((stretch) => stretch.preview === undefined)) return undefined;
  const mean = (name: keyof LivePercentiles): number =>
    stretches.reduce((total, stretch) => total + stretch.count * (stretch.preview?.[name] ?? 0), 0) / count;
  return { p50Ms: mean("p50Ms"), p90Ms: mean("p90Ms"), p95Ms: mean("p95Ms"), p99Ms: mean("p99Ms") };
}

/** A label's stretches of a merged grid, one per bucket that has samples of it, in order. */
export function stretchesOf(grid: MergedGrid, name: string): readonly Stretch[] {
  const label = grid.labels.get(name);
  if (label === undefined) return [];
  const { histogramAt } = label;
  const codeColumns = [...label.columns.keys()].filter((column) => column.startsWith("code:"));
  const msAt = (column: string, bucket: number): number | undefined => {
    const us = label.valueAt(column, bucket);
    return us === undefined ? undefined : us / 1000;
  };
  const stretchAt = (bucket: number): Stretch => ({
    second: bucket * grid.bucketSeconds,
    seconds: grid.bucketSeconds,
    users: name === "" ? grid.users[bucket] : undefined,
    count: label.valueAt("count", bucket) ?? 0,
    failed: label.valueAt("failed", bucket) ?? 0,
    bytes: label.valueAt("bytes", bucket) ?? 0,
    sumMs: msAt("sumUs", bucket) ?? 0,
    connectSumMs: msAt("connectUs", bucket),
    latencySumMs: msAt("latencyUs", bucket),
    codes:
      codeColumns.length === 0
        ? undefined
        : new Map(codeColumns.map((column) => [column.slice(5), label.valueAt(column, bucket) ?? 0])),
    histogram: histogramAt && (() => histogramAt(bucket)),
    maxMs: undefined,
    preview: undefined,
  });
  return Array.from({ length: grid.length }, (_, bucket) => bucket)
    .filter((bucket) => (label.valueAt("count", bucket) ?? 0) > 0)
    .map(stretchAt);
}
