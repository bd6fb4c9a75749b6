import { Histogram } from "../../src/core/results/histogram.ts";
import { ResultMerger } from "../../src/core/results/merge.ts";
import { mergeResult } from "../../src/core/results/mergeResult.ts";
import { parseCriterion } from "../../src/core/results/parseCriterion.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import { makeRunId, makeTestId } from "../../src/core/run/ids.ts";
import type { LivePoint, RunRecord } from "../../src/core/run/run.ts";
import type { LabelFigures, TaskReport } from "../../src/core/run/wire.ts";

/** Instant at which the sample runs were made. */
export const sampleNowMs = Date.UTC(2026, 10, 24, 12, 0, 0);

export function sampleRunId(seed = 1) {
  return makeRunId(sampleNowMs + seed * 60_000, new Uint8Array(10).fill(seed));
}

function figuresOf(timesMs: readonly number[], failed: number): LabelFigures {
  const histogram = new Histogram("us");
  for (const ms of timesMs) histogram.record(ms * 1000);
  const sumMs = timesMs.reduce((sum, ms) => sum + ms, 0);
  return {
    count: timesMs.length,
    failed,
    aborted: 0,
    bytesIn: 200 * timesMs.length,
    bytesOut: 100 * timesMs.length,
    sumMs,
    minMs: Math.min(...timesMs),
    maxMs: Math.max(...timesMs),
    connectSumMs: 1,
    latencySumMs: sumMs,
    codes: failed === 0 ? { "200": timesMs.length } : { "200": timesMs.length - failed, "503": failed },
    errors: failed === 0 ? [] : [{ message: "Service Unavailable", code: "503", count: failed }],
    histogram: histogram.toWire(),
  };
}

export function sampleReport(task: number, tasks: number, timesMs: readonly number[], failed = 0): TaskReport {
  const figures = figuresOf(timesMs, failed);
  return {
    schema: "loadfleet.task.v1",
    runId: sampleRunId(),
    task,
    tasks,
    driver: { name: "embedded", versions: { loadfleet: "0.1.0" } },
    startAtMs: sampleNowMs,
    startedAtMs: sampleNowMs + task,
    endedAtMs: sampleNowMs + 10_000,
    firstSampleAtMs: sampleNowMs + 5,
    lastSampleAtMs: sampleNowMs + 10_000,
    outcome: "finished",
    latencyFrom: "send",
    notes: [],
    cpuPeakRatio: 0.2,
    memoryPeakMiB: 80,
    maxUsers: 10,
    labels: { "": figures, "Check out": figures },
  };
}

export function sampleRun(change: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: "loadfleet.run.v1",
    runId: sampleRunId(),
    testId: makeTestId("shop"),
    name: "shop",
    engine: "local",
    driver: "embedded",
    tasks: 2,
    status: "running",
    origin: {
      startedBy: "tester",
      commit: undefined,
      isTreeClean: undefined,
      scenarioPath: undefined,
      toolVersion: "0.1.0",
    },
    plannedMs: 20_000,
    createdAtMs: sampleNowMs,
    startAtMs: sampleNowMs,
    deadlineAtMs: sampleNowMs + 60_000,
    endedAtMs: null,
    reason: null,
    isPartial: false,
    summary: null,
    ...change,
  };
}

/** A result as collect makes it, from the reports of two tasks and one criterion. */
export function sampleResult(run: RunRecord, criterion: string, status: RunResult["status"] = "complete"): RunResult {
  const merger = new ResultMerger();
  merger.addReport(sampleReport(0, 2, [10, 20, 30]));
  merger.addReport(sampleReport(1, 2, [40, 50, 60], 1));
  const parsed = parseCriterion(criterion);
  if (!("criterion" in parsed)) throw new Error(parsed.fault.message);
  return mergeResult(merger, {
    run,
    plan: { executions: [], plannedMs: 20_000, criteria: [parsed.criterion], isRampUpExcluded: false },
    status,
    reason: status === "cancelled" ? "It was stopped by a person." : null,
    stoppedBy: null,
    missing: [],
    endedAtMs: sampleNowMs + 10_000,
    costUsd: null,
  });
}

export function samplePoint(second: number, tasksReporting = 2): LivePoint {
  const figures = {
    count: 100,
    failed: 1,
    bytes: 20_000,
    meanMs: 12,
    p50Ms: 10,
    p90Ms: 20,
    p95Ms: 25 + second,
    p99Ms: 40,
  };
  // As without histograms of single labels.
  const unknown = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null };
  return {
    second,
    seconds: 1,
    users: 20,
    tasksReporting,
    labels: { "": figures, "Check out": { ...figures, ...unknown } },
  };
}
