import { instantOfRunId, type RunId, type TestId } from "../core/run/ids.ts";
import type { ItemKey } from "./dynamoWire.ts";

/** Partitions of the table, and the sort keys within them. */
export const partitions = { tests: "TESTS", open: "OPEN", months: "MONTHS" } as const;
export const taskPrefix = "TASK#";
export const livePrefix = "LIVE#";

export function runPartition(runId: RunId): string {
  return `R#${runId}`;
}

export function runKey(runId: RunId): ItemKey {
  return { pk: runPartition(runId), sk: "RUN" };
}

export function taskKey(runId: RunId, task: number): ItemKey {
  return { pk: runPartition(runId), sk: `${taskPrefix}${String(task).padStart(5, "0")}` };
}

export function testKey(testId: TestId): ItemKey {
  return { pk: partitions.tests, sk: testId };
}

export function openKey(runId: RunId): ItemKey {
  return { pk: partitions.open, sk: runId };
}

export function signalPartition(runId: RunId): string {
  return `S#${runId}`;
}

export function signalKey(runId: RunId): ItemKey {
  return { pk: signalPartition(runId), sk: "SIGNAL" };
}

/** Part of a roster; two starters of a run may each write their own, and the signal names the one that counts. */
export function rosterKey(runId: RunId, roster: string, part: number): ItemKey {
  return { pk: signalPartition(runId), sk: `ROSTER#${roster}#${String(part).padStart(5, "0")}` };
}

export function agentPartition(identity: string): string {
  return `A#${identity}`;
}

export function agentKey(identity: string, sort: "STATE" | "CLAIM" | "SECRETS"): ItemKey {
  return { pk: agentPartition(identity), sk: sort };
}

/** One item per live record: its size, and so what its write costs, does not grow with the run. */
export function liveKey(identity: string, second: number): ItemKey {
  return { pk: agentPartition(identity), sk: livePrefix + String(second).padStart(7, "0") };
}

/** Month in which a run was made, `2026-11`. */
export function monthOf(runId: RunId): string {
  return new Date(instantOfRunId(runId)).toISOString().slice(0, 7);
}
