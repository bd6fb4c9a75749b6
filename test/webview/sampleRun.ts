import { Histogram } from "../../src/core/results/histogram.ts";
import type { Percentiles, ResultFigures, ResultSeries } from "../../src/core/results/result.ts";
import type { PlannedExecution } from "../../src/core/run/plan.ts";
import { usersAt } from "../../src/core/scenario/profile.ts";

/** What a made-up run looks like. All times are ms. */
export interface Sample {
  readonly name: string;
  /** Label → usual response time and share of requests that fail. */
  readonly requests: Readonly<Record<string, { readonly usualMs: number; readonly failRatio: number }>>;
  readonly rules: readonly string[];
  readonly buckets: number;
  readonly bucketSeconds: number;
  /** Requests of one label that one bucket holds at full load. */
  readonly perBucket: number;
  /** Buckets in which the target is three times slower and fails three times as often. */
  readonly slow?: { readonly from: number; readonly to: number };
}

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is gathered of one label; times are µs. */
class Gathered {
  readonly histogram = new Histogram("us");
  readonly codes: Record<string, number> = {};
  readonly columns = {
    count: [] as number[],
    failed: [] as number[],
    bytes: [] as number[],
    meanMs: [] as number[],
    p50: [] as (number | null)[],
    p90: [] as (number | null)[],
    p95: [] as (number | null)[],
    p99: [] as (number | null)[],
    max: [] as (number | null)[],
  };
  #bucket = new Histogram("us");
  #failed = 0;
  #sum = 0;
  sumMs = 0;
  failed = 0;

  add(us: number, isFailed: boolean): void {
    this.histogram.record(us);
    this.#bucket.record(us);
    this.#sum += us / 1000;
    if (isFailed) this.#failed++;
    const code = isFailed ? "503" : "200";
    this.codes[code] = (this.codes[code] ?? 0) + 1;
  }

  closeBucket(): void {
    const { columns } = this;
    const count = this.#bucket.totalCount;
    const at = (percentile: number): number | null => (count === 0 ? null : this.#bucket.percentile(percentile) / 1000);
    columns.count.push(count);
    columns.failed.push(this.#failed);
    columns.bytes.push(count * 812);
    columns.meanMs.push(count === 0 ? 0 : Number((this.#sum / count).toFixed(3)));
    for (const [name, percentile] of [
      ["p50", 50],
      ["p90", 90],
      ["p95", 95],
      ["p99", 99],
      ["max", 100],
    ] as const) {
      columns[name].push(at(percentile));
    }
    this.failed += this.#failed;
    this.sumMs += this.#sum;
    this.#failed = 0;
    this.#sum = 0;
    this.#bucket.reset();
  }
}

/** The plan of a made-up run: 40 users, a quarter of the time ramping up. */
export function executionOf({ buckets, bucketSeconds }: Sample): PlannedExecution {
  const totalMs = buckets * bucketSeconds * 1000;
  const rampUpMs = Math.round(totalMs / 4);
  return {
    scenario: "shop",
    executor: undefined,
    users: 40,
    ratePerSecond: null,
    rampUpMs,
    holdForMs: totalMs - rampUpMs,
    delayMs: 0,
    iterations: null,
    steps: null,
  };
}

/** Makes up every request of a run and gathers them by label (`""`: all). */
export function gather(sample: Sample): ReadonlyMap<string, Gathered> {
  const random = makeRandom(sample.name.length * 7919 + sample.buckets);
  const execution = executionOf(sample);
  const gathered = new Map(["", ...Object.keys(sample.requests)].map((label) => [label, new Gathered()]));
  for (let bucket = 0; bucket < sample.buckets; bucket++) {
    const isSlow = sample.slow !== undefined && bucket >= sample.slow.from && bucket < sample.slow.to;
    const load = usersAt(execution, (bucket + 0.5) * sample.bucketSeconds * 1000) / 40;
    for (const [label, { usualMs, failRatio }] of Object.entries(sample.requests)) {
      const requests = Math.round(sample.perBucket * load * (0.9 + 0.2 * random()));
      for (let request = 0; request < requests; request++) {
        const spread = Math.exp((random() + random() + random() + random() - 2) * 0.9);
        const tail = random() < 0.004 ? 4 + 6 * random() : 1;
        const us = Math.round(usualMs * 1000 * spread * tail * (isSlow ? 3 : 1) * (0.8 + 0.4 * load));
        const isFailed = random() < failRatio * (isSlow ? 3 : 1);
        gathered.get(label)?.add(us, isFailed);
        gathered.get("")?.add(us, isFailed);
      }
    }
    for (const one of gathered.values()) one.closeBucket();
  }
  return gathered;
}

/** The merged figures of one label. */
export function figuresOf(one: Gathered, sample: Sample): ResultFigures {
  const { histogram, failed, sumMs, codes, columns } = one;
  const count = histogram.totalCount;
  const at = (percentile: number): number => histogram.percentile(percentile) / 1000;
  const percentilesMs: Percentiles = {
    p0: at(0), p50: at(50), p90: at(90), p95: at(95), p99: at(99), p99_9: at(99.9), p100: at(100),
  }; // prettier-ignore
  const meanMs = count === 0 ? 0 : sumMs / count;
  const seconds = sample.buckets * sample.bucketSeconds;
  const message = "Service Unavailable";
  return {
    count,
    failed,
    aborted: 0,
    errorRatio: count === 0 ? 0 : failed / count,
    bytesIn: count * 812,
    bytesOut: count * 240,
    bytesPerSecond: (count * 812) / seconds,
    ratePerSecond: count / seconds,
    peakRatePerSecond: Math.max(...columns.count) / sample.bucketSeconds,
    meanMs,
    minMs: at(0),
    maxMs: at(100),
    meanConnectMs: meanMs / 50,
    meanLatencyMs: meanMs * 0.9,
    percentilesMs,
    apdex: count === 0 ? 0 : 0.97,
    codes,
    errors: failed === 0 ? [] : [{ message, code: "503", count: failed }],
    histogram: histogram.toWire(),
  };
}

/** The figures over time of all labels. */
export function seriesOf(gathered: ReadonlyMap<string, Gathered>, sample: Sample): ResultSeries {
  const execution = executionOf(sample);
  const labels = [...gathered].map(([label, { columns }], index) => {
    const { count, failed, bytes, meanMs, ...percentilesMs } = columns;
    const plain = { count, failed, bytes, meanMs };
    // As in a plan: all requests, and at most five labels.
    return [label, index > 5 ? plain : { ...plain, percentilesMs }] as const;
  });
  const { buckets, bucketSeconds } = sample;
  return {
    bucketSeconds,
    buckets,
    users: Array.from({ length: buckets }, (_, index) => usersAt(execution, (index + 0.5) * bucketSeconds * 1000)),
    tasks: Array.from({ length: buckets }, () => 4),
    labels: Object.fromEntries(labels),
  };
}
