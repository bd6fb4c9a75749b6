import { makeRunId, makeTestId, type RunId } from "../../src/core/run/ids.ts";
import type { RunPlan } from "../../src/core/run/plan.ts";
import type { RunRecord, TaskRecord } from "../../src/core/run/run.ts";

export const startedAtMs = Date.UTC(2026, 10, 24, 12);

/** A run's id that sorts after those of smaller numbers. */
export function runIdOf(number: number): RunId {
  return makeRunId(startedAtMs + number, new Uint8Array(10));
}

export function makeRun(changes: Partial<RunRecord> = {}): RunRecord {
  return {
    schema: "loadfleet.run.v1",
    runId: runIdOf(0),
    testId: makeTestId("shop"),
    name: "Shop",
    engine: "local",
    driver: "embedded",
    tasks: 3,
    status: "queued",
    origin: {
      startedBy: "somebody",
      commit: undefined,
      isTreeClean: undefined,
      scenarioPath: "shop.loadtest.yml",
      toolVersion: "0.1.0",
    },
    plannedMs: 20_000,
    createdAtMs: startedAtMs,
    startAtMs: null,
    deadlineAtMs: null,
    endedAtMs: null,
    reason: null,
    isPartial: false,
    summary: null,
    ...changes,
  };
}

export function makeTask(changes: Partial<TaskRecord> = {}): TaskRecord {
  return {
    task: 0,
    attempt: 1,
    launcherId: null,
    identity: null,
    state: "wanted",
    reason: null,
    changedAtMs: startedAtMs,
    ...changes,
  };
}

export function makePlan(changes: Partial<RunPlan> = {}): RunPlan {
  return {
    schema: "loadfleet.plan.v1",
    testId: makeTestId("shop"),
    name: "Shop",
    engine: "local",
    driver: "embedded",
    tasks: 3,
    executions: [
      {
        scenario: "shop",
        executor: undefined,
        users: 30,
        ratePerSecond: null,
        rampUpMs: 0,
        holdForMs: 20_000,
        delayMs: 0,
        iterations: null,
        steps: null,
      },
    ],
    plannedMs: 20_000,
    scenario: {
      file: "shop.loadtest.yml",
      name: "Shop",
      executions: [],
      bodies: {},
      criteria: [],
      settings: {
        id: undefined,
        tasks: undefined,
        size: undefined,
        isSpot: false,
        splitsData: false,
        secrets: {},
        seriesLabels: [],
        metrics: [],
        stopWhen: undefined,
        baseline: {},
        healthyRatio: 0.9,
      },
      config: {},
      files: [],
    },
    criteria: [],
    isRampUpExcluded: false,
    environment: {},
    secrets: {},
    splitsData: false,
    seriesBucketSeconds: 1,
    labels: [],
    seriesLabels: [],
    secondLabels: [],
    healthyRatio: 0.9,
    stopWhen: { errorRatio: 0.9, forMs: 60_000 },
    metrics: [],
    baseline: {},
    files: [],
    bundleSha256: "0".repeat(64),
    ...changes,
  };
}
