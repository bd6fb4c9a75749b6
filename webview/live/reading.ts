import type { ResultSeries } from "../../src/core/results/result.ts";
import type { TaskUsage } from "../../src/core/run/run.ts";
import type { ErrorKind } from "../../src/core/run/wire.ts";
import type { TaskPeak } from "./generatorHealth.ts";

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
  /** Labels that were seen and are not among these. */
  readonly hidden: number;
  /** The most frequent kinds since the start. */
  readonly errors: readonly ErrorKind[];
  /** What the busiest tasks use now, the busiest first. */
  readonly usage: readonly TaskUsage[];
  readonly peaks: readonly TaskPeak[];
  /** Figures over time up to the instant; holds the columns of one label. */
  readonly series: ResultSeries;
}
