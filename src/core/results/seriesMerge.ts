import { CountRow, RowRange } from "./countRow.ts";
import { Histogram, unitsPerMs, type TimeUnit } from "./histogram.ts";
import type { ResultSeries, SeriesColumns } from "./result.ts";
import {
  addColumn,
  columnName,
  decodeColumn,
  decodeSeries,
  isWholeGrid,
  seriesDigits,
  walkHistograms,
  type WireGrid,
  type WireLabel,
} from "./seriesWire.ts";

/** One label's merged figures over time. */
export class MergedLabel {
  /** Name of a figure → one value per bucket. */
  columns = new Map<string, number[]>();
  #rows: (CountRow | undefined)[] = [];
  readonly #range = new RowRange();
  #unit: TimeUnit | undefined;

  /** Value of a figure in a bucket; undefined when no task keeps that figure. */
  valueAt(name: string, bucket: number): number | undefined {
    const column = this.columns.get(name);
    return column === undefined ? undefined : (column[bucket] ?? 0);
  }

  /** Reads the response times of a bucket; undefined when the label keeps none. */
  get histogramAt(): ((bucket: number) => Histogram) | undefined {
    const unit = this.#unit;
    if (unit === undefined) return undefined;
    return (bucket) => {
      const histogram = new Histogram(unit, { digits: seriesDigits });
      const row = this.#rows[bucket];
      if (row !== undefined) histogram.addCounts(row.toCounts());
      return histogram;
    };
  }

  /** Adds a written column, `factor` of its buckets to one of these. */
  addColumn(figure: string, bytes: Uint8Array, factor: number): void {
    const name = columnName(this.columns, figure);
    let target = this.columns.get(name);
    if (target === undefined) this.columns.set(name, (target = []));
    addColumn(target, bytes, factor);
  }

  /** Adds written histograms, `factor` of their buckets to one of these. */
  addHistograms({ unit, bytes }: NonNullable<WireLabel["histograms"]>, factor: number): void {
    this.#unit ??= unit;
    const target = this.#unit;
    walkHistograms(bytes, (bucket, from, to) => {
      const row = this.#rowAt(Math.floor(bucket / factor));
      if (unit === target) row.add(bytes, from, to, this.#range);
      else this.#addConverted(row, new Histogram(unit, { digits: seriesDigits }), bytes.subarray(from, to));
    });
  }

  fold(factor: number): void {
    for (const [name, column] of this.columns) {
      this.columns.set(
        name,
        foldColumn(column, factor, (a, b) => a + b),
      );
    }
    const rows = this.#rows;
    this.#rows = [];
    for (const [bucket, row] of rows.entries()) {
      if (row === undefined) continue;
      const counts = row.toCounts();
      this.#rowAt(Math.floor(bucket / factor)).add(counts, 0, counts.length, this.#range);
    }
  }

  /** The first task's unit stays; tasks that measure in another one are rare. */
  #addConverted(row: CountRow, other: Histogram, bytes: Uint8Array): void {
    other.addCounts(bytes);
    const converted = other.inUnit(this.#unit ?? other.unit).toCounts();
    row.add(converted, 0, converted.length, this.#range);
  }

  #rowAt(bucket: number): CountRow {
    while (this.#rows.length <= bucket) this.#rows.push(undefined);
    return (this.#rows[bucket] ??= new CountRow());
  }
}

/** Figures of all tasks over time, in buckets of the widest width that any of them uses. */
export class MergedGrid {
  bucketSeconds = 1;
  users: number[] = [];
  /** Tasks that have figures in the bucket. */
  tasks: number[] = [];
  readonly labels = new Map<string, MergedLabel>();

  get length(): number {
    return this.users.length;
  }

  /** Tells whether the grid is whole and its buckets fit these. */
  takes(grid: WireGrid): boolean {
    const wider = Math.max(this.bucketSeconds, grid.bucketSeconds);
    const narrower = Math.min(this.bucketSeconds, grid.bucketSeconds);
    return (this.length === 0 || wider % narrower === 0) && isWholeGrid(grid);
  }

  /** Adds a grid that {@link takes} approves of. */
  add(grid: WireGrid): void {
    this.#alignTo(grid.bucketSeconds);
    const factor = this.bucketSeconds / grid.bucketSeconds;
    const most = foldColumn(decodeColumn(grid.users), factor, Math.max);
    this.users = addUp(this.users, most);
    this.tasks = addUp(
      this.tasks,
      most.map((count) => (count > 0 ? 1 : 0)),
    );
    for (const label of grid.labels) this.#addLabel(label, factor);
  }

  #addLabel({ label: name, columns, histograms }: WireLabel, factor: number): void {
    let label = this.labels.get(name);
    if (label === undefined) this.labels.set(name, (label = new MergedLabel()));
    for (const { name: figure, bytes } of columns) label.addColumn(figure, bytes, factor);
    if (histograms !== undefined) label.addHistograms(histograms, factor);
  }

  #alignTo(bucketSeconds: number): void {
    if (this.length === 0) this.bucketSeconds = bucketSeconds;
    if (bucketSeconds <= this.bucketSeconds) return;
    const factor = bucketSeconds / this.bucketSeconds;
    this.bucketSeconds = bucketSeconds;
    this.users = foldColumn(this.users, factor, Math.max);
    this.tasks = foldColumn(this.tasks, factor, Math.max);
    for (const label of this.labels.values()) label.fold(factor);
  }
}

/** Merges the series of all tasks, one object at a time. */
export class SeriesMerger {
  readonly buckets = new MergedGrid();
  readonly seconds = new MergedGrid();

