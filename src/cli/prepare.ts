import type { RunChoice } from "../core/run/plan.ts";
import type { Problem } from "../core/scenario/problem.ts";
import { findUnsupported } from "../generator/unsupported.ts";
import { hasError, planFile, type PlannedFile } from "../local/planFile.ts";
import { openScenario, type ScenarioFile } from "../local/scenarioFiles.ts";
import { findToolchain, hasToolchain } from "../local/taurusSetup/toolchain.ts";
import type { Context } from "./context.ts";
import { formatProblem, formatProblemCount } from "./problemText.ts";
import { styleFor } from "./style.ts";

/** A run that can be started. */
export interface PreparedRun extends PlannedFile {
  readonly file: ScenarioFile;
}

/**
 * Reads a scenario, plans a run of it and gathers its files. Problems are told on stderr; with an error among them
 * there is no run.
 * @param unsupported severity of what the generator of this machine cannot do: it keeps a run from starting, not a plan from being shown
 */
export async function prepareRun(
  name: string,
  choice: RunChoice,
  context: Context,
  unsupported: "error" | "warning" = "error",
): Promise<PreparedRun | undefined> {
  const file = openScenario(name, context.cwd);
  const { planned, problems: found } = await planForDriver(file, choice, context);
  const problems = [...found];
  const isRun = unsupported === "error";
  if (isRun && planned?.plan.driver === "taurus") await findToolchain(context.env);
  // A plan for another driver is shown as it is; a run needs a driver of this machine.
  else if (planned !== undefined && (isRun || planned.plan.driver === "embedded")) {
    problems.push(...findUnsupported(planned.plan).map((problem) => ({ ...problem, severity: unsupported })));
  }
  if (problems.length > 0) context.stderr.write(describeProblems(file, problems, context));
  return planned === undefined || hasError(problems) ? undefined : { file, ...planned };
}

/** Plans for Taurus what the embedded generator cannot do, if Taurus is there and the person has chosen neither. */
async function planForDriver(file: ScenarioFile, choice: RunChoice, { env }: Context): ReturnType<typeof planFile> {
  const first = await planFile(file, choice);
  const isDecided = choice.driver !== undefined || first.planned?.plan.driver !== "embedded";
  if (isDecided || findUnsupported(first.planned.plan).length === 0 || !(await hasToolchain(env))) return first;
  return planFile(file, { ...choice, driver: "taurus" });
}

function describeProblems({ textOf }: ScenarioFile, problems: readonly Problem[], { stderr }: Context): string {
  const style = styleFor(stderr);
  const texts = problems.map((problem) => formatProblem(problem, textOf, style));
  return [...texts, formatProblemCount(problems, new Set(problems.map(({ file }) => file)).size), "", ""].join("\n");
}
