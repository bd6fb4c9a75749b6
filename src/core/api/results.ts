import { isFinal, type RunRecord } from "../run/run.ts";
import type { ResultFigures, RunResult } from "../results/result.ts";
import { formatInstant } from "./times.ts";

/** Figures of a label as version 1.2 shows them: times in seconds, `bytes` and `bandwidth` per second, `throughput` a count. */
export interface GuideFigures {
  readonly avg_rt: number;
  readonly avg_lt: number;
  readonly avg_ct: number;
  readonly bytes: number;
  readonly bandwidth: number;
  readonly throughput: number;
  readonly succ: number;
  readonly fail: number;
  readonly rps: number;
  readonly concurrency: number;
  readonly testDuration: number;
  readonly rc: readonly { readonly code: string; readonly count: number }[];
  readonly p0_0: number;
  readonly p50_0: number;
  readonly p90_0: number;
  readonly p95_0: number;
  readonly p99_0: number;
  readonly p99_9: number;
  readonly p100_0: number;
}

/** Results of a run as version 1.2 shows them: those of all requests, and those of each label. */
export interface GuideResults extends GuideFigures {
  readonly labels: readonly (GuideFigures & { readonly label: string })[];
}

/** Status of a test or run as version 1.2 knows it. */
export type GuideStatus = "running" | "complete" | "failed" | "cancelled";

/** A run as lists and histories of the API show it. */
export interface RunEntry {
  readonly id: string;
  readonly runId: string;
  readonly testId: string;
  readonly testName: string;
  readonly status: GuideStatus;
  readonly phase: RunRecord["status"];
  readonly verdict: string | null;
  readonly startTime: string;
  /** `running` until the run has ended. */
  readonly endTime: string;
  readonly startedBy: string;
  readonly taskCount: number;
  readonly isPartial: boolean;
  /** Missing when there is nothing to say of how it ended. */
  readonly errorReason?: string;
  readonly costUsd: number | null;
}

/** Reduces a run's status to what version 1.2 knows. */
export function guideStatus(status: RunRecord["status"]): GuideStatus {
  switch (status) {
    case "complete":
    case "failed":
    case "cancelled":
      return status;
    case "queued":
    case "provisioning":
    case "ready":
    case "running":
    case "collecting":
      return "running";
  }
}

/** Describes a run for a list. */
export function runEntry(run: RunRecord): RunEntry {
  return {
    id: run.runId,
    runId: run.runId,
    testId: run.testId,
    testName: run.name,
    status: guideStatus(run.status),
    phase: run.status,
    verdict: run.summary?.verdict ?? null,
    startTime: formatInstant(run.startAtMs ?? run.createdAtMs),
    endTime: isFinal(run.status) ? formatInstant(run.endedAtMs ?? run.createdAtMs) : "running",
    startedBy: run.origin.startedBy,
    taskCount: run.tasks,
    isPartial: run.isPartial,
    ...(run.reason === null ? {} : { errorReason: run.reason }),
    costUsd: run.summary?.costUsd ?? null,
  };
}

/** Writes a merged result as version 1.2 shows it; undefined when nothing was measured. */
export function guideResults(result: RunResult): GuideResults | undefined {
  const all = result.labels[""];
  if (all === undefined) return undefined;
  const labels = Object.entries(result.labels)
    .filter(([label]) => label !== "")
    .map(([label, figures]) => ({ label, ...guideFigures(figures, result) }));
  return { ...guideFigures(all, result), labels };
}

function guideFigures(figures: ResultFigures, { maxUsers, spanMs }: RunResult): GuideFigures {
  const { percentilesMs: p } = figures;
  return {
    avg_rt: seconds(figures.meanMs),
    avg_lt: seconds(figures.meanLatencyMs),
    avg_ct: seconds(figures.meanConnectMs),
    bytes: round(figures.bytesPerSecond, 2),
    bandwidth: round(figures.bytesPerSecond, 2),
    throughput: figures.count,
    succ: figures.count - figures.failed,
    fail: figures.failed,
    rps: round(figures.ratePerSecond, 3),
    concurrency: maxUsers,
    testDuration: seconds(spanMs),
    rc: Object.entries(figures.codes).map(([code, count]) => ({ code, count })),
    p0_0: seconds(p.p0),
    p50_0: seconds(p.p50),
    p90_0: seconds(p.p90),
    p95_0: seconds(p.p95),
    p99_0: seconds(p.p99),
    p99_9: seconds(p.p99_9),
    p100_0: seconds(p.p100),
  };
}

/** Seconds with all the digits that a microsecond gives. */
function seconds(ms: number): number {
  return round(ms / 1000, 6);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
