import type { RunId } from "../core/run/ids.ts";
import { runStatuses, type RunRecord, type TaskRecord } from "../core/run/run.ts";
import type { TestEntry } from "./ports.ts";

/** Tells whether two records of a task say the same. */
export function isSameTask(a: TaskRecord, b: TaskRecord): boolean {
  return (
    a.task === b.task &&
    a.attempt === b.attempt &&
    a.launcherId === b.launcherId &&
    a.identity === b.identity &&
    a.state === b.state &&
    a.reason === b.reason &&
    a.changedAtMs === b.changedAtMs
  );
}

/** Tells whether a stored run may be replaced: it still has the status that the writer saw, and the new one is not earlier. */
export function mayAdvance(stored: RunRecord, from: RunRecord, to: RunRecord): boolean {
  return stored.status === from.status && runStatuses.indexOf(to.status) >= runStatuses.indexOf(from.status);
}

/** The entry of a test once this run holds its lock. */
export function lockTest(entry: TestEntry | undefined, run: RunRecord): TestEntry {
  return {
    testId: run.testId,
    name: run.name,
    scenarioPath: run.origin.scenarioPath ?? entry?.scenarioPath,
    activeRunId: run.runId,
    lastRunId: run.runId,
    baselineRunId: entry?.baselineRunId ?? null,
    changedAtMs: run.createdAtMs,
  };
}

/** The entry of a test without the lock of this run; undefined when that run does not hold it. */
export function unlockTest(entry: TestEntry | undefined, runId: RunId, atMs: number): TestEntry | undefined {
  if (entry?.activeRunId !== runId) return undefined;
  return { ...entry, activeRunId: null, changedAtMs: atMs };
}

/** The entry of a test without any mention of a run that has been deleted; undefined when there was none. */
export function forgetRun(entry: TestEntry | undefined, runId: RunId): TestEntry | undefined {
  if (entry === undefined || ![entry.activeRunId, entry.lastRunId, entry.baselineRunId].includes(runId))
    return undefined;
  const keep = (id: RunId | null): RunId | null => (id === runId ? null : id);
  return {
    ...entry,
    activeRunId: keep(entry.activeRunId),
    lastRunId: keep(entry.lastRunId),
    baselineRunId: keep(entry.baselineRunId),
  };
}
