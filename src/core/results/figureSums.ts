import type { ErrorKind, LabelFigures, WireHistogram } from "../run/wire.ts";
import { Histogram, unitsPerMs, type TimeUnit } from "./histogram.ts";
import type { Percentiles, ResultFigures } from "./result.ts";

const apdexMs = 500;
const mostErrorKinds = 100;
/** Kinds kept while merging; what is rarer than the hundred most frequent is put together at the end. */
const mostKindsMerging = 5000;

/** Sums of one label over the reports of all tasks; the order in which they are added does not matter. */
export class FigureSums {
  #count = 0;
  #failed = 0;
  #aborted = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #sumUs = 0;
  #connectUs = 0;
  #latencyUs = 0;
  #minMs = Infinity;
  #maxMs = 0;
  readonly #codes = new Map<string, number>();
  readonly #errors = new Map<string, { readonly message: string; readonly code: string; count: number }>();
  #otherErrors = 0;
  /** One per unit, so that the order of reports does not matter when the units differ. */
  readonly #histograms: Partial<Record<TimeUnit, Histogram>> = {};

  add(figures: LabelFigures): void {
    this.#count += figures.count;
    this.#failed += figures.failed;
    this.#aborted += figures.aborted;
    this.#bytesIn += figures.bytesIn;
    this.#bytesOut += figures.bytesOut;
    this.#sumUs += Math.round(figures.sumMs * 1000);
    this.#connectUs += Math.round(figures.connectSumMs * 1000);
    this.#latencyUs += Math.round(figures.latencySumMs * 1000);
    if (figures.count > 0) {
      this.#minMs = Math.min(this.#minMs, figures.minMs);
      this.#maxMs = Math.max(this.#maxMs, figures.maxMs);
    }
    for (const code in figures.codes) this.#codes.set(code, (this.#codes.get(code) ?? 0) + (figures.codes[code] ?? 0));
    for (const error of figures.errors) this.#addError(error);
    this.#addHistogram(figures.histogram);
  }

  /** Makes the figures of the result; the span is that of the whole run. */
  toFigures(spanMs: number, peakRatePerSecond: number | null): ResultFigures {
    const count = Math.max(this.#count, 1);
    // A handful of requests within a fraction of a second is no rate of thousands.
    const seconds = Math.max(spanMs, 1000) / 1000;
    const minMs = this.#count === 0 ? 0 : this.#minMs;
    const histogram = this.#histogram();
    return {
      count: this.#count,
      failed: this.#failed,
      aborted: this.#aborted,
      errorRatio: this.#failed / count,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      bytesPerSecond: this.#bytesIn / seconds,
      ratePerSecond: this.#count / seconds,
      peakRatePerSecond,
      meanMs: this.#sumUs / 1000 / count,
      minMs,
      maxMs: this.#maxMs,
      meanConnectMs: this.#connectUs / 1000 / count,
      meanLatencyMs: this.#latencyUs / 1000 / count,
      percentilesMs: percentilesOf(histogram, minMs, this.#maxMs),
      apdex: apdexOf(histogram, this.#failed),
      codes: Object.fromEntries([...this.#codes].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      errors: this.#mergedErrors(),
      histogram: histogram.toWire(),
    };
  }

  #addHistogram(wire: WireHistogram): void {
    (this.#histograms[wire.unit] ??= new Histogram(wire.unit)).addWire(wire);
  }

  /** Where whole milliseconds are among the reports, µs would be a pretence. */
  #histogram(): Histogram {
    const { ms, us } = this.#histograms;
    if (ms === undefined || us === undefined) return ms ?? us ?? new Histogram("us");
    const merged = us.inUnit("ms");
    merged.add(ms);
    return merged;
  }

  #addError({ message, code, count }: ErrorKind): void {
    const key = `${code}\n${message}`;
    const kind = this.#errors.get(key);
    if (message === "other") this.#otherErrors += count;
    else if (kind !== undefined) kind.count += count;
    else if (this.#errors.size < mostKindsMerging) this.#errors.set(key, { message, code, count });
    else this.#otherErrors += count;
  }

  #mergedErrors(): readonly ErrorKind[] {
    const all = [...this.#errors.values()].toSorted(
      (a, b) => b.count - a.count || (a.code + a.message < b.code + b.message ? -1 : 1),
    );
    const rest = all.slice(mostErrorKinds).reduce((total, kind) => total + kind.count, this.#otherErrors);
    const shown = all.slice(0, mostErrorKinds);
    return rest === 0 ? shown : [...shown, { message: "other", code: "", count: rest }];
  }
}

/** Percentiles in ms; none lies outside of what was measured. */
function percentilesOf(histogram: Histogram, minMs: number, maxMs: number): Percentiles {
  const at = (percentage: number): number =>
    Math.min(Math.max(histogram.percentile(percentage) / unitsPerMs[histogram.unit], minMs), maxMs);
  return { p0: minMs, p50: at(50), p90: at(90), p95: at(95), p99: at(99), p99_9: at(99.9), p100: maxMs };
}

/**
 * Failed requests count as frustrated (Apdex Technical Specification 1.1). The histogram does not say which they were, so
 * they are taken from the fastest: exact where failures are fast, otherwise never better than the truth.
 */
function apdexOf(histogram: Histogram, failed: number): number {
  if (histogram.totalCount === 0) return 0;
  const factor = unitsPerMs[histogram.unit];
  let satisfied = 0;
  let tolerating = 0;
  for (const { low, count } of histogram.buckets()) {
    if (low <= apdexMs * factor) satisfied += count;
    else if (low <= 4 * apdexMs * factor) tolerating += count;
  }
  const failedBeyond = Math.max(0, failed - satisfied);
  const score = Math.max(0, satisfied - failed) + Math.max(0, tolerating - failedBeyond) / 2;
  return score / histogram.totalCount;
}
