import type { RunChoice, RunPlan } from "../core/run/plan.ts";
import { findMisfits } from "../core/run/engineFit.ts";
import { planRun } from "../core/run/planRun.ts";
import type { Problem } from "../core/scenario/problem.ts";
import type { BundleContent } from "../fleet/engine.ts";
import { findMissingPlugins } from "./jmeterPlugins.ts";
import { bundleScenario, type ScenarioFile } from "./scenarioFiles.ts";
import { ownJMeter } from "./taurusSetup/toolchain.ts";

/** A plan with the files that travel with it. */
export interface PlannedFile {
  readonly plan: RunPlan;
  readonly contents: readonly BundleContent[];
}

/**
 * Plans a run of a scenario that was opened and gathers its files; `planned` is undefined when the Problems of file and
 * plan keep it from running.
 * @param isInImage the tasks use what the image has, whatever is installed on this machine; always so in AWS
 */
export async function planFile(
  file: ScenarioFile,
  choice: RunChoice,
  isInImage = choice.engine === "aws",
): Promise<{ readonly planned: PlannedFile | undefined; readonly problems: readonly Problem[] }> {
  const { scenario, problems } = file;
  if (scenario === undefined || hasError(problems)) return { planned: undefined, problems };
  const { bundle, contents, problems: bundleProblems } = await bundleScenario(file, scenario);
  const { plan, problems: planProblems } = planRun(scenario, choice, bundle);
  const engineProblems = plan === undefined ? [] : await checkEngine(plan, contents, isInImage);
  return {
    planned: plan && { plan, contents },
    problems: [...problems, ...bundleProblems, ...planProblems, ...engineProblems],
  };
}

/** Looks for what the engine of a plan would refuse once its tasks have been started. */
async function checkEngine(
  plan: RunPlan,
  contents: readonly BundleContent[],
  isInImage: boolean,
): Promise<readonly Problem[]> {
  const misfits = findMisfits(plan.driver, plan.scenario);
  if (plan.driver !== "taurus") return misfits;
  return [...misfits, ...(await findMissingPlugins(plan, contents, isInImage ? undefined : await ownJMeter()))];
}

/** Tells whether a Problem among these keeps a run from starting. */
export function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}
