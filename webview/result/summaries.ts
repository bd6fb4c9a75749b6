import { formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import type { Percentiles, ResultFigures, ResultSeries, SeriesColumns } from "../../src/core/results/result.ts";
import { formatElapsed } from "../charts/ticks.ts";
import { t } from "../language.ts";

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
  if (figures.count === 0) return t("There were no samples.");
  const p95 = formatMs(figures.percentilesMs.p95);
  const slowest = formatMs(figures.maxMs);
  const peak = peakOf(columns.percentilesMs?.p95 ?? columns.meanMs);
  if (peak === undefined) return t("p95 was {0} over the run; the slowest request took {1}.", p95, slowest);
  const [highest, at] = [formatMs(peak.value), formatElapsed(peak.index * bucketSeconds)];
  return columns.percentilesMs
    ? t(
        "p95 was {0} over the run; it was highest, {1}, at {2}, and the slowest request took {3}.",
        p95,
        highest,
        at,
        slowest,
      )
    : t(
        "p95 was {0} over the run; the mean was highest, {1}, at {2}, and the slowest request took {3}.",
        p95,
        highest,
        at,
        slowest,
      );
}

/** Says how many requests were made per second. */
export function describeThroughput(figures: ChartedFigures, columns: SeriesColumns, bucketSeconds: number): string {
  const peak = peakOf(columns.count);
  if (peak === undefined) return t("No requests were made.");
  return t(
    "{0} requests, {1} on average and {2} at its highest, at {3}.",
    formatCount(figures.count),
    formatRate(figures.ratePerSecond),
    formatRate(peak.value / bucketSeconds),
    formatElapsed(peak.index * bucketSeconds),
  );
}

/** Says how many users there were and when all of them were there. */
export function describeUsers(series: ResultSeries): string {
  const peak = peakOf(series.users);
  if (peak === undefined) return t("No users were active.");
  const at = formatElapsed(peak.index * series.bucketSeconds);
  const last = series.users.findLastIndex((users) => users === peak.value);
  const until = formatElapsed((last + 1) * series.bucketSeconds);
  return peak.value === 1
    ? t("At most 1 user, first reached at {0} and last seen at {1}.", at, until)
    : t("At most {0} users, first reached at {1} and last seen at {2}.", formatCount(peak.value), at, until);
}

/** Says how many requests failed and when it was worst. */
export function describeErrors(figures: ChartedFigures, columns: SeriesColumns, bucketSeconds: number): string {
  const count = formatCount(figures.count);
  if (figures.count === 0) return t("There were no samples.");
  if (figures.failed === 0) return t("None of {0} requests failed.", count);
  const [failed, share] = [formatCount(figures.failed), formatPercent(figures.errorRatio)];
  const peak = peakOf(errorRatios(columns));
  if (peak === undefined) return t("{0} of {1} requests failed ({2}).", failed, count, share);
  return t(
    "{0} of {1} requests failed ({2}); the error rate was highest, {3}, at {4}.",
    failed,
    count,
    share,
    formatPercent(peak.value),
    formatElapsed(peak.index * bucketSeconds),
  );
}

/** Says how response times are distributed. */
export function describeDistribution(figures: ResultFigures): string {
  if (figures.count === 0) return t("There were no samples.");
  const { p50, p99, p100 } = figures.percentilesMs;
  return t(
    "Half of the requests took at most {0}, 99 of 100 at most {1}, the slowest {2}.",
    formatMs(p50),
    formatMs(p99),
    formatMs(p100),
  );
}

/** Error ratio of each bucket, 0..1; null in a bucket without samples. */
export function errorRatios(columns: SeriesColumns): readonly (number | null)[] {
  return columns.count.map((count, index) => (count === 0 ? null : (columns.failed[index] ?? 0) / count));
}
