import { UserError } from "../core/errors.ts";
import type { RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunRecord } from "../core/run/run.ts";
import type { StepMessage } from "../core/stack/names.ts";
import { loadPlan } from "./plan.ts";
import type { Ledger, Store } from "./ports.ts";

/** What the state machine, and an image of the implementation guide's own kind, are told of a run. */
export function stepMessageOf(run: Pick<RunRecord, "runId" | "origin">, plan: RunPlan): StepMessage {
  const script = plan.files.find(({ path }) =>
    plan.executions.some(({ scenario }) => isScriptOf(plan, scenario, path)),
  );
  return {
    testId: plan.testId,
    runId: run.runId,
    taskCount: plan.tasks,
    testType: run.origin.test?.testType ?? (script === undefined ? "simple" : "jmeter"),
    fileType: run.origin.test?.fileType ?? (script === undefined ? "none" : "script"),
    prefix: run.runId,
  };
}

function isScriptOf(plan: RunPlan, name: string, path: string): boolean {
  return plan.scenario.bodies[name]?.script === path;
}

/** Gives the message of a run. @throws {UserError} `no-run` when the run is not in the ledger */
export type MessageOf = (runId: RunId, signal: AbortSignal) => Promise<StepMessage>;

/** Makes what reads a run's message out of ledger and store. */
export function makeMessageOf(ports: { readonly ledger: Pick<Ledger, "getRun">; readonly store: Store }): MessageOf {
  return async (runId, signal) => {
    const run = await ports.ledger.getRun(runId, signal);
    if (run === undefined) throw new UserError("no-run", `There is no run ${runId} in the ledger.`, { kind: "run" });
    return stepMessageOf(run, await loadPlan(runId, ports.store, signal));
  };
}
