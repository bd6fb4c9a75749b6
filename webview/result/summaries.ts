import { formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import type { Percentiles, ResultFigures, ResultSeries, SeriesColumns } from "../../src/core/results/result.ts";
import { formatElapsed } from "../charts/ticks.ts";

/** Figures of a label that the sentences on its charts over time tell. */
export type ChartedFigures = Pick<ResultFigures, "count" | "failed" | "errorRatio" | "ratePerSecond" | "maxMs"> & {
  readonly percentilesMs: Pick<Percentiles, "p95">;
};

/** Position and value of the largest entry; undefined when nothing is above zero. */
function peakOf(values: readonly (number | null)[]): { readonly index: number; readonly value: number } | undefined {
  let index = -1;
  let value = 0;
  for (const [at, candidate] of values.entries()) {
    if (candidate === null || candidate <= value) continue;
    index = at;
    value = candidate;
  }
  return index < 0 ? undefined : { index, value };
}

/** Says what response times did over the run. */
export function describeResponseTimes(figures: ChartedFigures, columns: SeriesColumns, bucketSeconds: number): string {
  if (figures.count === 0) return "There were no samples.";
  const at = (index: number): string => formatElapsed(index * bucketSeconds);
  const overall = `p95 was ${formatMs(figures.percentilesMs.p95)} over the run`;
  const peak = peakOf(columns.percentilesMs?.p95 ?? columns.meanMs);
  const slowest = `the slowest request took ${formatMs(figures.maxMs)}`;
  if (peak === undefined) return `${overall}; ${slowest}.`;
  const what = columns.percentilesMs ? "it was highest" : "the mean was highest";
  return `${overall}; ${what}, ${formatMs(peak.value)}, at ${at(peak.index)}, and ${slowest}.`;
}

/** Says how many requests were made per second. */
export function describeThroughput(figures: ChartedFigures, columns: SeriesColumns, bucketSeconds: number): string {
  const peak = peakOf(columns.count);
  if (peak === undefined) return "No requests were made.";
  const highest = formatRate(peak.value / bucketSeconds);
  const at = formatElapsed(peak.index * bucketSeconds);
  return `${formatCount(figures.count)} requests, ${formatRate(figures.ratePerSecond)} on average and ${highest} at its highest, at ${at}.`;
}

/** Says how many users there were and when all of them were there. */
export function describeUsers(series: ResultSeries): string {
  const peak = peakOf(series.users);
  if (peak === undefined) return "No users were active.";
  const at = formatElapsed(peak.index * series.bucketSeconds);
  const last = series.users.findLastIndex((users) => users === peak.value);
  const until = formatElapsed((last + 1) * series.bucketSeconds);
  const users = peak.value === 1 ? "1 user" : `${formatCount(peak.value)} users`;
  return `At most ${users}, first reached at ${at} and last seen at ${until}.`;
}

/** Says how many requests failed and when it was worst. */
export function describeErrors(figures: ChartedFigures, columns: SeriesColumns, bucketSeconds: number): string {
  if (figures.count === 0) return "There were no samples.";
  if (figures.failed === 0) return `None of ${formatCount(figures.count)} requests failed.`;
  const failed = `${formatCount(figures.failed)} of ${formatCount(figures.count)} requests failed (${formatPercent(figures.errorRatio)})`;
  const peak = peakOf(errorRatios(columns));
  if (peak === undefined) return `${failed}.`;
  return `${failed}; the error rate was highest, ${formatPercent(peak.value)}, at ${formatElapsed(peak.index * bucketSeconds)}.`;
}

/** Says how response times are distributed. */
export function describeDistribution(figures: ResultFigures): string {
  if (figures.count === 0) return "There were no samples.";
  const { p50, p99, p100 } = figures.percentilesMs;
  return `Half of the requests took at most ${formatMs(p50)}, 99 of 100 at most ${formatMs(p99)}, the slowest ${formatMs(p100)}.`;
}

/** Error ratio of each bucket, 0..1; null in a bucket without samples. */
export function errorRatios(columns: SeriesColumns): readonly (number | null)[] {
  return columns.count.map((count, index) => (count === 0 ? null : (columns.failed[index] ?? 0) / count));
}
