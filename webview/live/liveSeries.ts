import type { ResultSeries, SeriesColumns } from "../../src/core/results/result.ts";
import type { LiveFigures, LivePoint } from "../../src/core/run/run.ts";
import { ErrorCounts } from "./errorCounts.ts";
import { addPeaks, type TaskPeak } from "./generatorHealth.ts";
import type { Current, LabelReading, Reading, Totals } from "./reading.ts";

const mostBuckets = 1000;
/** How far back a late task may still add to a point, with room to spare. */
const reopenedSeconds = 60;

type Time = number | null;

/** Columns of one label; percentiles are those of the slowest second of a bucket, because they cannot be added up. */
interface Columns {
  count: number[];
  failed: number[];
  bytes: number[];
  sumMs: number[];
  p50: Time[];
  p90: Time[];
  p95: Time[];
  p99: Time[];
}

type MutableTotals = { -readonly [Key in keyof Totals]: Totals[Key] };

/** Gathers the points of a run into at most a thousand buckets, in memory that does not grow with the run's length. */
export class LiveSeries {
  #bucketSeconds: number;
  #users: number[] = [];
  #tasks: number[] = [];
  readonly #columns = new Map<string, Columns>();
  readonly #totals = new Map<string, MutableTotals>();
  readonly #errors = new ErrorCounts();
  readonly #peaks = new Map<number, TaskPeak>();
  #hidden = 0;
  /** By first second: points that may still be replaced, or whose bucket is made anew when a neighbour is. */
  readonly #recent = new Map<number, LivePoint>();
  #newest: number | undefined;
  #end = 0;

  /** @param bucketSeconds width of a bucket to begin with; doubled whenever there are too many */
  constructor(bucketSeconds: number) {
    this.#bucketSeconds = bucketSeconds;
  }

  get bucketSeconds(): number {
    return this.#bucketSeconds;
  }

  get buckets(): number {
    return this.#users.length;
  }

