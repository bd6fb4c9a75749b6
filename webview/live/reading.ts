import type { ResultSeries } from "../../src/core/results/result.ts";

/** Figures of a label added up from the start. */
export interface Totals {
  readonly count: number;
  readonly failed: number;
  readonly bytes: number;
  readonly sumMs: number;
}

/** Figures of a label in the stretch that is read; percentiles are null where they are not kept over time. */
export interface Current {
  readonly count: number;
  readonly failed: number;
  readonly ratePerSecond: number;
  readonly bytesPerSecond: number;
  readonly meanMs: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** A label (`""`: all requests) at the instant of a reading; `now` is undefined when it had no samples there. */
export interface LabelReading {
  readonly label: string;
  readonly soFar: Totals;
  readonly now: Current | undefined;
}

/** What is known of a run at an instant: of one that is going on, or of a past one at the point of its replay. */
export interface Reading {
  /** First second of the stretch that `now` and `users` speak of; undefined before the first figures. */
  readonly second: number | undefined;
  readonly users: number;
  readonly tasks: number;
  readonly labels: readonly LabelReading[];
  /** Figures over time up to the instant; holds the columns of one label. */
  readonly series: ResultSeries;
}
