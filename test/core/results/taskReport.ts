import { Histogram, type TimeUnit } from "../../../src/core/results/histogram.ts";
import type { LabelFigures, TaskReport } from "../../../src/core/run/wire.ts";

/** Figures of response times given in whole units, as a driver would report them. */
export function figuresOf(values: readonly number[], unit: TimeUnit = "us"): LabelFigures {
  const perMs = unit === "us" ? 1000 : 1;
  const histogram = new Histogram(unit);
  for (const value of values) histogram.record(value);
  const sum = values.reduce((total, value) => total + value, 0);
  const failed = values.filter((value) => value % 7 === 0).length;
  return {
    count: values.length,
    failed,
    aborted: 1,
    bytesIn: 10 * values.length,
    bytesOut: 3 * values.length,
    sumMs: sum / perMs,
    minMs: values.length === 0 ? 0 : Math.min(...values) / perMs,
    maxMs: Math.max(0, ...values) / perMs,
    connectSumMs: 0.5 * values.length,
    latencySumMs: sum / perMs / 2,
    codes: { "200": values.length - failed, "500": failed },
    errors: failed === 0 ? [] : [{ message: "Internal Server Error", code: "500", count: failed }],
    histogram: histogram.toWire(),
  };
}

/** A whole report with these figures. */
export function reportOf(
  task: number,
  labels: Record<string, LabelFigures>,
  changes: Partial<TaskReport> = {},
): TaskReport {
  return {
    schema: "loadfleet.task.v1",
    runId: "run",
    task,
    tasks: 10,
    driver: { name: "embedded", versions: { loadfleet: "0.1.0" } },
    startAtMs: 1_000_000,
    startedAtMs: 1_000_000 + task,
    endedAtMs: 1_010_000,
    firstSampleAtMs: 1_000_010 + task,
    lastSampleAtMs: 1_010_000 - task,
    outcome: "finished",
    latencyFrom: "send",
    notes: [],
    cpuPeakRatio: 0.5,
    memoryPeakMiB: 100 + task,
    maxUsers: 5,
    labels,
    ...changes,
  };
}
