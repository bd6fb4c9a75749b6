import { describe, expect, it, test } from "vitest";
import { makeRunId, makeTestId } from "../../../src/core/run/ids.ts";
import { isFinal, reduceRun, runStatuses } from "../../../src/core/run/run.ts";
import type { LivePoint, RunEvent, RunRecord, RunView, TaskRecord } from "../../../src/core/run/run.ts";

const run: RunRecord = {
  schema: "loadfleet.run.v1",
  runId: makeRunId(1, new Uint8Array(10)),
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
    scenarioPath: undefined,
    toolVersion: "0.1.0",
  },
  plannedMs: 1000,
  createdAtMs: 1,
  startAtMs: null,
  deadlineAtMs: null,
  endedAtMs: null,
  reason: null,
  isPartial: false,
  summary: null,
};

const empty: RunView = { run, plan: null, tasks: [], points: [], result: null };

function task(number: number, state: TaskRecord["state"] = "wanted"): TaskRecord {
  return { task: number, attempt: 1, launcherId: null, identity: null, state, reason: null, changedAtMs: 1 };
}

function point(second: number, users = 1): LivePoint {
  return { second, seconds: 1, users, tasksReporting: 1, labels: {} };
}

/** The view after these events, from an empty one. */
function viewAfter(...events: readonly RunEvent[]): RunView | undefined {
  return events.reduce<RunView | undefined>(reduceRun, empty);
}

describe("reduceRun", () => {
  it("waits for a snapshot", () => {
    expect(reduceRun(undefined, { kind: "run", run })).toBeUndefined();
    expect(reduceRun(undefined, { kind: "snapshot", view: empty })).toBe(empty);
  });

  it("takes a later snapshot for the whole truth", () => {
    expect(viewAfter({ kind: "point", point: point(1) }, { kind: "snapshot", view: empty })).toBe(empty);
  });

  it("replaces the run and leaves the rest", () => {
    const after = viewAfter({ kind: "task", task: task(0) }, { kind: "run", run: { ...run, status: "running" } });
    expect(after).toMatchObject({ run: { status: "running" }, tasks: [task(0)] });
  });

  it("keeps tasks in order, each once, whatever order they come in", () => {
    const events = [task(2), task(0), task(1), task(0, "ready")].map((each) => ({ kind: "task" as const, task: each }));
    expect(viewAfter(...events)?.tasks).toEqual([task(0, "ready"), task(1), task(2)]);
  });

  it("replaces the point of a second when late tasks have added to it", () => {
    const points = [point(0), point(5), point(3), point(5, 9), point(0, 7)];
    const events = points.map((each) => ({ kind: "point" as const, point: each }));
    expect(viewAfter(...events)?.points).toEqual([point(0, 7), point(3), point(5, 9)]);
  });

  it("leaves the view that it was given as it was", () => {
    const before = structuredClone(empty);
    viewAfter({ kind: "task", task: task(0) }, { kind: "point", point: point(0) });
    expect(empty).toEqual(before);
  });
});

describe("the statuses of a run", () => {
  test.each(runStatuses.map((status) => ({ status })))("$status is final only at the end", ({ status }) => {
    expect(isFinal(status)).toBe(["complete", "failed", "cancelled"].includes(status));
  });

  it("end with the final ones", () => {
    expect(runStatuses.findIndex(isFinal)).toBe(5);
    expect(runStatuses.slice(5).every(isFinal)).toBe(true);
  });
});
