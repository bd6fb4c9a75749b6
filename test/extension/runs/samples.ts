import { makeRunId, makeTestId } from "../../../src/core/run/ids.ts";
import type { RunRecord, RunSummary, RunView } from "../../../src/core/run/run.ts";
import type { Translate } from "../../../src/extension/translate.ts";

/** English, as the editor without a translation has it. */
export const english: Translate = (message, ...values) =>
  message.replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)]));

export const summary: RunSummary = {
  verdict: "passed",
  count: 1200,
  failed: 6,
  errorRatio: 0.005,
  ratePerSecond: 120,
  meanMs: 100,
  p95Ms: 312,
  p99Ms: 500,
  maxUsers: 20,
  tasksReported: 2,
  costUsd: null,
};

/** A run of the shop that has ended and passed, unless parts of it are given; later numbers started later. */
export function runOf(number: number, parts: Partial<RunRecord> = {}): RunRecord {
  const createdAtMs = Date.UTC(2026, 10, 24, 14, number);
  return {
    schema: "loadfleet.run.v1",
    runId: makeRunId(createdAtMs, new Uint8Array(10).fill(number)),
    testId: makeTestId("shop"),
    name: "Shop",
    engine: "local",
    driver: "embedded",
    tasks: 2,
    status: "complete",
    origin: {
      startedBy: "sam",
      commit: "0123456789abcdef",
      isTreeClean: true,
      scenarioPath: "/code/shop/shop.loadtest.yml",
      toolVersion: "0.1.0",
    },
    plannedMs: 12_000,
    createdAtMs,
    startAtMs: createdAtMs,
    deadlineAtMs: null,
    endedAtMs: createdAtMs + 12_000,
    reason: null,
    isPartial: false,
    summary,
    ...parts,
  };
}

/** A run that goes on. */
export const runningRun = runOf(9, { status: "running", endedAtMs: null, summary: null });

export function viewOf(run: RunRecord, points: RunView["points"] = []): RunView {
  return { run, plan: null, tasks: [], points, result: null };
}