  /** Adds a task's `loadfleet.series.v1`, all of it or nothing; answers a sentence when it cannot be read. */
  add(bytes: Uint8Array): string | undefined {
    const series = decodeSeries(bytes);
    if (series === undefined) return "The series is not one of loadfleet.series.v1.";
    if (!this.buckets.takes(series.buckets) || !this.seconds.takes(series.seconds)) {
      return "The series is damaged, or its buckets do not fit those of the other tasks.";
    }
    this.buckets.add(series.buckets);
    this.seconds.add(series.seconds);
    return undefined;
  }

  /** What the result keeps; null when no task sent a series. */
  toResult(): ResultSeries | null {
    const { bucketSeconds, length, users, tasks, labels } = this.buckets;
    if (length === 0) return null;
    return {
      bucketSeconds,
      buckets: length,
      users,
      tasks,
      labels: Object.fromEntries([...labels].map(([name, label]) => [name, columnsOf(label, length)])),
    };
  }
}

function columnsOf(label: MergedLabel, length: number): SeriesColumns {
  const buckets = Array.from({ length }, (_, bucket) => bucket);
  const column = (name: string): readonly number[] => buckets.map((bucket) => label.valueAt(name, bucket) ?? 0);
  const count = column("count");
  const meanMs = column("sumUs").map((sumUs, bucket) => round3(sumUs / 1000 / Math.max(count[bucket] ?? 0, 1)));
  const figures = { count, failed: column("failed"), bytes: column("bytes"), meanMs };
  const { histogramAt } = label;
  if (histogramAt === undefined) return figures;
  // One histogram at a time: all of them together would take more memory than the merge itself.
  const rows = buckets.map((bucket) => percentilesOf(histogramAt(bucket)));
  const pick = (name: keyof BucketPercentiles): readonly (number | null)[] => rows.map((row) => row?.[name] ?? null);
  return {
    ...figures,
    percentilesMs: { p50: pick("p50"), p90: pick("p90"), p95: pick("p95"), p99: pick("p99"), max: pick("max") },
  };
}

type BucketPercentiles = Readonly<Record<"p50" | "p90" | "p95" | "p99" | "max", number>>;

function percentilesOf(histogram: Histogram): BucketPercentiles | undefined {
  if (histogram.totalCount === 0) return undefined;
  const at = (percentage: number): number => round3(histogram.percentile(percentage) / unitsPerMs[histogram.unit]);
  return { p50: at(50), p90: at(90), p95: at(95), p99: at(99), max: at(100) };
}

function foldColumn(column: readonly number[], factor: number, join: (a: number, b: number) => number): number[] {
  const folded: number[] = [];
  for (const [bucket, value] of column.entries()) {
    const at = Math.floor(bucket / factor);
    folded[at] = at < folded.length ? join(folded[at] ?? 0, value) : value;
  }
  return folded;
}

function addUp(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? 0) + (b[at] ?? 0));
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}
