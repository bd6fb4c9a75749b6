import { UserError } from "../core/errors.ts";
import type { RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { planKey } from "./keys.ts";
import type { Store } from "./ports.ts";

/** Keeps a run's plan in the store. */
export async function storePlan(runId: RunId, plan: RunPlan, store: Store, signal: AbortSignal): Promise<void> {
  await store.put(planKey(runId), new TextEncoder().encode(JSON.stringify(plan)), signal);
}

/** Reads a run's plan; undefined when there is none. @throws {UserError} `plan-version` for a plan of another version */
export async function findPlan(
  runId: RunId,
  store: Pick<Store, "get">,
  signal: AbortSignal,
): Promise<RunPlan | undefined> {
  const bytes = await store.get(planKey(runId), signal);
  if (bytes === undefined) return undefined;
  const plan: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (isPlan(plan)) return plan;
  throw new UserError("plan-version", `The plan of run ${runId} has a format that is not known here.`, {
    kind: "run",
    hint: "Use the version of Loadfleet that started the run.",
  });
}

/** Reads a run's plan. @throws {UserError} `no-plan` when there is none, `plan-version` for one of another version */
export async function loadPlan(runId: RunId, store: Pick<Store, "get">, signal: AbortSignal): Promise<RunPlan> {
  const plan = await findPlan(runId, store, signal);
  if (plan !== undefined) return plan;
  throw new UserError("no-plan", `The plan of run ${runId} is not in the store.`, { kind: "run" });
}

// Only submit writes plans, always whole: the schema's name says all there is to check.
function isPlan(value: unknown): value is RunPlan {
  return typeof value === "object" && value !== null && "schema" in value && value.schema === "loadfleet.plan.v1";
}

/** Number of tasks that must report for the result to count: the healthy ratio of all, rounded down, at least one. */
export function healthyTasks(plan: Pick<RunPlan, "tasks" | "healthyRatio">): number {
  // A thousandth of a task makes up for ratios that binary fractions miss by a hair.
  return Math.max(1, Math.floor(plan.healthyRatio * plan.tasks + 0.001));
}
