import type { RunChoice, RunPlan } from "../../../src/core/run/plan.ts";
import { planRun } from "../../../src/core/run/planRun.ts";
import type { Scenario } from "../../../src/core/scenario/model.ts";

/** A choice that changes nothing. */
export const local: RunChoice = { engine: "local" };

/** A bundle without files. */
export const bundle = { files: [], sha256: "0".repeat(64) };

/** The plan of a scenario that has one. */
export function planOf(source: Scenario, choice: RunChoice = local): RunPlan {
  const { plan, problems } = planRun(source, choice, bundle);
  if (plan === undefined) throw new Error(problems.map(({ message }) => message).join("\n"));
  return plan;
}

/** The codes of the problems that planning brings to light. */
export function codesOf(source: Scenario, choice: RunChoice = local): readonly string[] {
  return planRun(source, choice, bundle).problems.map(({ code }) => code);
}