  /** Takes a point; it replaces the one of the same second. A point from before what may still change is ignored. */
  add(point: LivePoint): void {
    const oldest = (this.#newest ?? 0) - reopenedSeconds;
    if (point.second < oldest) return;
    this.#newest = Math.max(this.#newest ?? 0, point.second);
    this.#end = Math.max(this.#end, point.second + point.seconds);
    while (Math.max(point.second / this.#bucketSeconds, 0) >= mostBuckets || this.#bucketSeconds < point.seconds) {
      this.#fold();
    }
    const replaced = this.#recent.get(point.second);
    if (replaced) this.#addTotals(replaced, -1);
    this.#addTotals(point, 1);
    this.#hidden = Math.max(this.#hidden, point.hidden ?? 0);
    addPeaks(this.#peaks, point);
    this.#recent.set(point.second, point);
    this.#fill(Math.floor(point.second / this.#bucketSeconds));
    const kept = this.#newest - reopenedSeconds - 2 * this.#bucketSeconds;
    for (const second of this.#recent.keys()) if (second < kept) this.#recent.delete(second);
  }

  /** Reads what is known now, with figures over time of one label. */
  read(label: string): Reading {
    const point = this.#currentPoint();
    return {
      second: point?.second,
      users: point?.users ?? 0,
      tasks: point?.tasksReporting ?? 0,
      labels: [...this.#totals].map(([name, soFar]): LabelReading => {
        const figures = point && Object.hasOwn(point.labels, name) ? point.labels[name] : undefined;
        return { label: name, soFar, now: point && figures && currentOf(figures, point.seconds) };
      }),
      hidden: this.#hidden,
      errors: this.#errors.most,
      usage: point?.usage ?? [],
      peaks: [...this.#peaks.values()].toSorted((a, b) => a.task - b.task),
      series: this.#seriesOf(label),
    };
  }

  /** The newest stretch that as many tasks have reported as any of the last few: tasks report at different moments. */
  #currentPoint(): LivePoint | undefined {
    const last = [...this.#recent.values()].toSorted((a, b) => b.second - a.second).slice(0, 4);
    const most = Math.max(0, ...last.map(({ tasksReporting }) => tasksReporting));
    return last.find(({ tasksReporting }) => tasksReporting === most);
  }

  #addTotals(point: LivePoint, sign: 1 | -1): void {
    this.#errors.add(point.errors ?? [], sign);
    for (const [label, { count, failed, bytes, meanMs }] of Object.entries(point.labels)) {
      let totals = this.#totals.get(label);
      if (!totals) this.#totals.set(label, (totals = { count: 0, failed: 0, bytes: 0, sumMs: 0 }));
      totals.count += sign * count;
      totals.failed += sign * failed;
      totals.bytes += sign * bytes;
      totals.sumMs += sign * count * meanMs;
    }
  }

  /** Makes a bucket anew from the points in it. */
  #fill(bucket: number): void {
    const from = bucket * this.#bucketSeconds;
    const points = this.#pointsWithin(from, from + this.#bucketSeconds);
    put(this.#users, bucket, Math.max(...points.map(({ users }) => users)), 0);
    put(this.#tasks, bucket, Math.max(...points.map(({ tasksReporting }) => tasksReporting)), 0);
    for (const label of new Set(points.flatMap(({ labels }) => Object.keys(labels)))) {
      const figures = points.flatMap(({ labels }) => labels[label] ?? []);
      fillColumns(this.#columnsOf(label), bucket, figures);
    }
  }

  #pointsWithin(from: number, to: number): readonly LivePoint[] {
    if (this.#bucketSeconds === 1) return [this.#recent.get(from)].filter((point) => point !== undefined);
    return [...this.#recent.values()].filter(({ second }) => second >= from && second < to);
  }

  #columnsOf(label: string): Columns {
    let columns = this.#columns.get(label);
    if (!columns) {
      columns = { count: [], failed: [], bytes: [], sumMs: [], p50: [], p90: [], p95: [], p99: [] };
      this.#columns.set(label, columns);
    }
    return columns;
  }

  #fold(): void {
    this.#bucketSeconds *= 2;
    this.#users = foldPairs(this.#users, Math.max, 0);
    this.#tasks = foldPairs(this.#tasks, Math.max, 0);
    for (const [label, { count, failed, bytes, sumMs, p50, p90, p95, p99 }] of this.#columns) {
      const [counts, faileds, sizes, sums] = [count, failed, bytes, sumMs].map((column) => foldPairs(column, add, 0));
      const times = [p50, p90, p95, p99].map((column) => foldPairs(column, slower, null));
      this.#columns.set(label, {
        count: counts ?? [],
        failed: faileds ?? [],
        bytes: sizes ?? [],
        sumMs: sums ?? [],
        p50: times[0] ?? [],
        p90: times[1] ?? [],
        p95: times[2] ?? [],
        p99: times[3] ?? [],
      });
    }
  }

  #seriesOf(label: string): ResultSeries {
    const columns = this.#columns.get(label);
    const { buckets, bucketSeconds } = this;
    const begun = this.#end - (buckets - 1) * bucketSeconds;
    const share = begun > 0 && begun < bucketSeconds ? begun / bucketSeconds : 1;
    return {
      buckets,
      bucketSeconds,
      users: [...this.#users],
      tasks: [...this.#tasks],
      labels: { [label]: columns ? padded(columns, buckets, share) : padded(this.#columnsOf(label), buckets, 1) },
    };
  }
}

/** Columns up to the last bucket, without percentiles where none is known; in that one counts are scaled up to a whole bucket, so that its rate is true. */
function padded(columns: Columns, buckets: number, share: number): SeriesColumns {
  const amounts = (column: readonly number[]): readonly number[] =>
    Array.from({ length: buckets }, (_, at) => (column[at] ?? 0) / (at === buckets - 1 ? share : 1));
  const times = (column: readonly Time[]): readonly Time[] =>
    Array.from({ length: buckets }, (_, at) => column[at] ?? null);
  const none = Array.from({ length: buckets }, () => null);
  const plain = {
    count: amounts(columns.count),
    failed: amounts(columns.failed),
    bytes: amounts(columns.bytes),
    meanMs: Array.from({ length: buckets }, (_, at) =>
      columns.count[at] ? (columns.sumMs[at] ?? 0) / columns.count[at] : 0,
    ),
  };
  const isMeanAll = columns.count.some((count) => count > 0) && columns.p50.every((value) => value === null);
  if (isMeanAll) return plain;
  return {
    ...plain,
    percentilesMs: {
      p50: times(columns.p50),
      p90: times(columns.p90),
      p95: times(columns.p95),
      p99: times(columns.p99),
      max: none,
    },
  };
}

function fillColumns(columns: Columns, bucket: number, figures: readonly LiveFigures[]): void {
  const sum = (pick: (one: LiveFigures) => number): number => figures.reduce((total, one) => total + pick(one), 0);
  const slowest = (pick: (one: LiveFigures) => Time): Time =>
    figures.reduce<Time>((most, one) => (one.count === 0 ? most : slower(most, pick(one))), null);
  put(columns.count, bucket, sum(({ count }) => count), 0); // prettier-ignore
  put(columns.failed, bucket, sum(({ failed }) => failed), 0); // prettier-ignore
  put(columns.bytes, bucket, sum(({ bytes }) => bytes), 0); // prettier-ignore
  put(columns.sumMs, bucket, sum(({ count, meanMs }) => count * meanMs), 0); // prettier-ignore
  put(columns.p50, bucket, slowest(({ p50Ms }) => p50Ms), null); // prettier-ignore
  put(columns.p90, bucket, slowest(({ p90Ms }) => p90Ms), null); // prettier-ignore
  put(columns.p95, bucket, slowest(({ p95Ms }) => p95Ms), null); // prettier-ignore
  put(columns.p99, bucket, slowest(({ p99Ms }) => p99Ms), null); // prettier-ignore
}

function currentOf(figures: LiveFigures, seconds: number): Current {
  const { count, failed, bytes, meanMs, p50Ms, p95Ms, p99Ms } = figures;
  return {
    count,
    failed,
    ratePerSecond: count / seconds,
    bytesPerSecond: bytes / seconds,
    meanMs,
    p50Ms,
    p95Ms,
    p99Ms,
  };
}

function put<T>(column: T[], at: number, value: T, gap: T): void {
  while (column.length < at) column.push(gap);
  column[at] = value;
}

function foldPairs<T>(column: readonly T[], join: (a: T, b: T) => T, gap: T): T[] {
  return Array.from({ length: Math.ceil(column.length / 2) }, (_, at) =>
    join(column[2 * at] ?? gap, column[2 * at + 1] ?? gap),
  );
}

function add(a: number, b: number): number {
  return a + b;
}

function slower(a: Time, b: Time): Time {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
