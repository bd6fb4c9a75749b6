import { UserError, errorMessage } from "../core/errors.ts";
import type { RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunOrigin, RunRecord } from "../core/run/run.ts";
import { bundleKey } from "./keys.ts";
import { storePlan } from "./plan.ts";
import type { Ledger, Starter, Store } from "./ports.ts";

/** A run to be: its id, what it does, the packed bundle of its files, and where it comes from. */
export interface Submission {
  readonly runId: RunId;
  readonly plan: RunPlan;
  readonly bundle: Uint8Array;
  readonly origin: RunOrigin;
}

interface SubmitPorts {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly starter: Starter;
}

/** Submits a run and sets it going. @throws {UserError} `run-active` when its test is already running */
export async function submitRun(
  submission: Submission,
  now: number,
  ports: SubmitPorts,
  signal: AbortSignal,
): Promise<RunRecord> {
  const { plan, runId } = submission;
  const { ledger, store, starter } = ports;
  const active = (await ledger.getTest(plan.testId, signal))?.activeRunId;
  const activeRun = active ? await ledger.getRun(active, signal) : undefined;
  if (activeRun !== undefined && activeRun.endedAtMs === null) throw runActive(plan, activeRun.runId);
  await store.put(bundleKey(plan.bundleSha256), submission.bundle, signal);
  await storePlan(runId, plan, store, signal);
  const run = makeRun(submission, now);
  if ((await ledger.submit(run, signal)) === "conflict") {
    const winner = (await ledger.getTest(plan.testId, signal))?.activeRunId;
    throw runActive(plan, winner ?? undefined);
  }
  try {
    await starter.start(runId, signal);
  } catch (cause) {
    const reason = `The run could not be set going: ${errorMessage(cause).message}`;
    await ledger.closeRun({ ...run, status: "failed", endedAtMs: now, reason }, signal);
    throw cause;
  }
  return run;
}

function runActive(plan: RunPlan, runId: RunId | undefined): UserError {
  const which = runId === undefined ? "another run" : `run ${runId}`;
  return new UserError("run-active", `The test "${plan.name}" (${plan.testId}) is already running: ${which}.`, {
    hint:
      runId === undefined
        ? "Start it again once that run has ended."
        : `Follow it with "loadfleet watch ${runId}", or end it with "loadfleet stop ${runId}".`,
  });
}

function makeRun({ plan, runId, origin }: Submission, now: number): RunRecord {
  return {
    schema: "loadfleet.run.v1",
    runId,
    testId: plan.testId,
    name: plan.name,
    engine: plan.engine,
    driver: plan.driver,
    tasks: plan.tasks,
    status: "queued",
    origin,
    plannedMs: plan.plannedMs,
    createdAtMs: now,
    startAtMs: null,
    deadlineAtMs: null,
    endedAtMs: null,
    reason: null,
    isPartial: false,
    summary: null,
  };
}
