import type { RunPlan } from "../run/plan.ts";
import type { ErrorKind } from "../run/wire.ts";
import type { Criterion } from "./criterion.ts";
import { Histogram } from "./histogram.ts";
import {
  columnName,
  encodeColumn,
  encodeHistograms,
  encodeSeries,
  seriesDigits,
  type WireGrid,
  type WireLabel,
} from "./seriesWire.ts";

const widths = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900] as const;
const mostBuckets = 1000;
const mostLabels = 20;
/** Second streams end here: five hours, which keeps a run without an end bounded. */
const mostSeconds = 18_000;

/** A second of one label as a driver measured it; the optional figures are kept over time when it knows them. */
export interface SecondFigures {
  readonly count: number;
  readonly failed: number;
  readonly bytes: number;
  readonly sumMs: number;
  readonly connectSumMs?: number;
  readonly latencySumMs?: number;
  readonly codes?: ReadonlyMap<string, number>;
  /** Kinds of errors, of `""` only and as far as the driver tells them apart. */
  readonly errors?: readonly ErrorKind[];
  readonly histogram: Histogram | undefined;
}

/** A second of a task, counted from the start instant. */
export interface Second {
  readonly second: number;
  readonly users: number;
  readonly labels: ReadonlyMap<string, SecondFigures>;
}

/** Width of a bucket of the series for a planned duration: the smallest that gives at most 1,000; 1 s when the end is not known. */
export function seriesBucketSeconds(plannedMs: number | null): number {
  return widths.find((width) => (plannedMs ?? 0) / 1000 / width <= mostBuckets) ?? 900;
}

/** Collects a task's figures over time in bounded memory: a run that outgrows 1,000 buckets folds them in pairs. */
export class SeriesRecorder {
  readonly #buckets: GridRecorder;
  readonly #seconds: GridRecorder;
  readonly #labels: Set<string>;
  readonly #takesFirstLabels: boolean;
  readonly #histogramLabels: ReadonlySet<string>;
  readonly #secondLabels: ReadonlySet<string>;
  readonly #secondHistogramLabels: ReadonlySet<string>;

  constructor(plan: Pick<RunPlan, "seriesBucketSeconds" | "labels" | "seriesLabels" | "secondLabels" | "criteria">) {
    this.#buckets = new GridRecorder(plan.seriesBucketSeconds);
    this.#seconds = new GridRecorder(1);
    this.#labels = new Set(["", ...plan.seriesLabels, ...plan.labels.slice(0, mostLabels)]);
    this.#takesFirstLabels = plan.labels.length === 0;
    this.#histogramLabels = new Set(["", ...plan.seriesLabels]);
    this.#secondLabels = new Set(plan.secondLabels);
    this.#secondHistogramLabels = new Set(plan.criteria.filter(needsHistogram).map(({ label }) => label));
  }

