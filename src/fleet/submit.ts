import { UserError, errorMessage } from "../core/errors.ts";
import type { RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunOrigin, RunRecord } from "../core/run/run.ts";
import { releaseBundle, restoreBundle, storeBundle } from "./bundle.ts";
import { planKey } from "./keys.ts";
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
  await needIdleTest(plan, ledger, signal);
  await storeBundle(runId, plan.bundleSha256, submission.bundle, store, signal);
  await storePlan(runId, plan, store, signal);
  const run = makeRun(submission, now);
  if ((await ledger.submit(run, signal)) === "conflict") {
    await releaseBundle(runId, plan.bundleSha256, store, signal);
    await store.delete(planKey(runId), signal);
    const winner = (await ledger.getTest(plan.testId, signal))?.activeRunId;
    throw runActive(plan, winner ?? undefined);
  }
  // From here on the run holds the lock of its test: whoever lost patience would leave it behind with nothing to drive it.
  const { signal: never } = new AbortController();
  try {
    await restoreBundle(plan.bundleSha256, submission.bundle, store, never);
    await starter.start(runId, never);
  } catch (cause) {
    const reason = `The run could not be set going: ${errorMessage(cause).message}`;
    await ledger.closeRun({ ...run, status: "failed", endedAtMs: now, reason }, never);
    throw cause;
  }
  return run;
}

/** Looks whether a run of the test may begin. @throws {UserError} `run-active` while another one is going on */
export async function needIdleTest(
  plan: Pick<RunPlan, "name" | "testId" | "engine">,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<void> {
  const active = (await ledger.getTest(plan.testId, signal))?.activeRunId;
  const run = active ? await ledger.getRun(active, signal) : undefined;
  if (run !== undefined && run.endedAtMs === null) throw runActive(plan, run.runId);
}

function runActive(plan: Pick<RunPlan, "name" | "testId" | "engine">, runId: RunId | undefined): UserError {
  const flags = plan.engine === "aws" ? " --on aws" : "";
  const which = runId === undefined ? "another run" : `run ${runId}`;
  return new UserError("run-active", `The test "${plan.name}" (${plan.testId}) is already running: ${which}.`, {
    hint:
      runId === undefined
        ? "Start it again once that run has ended."
        : `Follow it with "loadfleet watch ${runId}${flags}", or end it with "loadfleet stop ${runId}${flags}".`,
  });
}

/** Names of scenarios that a record has room for, in UTF-16 units. */
const mostNames = 2000;

function makeRun({ plan, runId, origin }: Submission, now: number): RunRecord {
  const scenarios = [...new Set(plan.executions.map(({ scenario }) => scenario))];
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
    ...(scenarios.join("").length > mostNames ? {} : { scenarios }),
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
