import { Histogram } from "../../src/core/results/histogram.ts";
import { mergeLive } from "../../src/core/results/live.ts";
import { liveBudgets, makeLiveRecord } from "../../src/core/results/liveRecord.ts";
import { parseCriterion } from "../../src/core/results/parseCriterion.ts";
import type { SecondFigures } from "../../src/core/results/series.ts";
import type { RunPlan } from "../../src/core/run/plan.ts";
import type { LivePoint, RunRecord, RunView, TaskRecord, TaskState } from "../../src/core/run/run.ts";
import type { RunResult } from "../../src/core/results/result.ts";

/** The point of a second as three tasks wrote it; slow from second 30 to 39, when a tenth fails. */
export function pointAt(second: number, labels: readonly string[], tasks = 3): LivePoint {
  const isSlow = second >= 30 && second < 40;
  const records = Array.from({ length: tasks }, (_, task) => {
    const all = new Histogram("us");
    let allUs = 0;
    const one = labels.map((label, index) => {
      const histogram = new Histogram("us");
      let sumUs = 0;
      for (let request = 0; request < 20; request++) {
        const us = (8 + 6 * index + ((request * 7 + second + task) % 10)) * 1000 * (isSlow ? 4 : 1);
        histogram.record(us);
        all.record(us);
        sumUs += us;
      }
      allUs += sumUs;
      return [label, figuresOf(histogram, sumUs, isSlow ? 2 : 0)] as const;
    });
    const sums = figuresOf(all, allUs, isSlow ? 2 * labels.length : 0);
    const measured = new Map([["", sums], ...one]);
    const usage = { cpuRatio: 0.21 + task / 100, memoryMiB: 118 + task, lateMs: 1 };
    const context = { bytes: liveBudgets.local.bytes, task, usage };
    return makeLiveRecord([{ second, users: Math.min(second + 1, 10), labels: measured }], labels, context);
  });
  const [point] = mergeLive(records);
  if (!point) throw new Error("Three records make a point.");
  return point;
}

/** The point as it is when no task keeps histograms of single labels. */
export function withoutPercentiles(point: LivePoint): LivePoint {
  const unknown = { p50Ms: null, p90Ms: null, p95Ms: null, p99Ms: null };
  const labels = Object.entries(point.labels).map(([label, figures]) => [
    label,
    label === "" ? figures : { ...figures, ...unknown },
  ]);
  return { ...point, labels: Object.fromEntries(labels) };
}

function figuresOf(histogram: Histogram, sumUs: number, failed: number): SecondFigures {
  const count = histogram.totalCount;
  return { count, failed, bytes: count * 812, sumMs: sumUs / 1000, histogram };
}

/** A task in a state. */
export function taskIn(task: number, state: TaskState, reason: string | null = null): TaskRecord {
  const identity = `local-${task}`;
  return { task, attempt: 1, launcherId: String(4000 + task), identity, state, reason, changedAtMs: 1_795_530_155_000 };
}

/** The view of a run whose record and plan agree with a result; it is running and has no points. */
export function viewOf(result: RunResult, changes: Partial<RunRecord> = {}): RunView {
  const plannedMs = result.plan.plannedMs;
  const run: RunRecord = {
    schema: "loadfleet.run.v1",
    runId: result.runId,
    testId: result.testId,
    name: result.name,
    engine: result.engine,
    driver: result.driver,
    tasks: 3,
    status: "running",
    origin: result.origin,
    plannedMs,
    createdAtMs: (result.startAtMs ?? 0) - 3000,
    startAtMs: result.startAtMs,
    deadlineAtMs: null,
    endedAtMs: null,
    reason: null,
    isPartial: false,
    summary: null,
    ...changes,
  };
  const criteria = result.verdict.rules.map(({ text }) => {
    const parsed = parseCriterion(text);
    if ("fault" in parsed) throw new Error(parsed.fault.message);
    return parsed.criterion;
  });
  const plan: RunPlan = {
    schema: "loadfleet.plan.v1",
    testId: result.testId,
    name: result.name,
    engine: result.engine,
    driver: result.driver,
    tasks: 3,
    executions: result.plan.executions,
    plannedMs,
    scenario: {} as RunPlan["scenario"],
    criteria,
    isRampUpExcluded: false,
    environment: {},
    secrets: {},
    splitsData: true,
    seriesBucketSeconds: result.series?.bucketSeconds ?? 1,
    labels: [],
    seriesLabels: [],
    secondLabels: [],
    healthyRatio: 0.9,
    stopWhen: null,
    metrics: [],
    baseline: {},
    files: [],
    bundleSha256: "",
  };
  return { run, plan, tasks: [0, 1, 2].map((task) => taskIn(task, "running")), points: [], result: null };
}
