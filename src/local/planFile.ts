import type { RunChoice, RunPlan } from "../core/run/plan.ts";
import { planRun } from "../core/run/planRun.ts";
import type { Problem } from "../core/scenario/problem.ts";
import type { BundleContent } from "../fleet/engine.ts";
import { bundleScenario, type ScenarioFile } from "./scenarioFiles.ts";

/** A plan with the files that travel with it. */
export interface PlannedFile {
  readonly plan: RunPlan;
  readonly contents: readonly BundleContent[];
}

/** Plans a run of a scenario that was opened and gathers its files; `planned` is undefined when the Problems of file and plan keep it from running. */
export async function planFile(
  file: ScenarioFile,
  choice: RunChoice,
): Promise<{ readonly planned: PlannedFile | undefined; readonly problems: readonly Problem[] }> {
  const { scenario, problems } = file;
  if (scenario === undefined || hasError(problems)) return { planned: undefined, problems };
  const { bundle, contents, problems: bundleProblems } = await bundleScenario(file, scenario);
  const { plan, problems: planProblems } = planRun(scenario, choice, bundle);
  return { planned: plan && { plan, contents }, problems: [...problems, ...bundleProblems, ...planProblems] };
}

/** Tells whether a Problem among these keeps a run from starting. */
export function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}
