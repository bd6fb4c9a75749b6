import { metrics } from "../core/stack/names.ts";
import { Histogram, unitsPerMs } from "../core/results/histogram.ts";
import { mergeLive } from "../core/results/live.ts";
import type { LiveRecord } from "../core/run/wire.ts";

/** How often each value of a metric occurred in a minute. */
export interface Distribution {
  readonly metric: string;
  readonly unit: "Count" | "Count/Second" | "Milliseconds";
  readonly values: readonly number[];
  /** As many as values. */
  readonly counts: readonly number[];
}

/** CloudWatch takes this many values of a metric at a time. */
export const mostValues = 150;

/** Distributions over the seconds of a stretch, of what all tasks did together: users, rate and errors of each second, and every response time. */
export function makeDistributions(records: readonly LiveRecord[]): readonly Distribution[] {
  const users = new Map<number, number>();
  const rates = new Map<number, number>();
  const errors = new Map<number, number>();
  for (const point of mergeLive(records)) {
    const all = point.labels[""];
    count(users, point.users, point.seconds);
    count(rates, (all?.count ?? 0) / point.seconds, point.seconds);
    count(errors, all?.failed ?? 0, 1);
  }
  return [
    write(metrics.users, "Count", users),
    write(metrics.requestsPerSecond, "Count/Second", rates),
    write(metrics.errors, "Count", errors),
    write(metrics.responseTime, "Milliseconds", responseTimes(records)),
  ].filter(({ values }) => values.length > 0);
}

/** Cuts distributions into requests with at most {@link mostValues} values of each metric. */
export function splitDistributions(distributions: readonly Distribution[]): readonly (readonly Distribution[])[] {
  const longest = Math.max(0, ...distributions.map(({ values }) => values.length));
  return Array.from({ length: Math.ceil(longest / mostValues) }, (_, part) =>
    distributions.flatMap((distribution) => {
      const [from, to] = [part * mostValues, (part + 1) * mostValues];
      const values = distribution.values.slice(from, to);
      return values.length === 0 ? [] : [{ ...distribution, values, counts: distribution.counts.slice(from, to) }];
    }),
  );
}

/** The middle of each bucket of the tasks' histograms, so that means are true as well as percentiles. */
function responseTimes(records: readonly LiveRecord[]): ReadonlyMap<number, number> {
  const times = new Map<number, number>();
  for (const { labels } of records) {
    const all = labels[""];
    if (all === undefined || all.count === 0) continue;
    if (all.histogram === undefined) {
      count(times, all.sumMs / all.count, all.count);
      continue;
    }
    const histogram = Histogram.fromWire(all.histogram);
    for (const bucket of histogram.buckets())
      count(times, (bucket.low + bucket.high) / 2 / unitsPerMs[histogram.unit], bucket.count);
  }
  return times;
}

function count(counts: Map<number, number>, value: number, times: number): void {
  counts.set(value, (counts.get(value) ?? 0) + times);
}

function write(metric: string, unit: Distribution["unit"], counts: ReadonlyMap<number, number>): Distribution {
  const sorted = [...counts].toSorted(([a], [b]) => a - b);
  return { metric, unit, values: sorted.map(([value]) => value), counts: sorted.map(([, times]) => times) };
}
