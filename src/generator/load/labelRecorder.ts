import { Histogram } from "../../core/results/histogram.ts";
import type { ErrorKind, LabelFigures } from "../../core/run/wire.ts";

const mostErrorKinds = 100;
const mostKindsOfSecond = 20;

/** What was measured of one request or one transaction. */
export interface Sample {
  readonly label: string;
  /** Transactions have figures of their own and do not count among all requests. */
  readonly isTransaction: boolean;
  /** Instant of `performance.now()` at which it ended. */
  readonly endedMs: number;
  readonly elapsedMs: number;
  readonly connectMs: number;
  /** Time to the first byte. */
  readonly latencyMs: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Response code; "" when there was no response. */
  readonly code: string;
  /** Text of the failure; undefined when it passed. */
  readonly failure: string | undefined;
}

/** Figures of one second of one label. */
export interface SecondFigures {
  readonly count: number;
  readonly failed: number;
  readonly bytes: number;
  readonly sumMs: number;
  readonly connectSumMs: number;
  readonly latencySumMs: number;
  readonly codes: ReadonlyMap<string, number>;
  /** At most 20 kinds, where they are kept. */
  readonly errors?: readonly ErrorKind[];
  readonly histogram: Histogram | undefined;
}

/** Collects the samples of one label in the second that is under way. */
export class SecondRecorder {
  readonly #keepsHistogram: boolean;
  readonly #errors: Map<string, { readonly message: string; readonly code: string; count: number }> | undefined;
  #count = 0;
  #failed = 0;
  #bytes = 0;
  #sumUs = 0;
  #connectSumUs = 0;
  #latencySumUs = 0;
  #codes = new Map<string, number>();
  #histogram: Histogram | undefined;

  constructor(options: { readonly keepsHistogram: boolean; readonly keepsErrors: boolean }) {
    this.#keepsHistogram = options.keepsHistogram;
    this.#errors = options.keepsErrors ? new Map() : undefined;
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  record(sample: Sample, elapsedUs: number): void {
    this.#count++;
    if (sample.failure !== undefined) {
      this.#failed++;
      this.#addError(sample.failure, sample.code);
    }
    this.#bytes += sample.bytesIn;
    this.#sumUs += elapsedUs;
    this.#connectSumUs += Math.round(sample.connectMs * 1000);
    this.#latencySumUs += Math.round(sample.latencyMs * 1000);
    this.#codes.set(sample.code, (this.#codes.get(sample.code) ?? 0) + 1);
    if (this.#keepsHistogram) (this.#histogram ??= new Histogram("us")).record(elapsedUs);
  }

  take(): SecondFigures {
    const histogram = this.#keepsHistogram ? (this.#histogram ?? new Histogram("us")) : undefined;
    const figures = {
      count: this.#count,
      failed: this.#failed,
      bytes: this.#bytes,
      sumMs: this.#sumUs / 1000,
      connectSumMs: this.#connectSumUs / 1000,
      latencySumMs: this.#latencySumUs / 1000,
      codes: this.#codes,
      ...(this.#errors === undefined || this.#errors.size === 0 ? {} : { errors: [...this.#errors.values()] }),
      histogram,
    };
    this.#errors?.clear();
    this.#count = this.#failed = this.#bytes = 0;
    this.#sumUs = this.#connectSumUs = this.#latencySumUs = 0;
    this.#codes = new Map();
    this.#histogram = undefined;
    return figures;
  }

  #addError(message: string, code: string): void {
    if (this.#errors === undefined) return;
    const key = `${code} ${message}`;
    const known = this.#errors.get(key);
    if (known !== undefined) known.count++;
    else if (this.#errors.size < mostKindsOfSecond) this.#errors.set(key, { message, code, count: 1 });
  }
}

/** Collects the samples of one label over the whole run. */
export class LabelRecorder {
  readonly isTransaction: boolean;
  readonly current: SecondRecorder;
  aborted = 0;
  readonly #histogram = new Histogram("us");
  readonly #codes = new Map<string, number>();
  readonly #errors = new Map<string, { readonly message: string; readonly code: string; count: number }>();
  #failed = 0;
  #bytesIn = 0;
  #bytesOut = 0;
  #sumUs = 0;
  #minUs = Infinity;
  #maxUs = 0;
  #connectSumUs = 0;
  #latencySumUs = 0;

  constructor(options: { readonly isTransaction: boolean; readonly keepsHistogram: boolean }) {
    this.isTransaction = options.isTransaction;
    this.current = new SecondRecorder({ keepsHistogram: options.keepsHistogram, keepsErrors: false });
  }

  record(sample: Sample, elapsedUs: number): void {
    this.#histogram.record(elapsedUs);
    this.#sumUs += elapsedUs;
    if (elapsedUs < this.#minUs) this.#minUs = elapsedUs;
    if (elapsedUs > this.#maxUs) this.#maxUs = elapsedUs;
    this.#connectSumUs += Math.round(sample.connectMs * 1000);
    this.#latencySumUs += Math.round(sample.latencyMs * 1000);
    this.#bytesIn += sample.bytesIn;
    this.#bytesOut += sample.bytesOut;
    this.#codes.set(sample.code, (this.#codes.get(sample.code) ?? 0) + 1);
    if (sample.failure !== undefined) {
      this.#failed++;
      this.#addError(sample.failure, sample.code, 1);
    }
    this.current.record(sample, elapsedUs);
  }

  merge(other: LabelRecorder): void {
    this.#histogram.add(other.#histogram);
    this.#failed += other.#failed;
    this.aborted += other.aborted;
    this.#bytesIn += other.#bytesIn;
    this.#bytesOut += other.#bytesOut;
    this.#sumUs += other.#sumUs;
    this.#minUs = Math.min(this.#minUs, other.#minUs);
    this.#maxUs = Math.max(this.#maxUs, other.#maxUs);
    this.#connectSumUs += other.#connectSumUs;
    this.#latencySumUs += other.#latencySumUs;
    for (const [code, count] of other.#codes) this.#codes.set(code, (this.#codes.get(code) ?? 0) + count);
    for (const { message, code, count } of other.#errors.values()) this.#addError(message, code, count);
  }

  figures(): LabelFigures {
    const count = this.#histogram.totalCount;
    return {
      count,
      failed: this.#failed,
      aborted: this.aborted,
      bytesIn: this.#bytesIn,
      bytesOut: this.#bytesOut,
      sumMs: this.#sumUs / 1000,
      minMs: count === 0 ? 0 : this.#minUs / 1000,
      maxMs: this.#maxUs / 1000,
      connectSumMs: this.#connectSumUs / 1000,
      latencySumMs: this.#latencySumUs / 1000,
      codes: Object.fromEntries(this.#codes),
      errors: [...this.#errors.values()].map((error) => ({ ...error })),
      histogram: this.#histogram.toWire(),
    };
  }

  #addError(message: string, code: string, count: number): void {
    const key = `${code} ${message}`;
    const known = this.#errors.get(key);
    if (known !== undefined) {
      known.count += count;
      return;
    }
    if (this.#errors.size < mostErrorKinds) this.#errors.set(key, { message, code, count });
    else if (message === "other" && code === "") this.#errors.set(key, { message, code, count });
    else this.#addError("other", "", count);
  }
}
