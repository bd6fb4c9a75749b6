import { Histogram } from "../../src/core/results/histogram.ts";
import type { WireHistogram } from "../../src/core/run/wire.ts";

/** A bar of the distribution: requests whose time lies from `fromMs` up to `toMs`. */
export interface DistributionBar {
  readonly fromMs: number;
  readonly toMs: number;
  readonly count: number;
}

/** A point of the percentile curve. */
export interface PercentilePoint {
  readonly percentile: number;
  readonly ms: number;
}

/** Distribution of response times in bars of equal ratio, and its percentile curve. */
export interface Distribution {
  readonly count: number;
  readonly bars: readonly DistributionBar[];
  readonly curve: readonly PercentilePoint[];
}

const curvePercentiles = [
  0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 97.5, 98, 99, 99.5, 99.9, 99.95, 99.99, 99.995, 99.999, 100,
];
/** Edges of bars within a decade: 20 equal ratios, of which 1.995 and 5.012 are made 2 and 5. */
const edgeFactors = Array.from({ length: 20 }, (_, step) => ({ 6: 2, 14: 5 })[step] ?? 10 ** (step / 20));

/** Reads a merged histogram as bars and curve. @throws {UserError} `broken-histogram` */
export function distributionOf(wire: WireHistogram): Distribution {
  const histogram = Histogram.fromWire(wire);
  const perMs = wire.unit === "us" ? 1000 : 1;
  const count = histogram.totalCount;
  // Beyond these there is less than one request.
  const percentiles = curvePercentiles.filter(
    (percentile) => percentile === 100 || (1 - percentile / 100) * count >= 1,
  );
  return {
    count,
    bars: count === 0 ? [] : barsOf(histogram, perMs),
    curve:
      count === 0
        ? []
        : percentiles.map((percentile) => ({ percentile, ms: histogram.percentile(percentile) / perMs })),
  };
}

/** Edges are whole numbers of the histogram's unit, so that no bucket up to 2,048 lies in two bars. */
function barsOf(histogram: Histogram, perMs: number): readonly DistributionBar[] {
  const edges = edgesUpTo(histogram.max);
  const counts = edges.map(() => 0);
  let bar = 0;
  for (const { low, count } of histogram.buckets()) {
    while (low >= (edges[bar + 1] ?? Infinity)) bar++;
    counts[bar] = (counts[bar] ?? 0) + count;
  }
  const bars = edges.slice(0, -1).map((from, index) => ({
    fromMs: from / perMs,
    toMs: (edges[index + 1] ?? from) / perMs,
    count: counts[index] ?? 0,
  }));
  return bars.slice(bars.findIndex((candidate) => candidate.count > 0));
}

function edgesUpTo(highest: number): readonly number[] {
  const edges = [0];
  for (let step = 0; (edges.at(-1) ?? 0) <= highest; step++) {
    const factor = edgeFactors[step % edgeFactors.length] ?? 1;
    const edge = Math.round(factor * 10 ** Math.floor(step / edgeFactors.length));
    if (edge !== edges.at(-1)) edges.push(edge);
  }
  return edges;
}