  add({ second, users, labels }: Second): void {
    this.#foldFor(second);
    this.#buckets.addUsers(second, users);
    if (second < mostSeconds && this.#secondLabels.size > 0) this.#seconds.addUsers(second, users);
    for (const [label, figures] of labels) {
      if (this.#keeps(label)) this.#buckets.add(second, label, figures, this.#histogramLabels.has(label));
      if (second < mostSeconds && this.#secondLabels.has(label)) {
        this.#seconds.add(second, label, figures, this.#secondHistogramLabels.has(label));
      }
    }
  }

  /** Writes `loadfleet.series.v1`; the caller compresses it. */
  toBytes(): Uint8Array {
    return encodeSeries({ buckets: this.#buckets.toWire(), seconds: this.#seconds.toWire() });
  }

  #foldFor(second: number): void {
    while (second / this.#buckets.bucketSeconds >= mostBuckets) this.#buckets.fold();
  }

  #keeps(label: string): boolean {
    if (this.#labels.has(label)) return true;
    if (!this.#takesFirstLabels || this.#labels.size > mostLabels) return false;
    this.#labels.add(label);
    return true;
  }
}

function needsHistogram({ window, subject }: Criterion): boolean {
  return window !== undefined && (subject.kind === "percentile" || subject.kind === "stdev-rt");
}

/** Figures of several labels in buckets of one width. */
class GridRecorder {
  bucketSeconds: number;
  /** Most users of any second of the bucket. */
  #users: number[] = [];
  readonly #labels = new Map<string, GridLabel>();

  constructor(bucketSeconds: number) {
    this.bucketSeconds = bucketSeconds;
  }

  addUsers(second: number, users: number): void {
    const bucket = this.#bucketOf(second);
    while (this.#users.length <= bucket) this.#users.push(0);
    this.#users[bucket] = Math.max(this.#users[bucket] ?? 0, users);
  }

  add(second: number, name: string, figures: SecondFigures, keepsHistogram: boolean): void {
    let label = this.#labels.get(name);
    if (label === undefined) this.#labels.set(name, (label = new GridLabel()));
    const bucket = this.#bucketOf(second);
    label.addFigures(bucket, figures);
    if (keepsHistogram && figures.histogram !== undefined) label.addHistogram(bucket, figures.histogram);
  }

  fold(): void {
    this.bucketSeconds *= 2;
    this.#users = foldPairs(this.#users, Math.max);
    for (const label of this.#labels.values()) label.fold();
  }

  toWire(): WireGrid {
    const labels = [...this.#labels].map(([name, label]) => label.toWire(name));
    return { bucketSeconds: this.bucketSeconds, users: encodeColumn(this.#users), labels };
  }

  #bucketOf(second: number): number {
    return Math.floor(second / this.bucketSeconds);
  }
}

class GridLabel {
  #columns = new Map<string, number[]>();
  /** Written histograms by bucket; the one of the open bucket is still being counted. */
  #rows: (Uint8Array | undefined)[] = [];
  #open: { bucket: number; readonly histogram: Histogram } | undefined;

  addFigures(bucket: number, figures: SecondFigures): void {
    this.#addTo("count", bucket, figures.count);
    this.#addTo("failed", bucket, figures.failed);
    this.#addTo("bytes", bucket, figures.bytes);
    this.#addTo("sumUs", bucket, Math.round(figures.sumMs * 1000));
    if (figures.connectSumMs !== undefined) this.#addTo("connectUs", bucket, Math.round(figures.connectSumMs * 1000));
    if (figures.latencySumMs !== undefined) this.#addTo("latencyUs", bucket, Math.round(figures.latencySumMs * 1000));
    for (const [code, count] of figures.codes ?? []) this.#addTo(`code:${code}`, bucket, count);
  }

  addHistogram(bucket: number, histogram: Histogram): void {
    if (this.#open?.bucket !== bucket) {
      this.#close();
      this.#open = {
        bucket,
        histogram: this.#open?.histogram ?? new Histogram(histogram.unit, { digits: seriesDigits }),
      };
    }
    this.#open.histogram.add(histogram);
  }

  fold(): void {
    this.#close();
    if (this.#open !== undefined) this.#open.bucket = -1;
    this.#columns = new Map([...this.#columns].map(([name, column]) => [name, foldPairs(column, (a, b) => a + b)]));
    const pairs: (Uint8Array | undefined)[] = [];
    for (let bucket = 0; bucket < this.#rows.length; bucket += 2) {
      pairs.push(this.#merge(this.#rows[bucket], this.#rows[bucket + 1]));
    }
    this.#rows = pairs;
  }

  toWire(label: string): WireLabel {
    this.#close();
    const columns = [...this.#columns].map(([name, column]) => ({ name, bytes: encodeColumn(column) }));
    const unit = this.#open?.histogram.unit;
    return { label, columns, histograms: unit && { unit, bytes: encodeHistograms(this.#rows) } };
  }

  #addTo(figure: string, bucket: number, value: number): void {
    const name = columnName(this.#columns, figure);
    let column = this.#columns.get(name);
    if (column === undefined) this.#columns.set(name, (column = []));
    while (column.length <= bucket) column.push(0);
    column[bucket] = (column[bucket] ?? 0) + value;
  }

  /** Writes the open bucket's histogram; a bucket that is opened again adds to what is written. */
  #close(): void {
    if (this.#open === undefined || this.#open.histogram.totalCount === 0) return;
    const { bucket, histogram } = this.#open;
    const written = this.#rows[bucket];
    if (written !== undefined) histogram.addCounts(written);
    while (this.#rows.length < bucket) this.#rows.push(undefined);
    this.#rows[bucket] = histogram.toCounts();
    histogram.reset();
  }

  #merge(a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array | undefined {
    if (a === undefined || b === undefined) return a ?? b;
    const merged = new Histogram(this.#open?.histogram.unit ?? "us", { digits: seriesDigits });
    merged.addCounts(a);
    merged.addCounts(b);
    return merged.toCounts();
  }
}

function foldPairs(column: readonly number[], join: (a: number, b: number) => number): number[] {
  const folded: number[] = [];
  for (let at = 0; at < column.length; at += 2) folded.push(join(column[at] ?? 0, column[at + 1] ?? 0));
  return folded;
}
