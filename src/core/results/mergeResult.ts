import type { RunPlan } from "../run/plan.ts";
import type { RunRecord } from "../run/run.ts";
import { doubtfulCpuRatio } from "./health.ts";
import { Histogram } from "./histogram.ts";
import { judge, judgeNothing } from "./judge.ts";
import type { MergedReports, ResultMerger } from "./merge.ts";
import type { ResultFigures, RunResult, Verdict } from "./result.ts";
import type { Stretch } from "./stretch.ts";

/** What a result says of its run beside the merged figures. */
export interface ResultFacts {
  readonly run: Pick<RunRecord, "runId" | "testId" | "name" | "engine" | "driver" | "tasks" | "origin" | "startAtMs">;
  /** Null when reports are merged of which no plan is at hand: there are no criteria then. */
  readonly plan: Pick<RunPlan, "executions" | "plannedMs" | "criteria" | "isRampUpExcluded"> | null;
  readonly status: RunResult["status"];
  /** One sentence on how it ended, when that needs saying. */
  readonly reason: string | null;
  /** The reason of a stop that a rule asked for, if it fails the run. */
  readonly stoppedBy: string | null;
  readonly missing: RunResult["tasks"]["missing"];
  readonly endedAtMs: number;
  readonly costUsd: number | null;
}

/** Makes the result of a run out of everything that its tasks reported, and judges it. */
export function mergeResult(merger: ResultMerger, facts: ResultFacts): RunResult {
  const merged = merger.toMerged();
  const { run, plan } = facts;
  const reported = merged.tasks.length;
  return {
    schema: "loadfleet.result.v1",
    runId: run.runId,
    testId: run.testId,
    name: run.name,
    status: facts.status,
    isPartial: reported > 0 && (facts.status !== "complete" || reported < run.tasks),
    reason: facts.reason,
    verdict: judgeRun(merger, merged, facts),
    engine: run.engine,
    driver: run.driver,
    versions: merged.versions,
    origin: run.origin,
    tasks: { wanted: run.tasks, reported, missing: facts.missing },
    plan: { executions: plan?.executions ?? [], plannedMs: plan?.plannedMs ?? null },
    startAtMs: run.startAtMs,
    endedAtMs: facts.endedAtMs,
    firstSampleAtMs: merged.firstSampleAtMs,
    lastSampleAtMs: merged.lastSampleAtMs,
    spanMs: merged.spanMs,
    startSkewMs: merged.startSkewMs,
    maxUsers: merged.maxUsers,
    latencyFrom: merged.latencyFrom,
    health: {
      cpuPeakRatio: merged.cpuPeakRatio,
      memoryPeakMiB: merged.memoryPeakMiB,
      isDoubtful: merged.cpuPeakRatio > doubtfulCpuRatio,
    },
    notes: merged.notes,
    isApproximate: merged.isApproximate,
    labels: Object.fromEntries(merged.labels),
    series: merger.series.toResult(),
    costUsd: facts.costUsd,
  };
}

function judgeRun(merger: ResultMerger, merged: MergedReports, { plan, status, stoppedBy }: ResultFacts): Verdict {
  const criteria = plan?.criteria ?? [];
  if (status !== "complete")
    return judgeNothing(
      criteria,
      `The run ${status === "failed" ? "failed" : "was cancelled"}, so its rules are not judged.`,
    );
  const rampUpMs = Math.max(0, ...(plan?.executions ?? []).map(({ delayMs, rampUpMs: length }) => delayMs + length));
  return judge(criteria, {
    labels: new Map([...merged.labels].map(([label, figures]) => [label, wholeRun(label, figures, merged)] as const)),
    buckets: merger.series.buckets,
    seconds: merger.series.seconds,
    excludedMs: plan?.isRampUpExcluded === true ? rampUpMs : 0,
    stoppedBy,
  });
}

function wholeRun(label: string, figures: ResultFigures, { spanMs, maxUsers }: MergedReports): Stretch {
  const { count } = figures;
  return {
    second: 0,
    seconds: spanMs / 1000,
    users: label === "" ? maxUsers : undefined,
    count,
    failed: figures.failed,
    bytes: figures.bytesIn,
    sumMs: figures.meanMs * count,
    connectSumMs: figures.meanConnectMs * count,
    latencySumMs: figures.meanLatencyMs * count,
    codes: new Map(Object.entries(figures.codes)),
    histogram: () => Histogram.fromWire(figures.histogram),
    maxMs: figures.maxMs,
    preview: undefined,
  };
}
