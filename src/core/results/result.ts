import type { RunId, TestId } from "../run/ids.ts";
import type { DriverName, EngineName, PlannedExecution } from "../run/plan.ts";
import type { RunOrigin, VerdictStatus } from "../run/run.ts";
import type { ErrorKind, WireHistogram } from "../run/wire.ts";
import type { CriterionSubject } from "./criterion.ts";

/** Percentiles of response time in ms; the keys are their names in every output. */
export interface Percentiles {
  readonly p0: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p99_9: number;
  readonly p100: number;
}

/** Figures of one label, merged over all tasks that reported. Times in ms, bytes are totals unless named per second. */
export interface ResultFigures {
  readonly count: number;
  readonly failed: number;
  readonly aborted: number;
  readonly errorRatio: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Bytes received per second. */
  readonly bytesPerSecond: number;
  /** Mean over the merged span from the first to the last sample. */
  readonly ratePerSecond: number;
  /** Highest rate of a bucket of the series; null without series. */
  readonly peakRatePerSecond: number | null;
  readonly meanMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly meanConnectMs: number;
  readonly meanLatencyMs: number;
  readonly percentilesMs: Percentiles;
  /** Apdex with T = 500 ms, 0..1. */
  readonly apdex: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly errors: readonly ErrorKind[];
  /** The merged histogram itself, so that results can be compared and merged again. */
  readonly histogram: WireHistogram;
}

/** Figures over time: one entry per bucket in every array. */
export interface ResultSeries {
  readonly bucketSeconds: number;
  readonly buckets: number;
  readonly users: readonly number[];
  /** Tasks that have figures in the bucket. */
  readonly tasks: readonly number[];
  readonly labels: Readonly<Record<string, SeriesColumns>>;
}

export interface SeriesColumns {
  readonly count: readonly number[];
  readonly failed: readonly number[];
  readonly bytes: readonly number[];
  /** 0 in a bucket without samples. */
  readonly meanMs: readonly number[];
  /** Only for `""` and the plan's `seriesLabels`; null in a bucket without samples. */
  readonly percentilesMs?: {
    readonly p50: readonly (number | null)[];
    readonly p90: readonly (number | null)[];
    readonly p95: readonly (number | null)[];
    readonly p99: readonly (number | null)[];
    readonly max: readonly (number | null)[];
  };
}

/** One rule of the verdict with what was measured. */
export interface JudgedRule {
  readonly text: string;
  readonly message: string | null;
  readonly label: string;
  readonly status: "passed" | "failed" | "not judged";
  /** In the threshold's unit; null when there was nothing to measure. */
  readonly measured: number | null;
  readonly threshold: number;
  readonly unit: "ms" | "ratio" | "count" | "bytes";
  readonly condition: string;
  /** What the rule measures; missing for a stop rule. */
  readonly subject?: CriterionSubject;
  /** How its window is judged; missing when the whole run is. */
  readonly windowLogic?: "for" | "within" | "over";
  /** For windowed rules: first second at which the condition had held long enough. */
  readonly atSecond: number | null;
  /** One sentence: measured against allowed, or why it could not be judged. */
  readonly sentence: string;
  readonly line: number | null;
}

export interface Verdict {
  readonly status: VerdictStatus;
  readonly rules: readonly JudgedRule[];
}

/** The merged result of a run (`loadfleet.result.v1`). Written by collect, read by every view. */
export interface RunResult {
  readonly schema: "loadfleet.result.v1";
  readonly runId: RunId;
  readonly testId: TestId;
  readonly name: string;
  readonly status: "complete" | "failed" | "cancelled";
  readonly isPartial: boolean;
  /** One sentence on how it ended, when that needs saying. */
  readonly reason: string | null;
  readonly verdict: Verdict;
  readonly engine: EngineName;
  readonly driver: DriverName;
  readonly versions: Readonly<Record<string, string>>;
  readonly origin: RunOrigin;
  readonly tasks: {
    readonly wanted: number;
    readonly reported: number;
    /** Tasks without a report, each with the reason. */
    readonly missing: readonly { readonly task: number; readonly reason: string }[];
  };
  readonly plan: { readonly executions: readonly PlannedExecution[]; readonly plannedMs: number | null };
  readonly startAtMs: number | null;
  readonly endedAtMs: number;
  readonly firstSampleAtMs: number | null;
  readonly lastSampleAtMs: number | null;
  /** From the first to the last sample, in ms. */
  readonly spanMs: number;
  /** Latest minus earliest real start of the tasks. */
  readonly startSkewMs: number;
  readonly maxUsers: number;
  readonly latencyFrom: "send" | "intended-start";
  readonly health: {
    readonly cpuPeakRatio: number;
    readonly memoryPeakMiB: number;
    /** True when a task's CPU passed 75 %: the figures may say more of the generator than of the target. */
    readonly isDoubtful: boolean;
  };
  readonly notes: readonly string[];
  /** True when percentiles were estimated from Taurus' seven percentiles per task. */
  readonly isApproximate: boolean;
  /** `""` is all requests. */
  readonly labels: Readonly<Record<string, ResultFigures>>;
  readonly series: ResultSeries | null;
  readonly costUsd: number | null;
  /** What CloudWatch measured over the run's time: of its tasks, and what the scenario names; missing where there is none. */
  readonly metrics?: readonly KeptMetric[];
}

/** A metric of CloudWatch, kept with the run. */
export interface KeptMetric {
  readonly namespace: string;
  readonly name: string;
  readonly stat: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Width of a point in seconds. */
  readonly periodSeconds: number;
  /** Begin of each point (epoch ms) and its value, in order. */
  readonly points: readonly (readonly [atMs: number, value: number])[];
}
