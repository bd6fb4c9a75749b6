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

/** What a scenario is prepared for. */
export interface Purpose {
  /** Show the plan only: what the embedded driver cannot do keeps a run from starting, not a plan from being shown. */
  readonly isShown?: boolean;
  /** The tasks are containers, whose image brings every engine. */
  readonly isInContainers?: boolean;
}

/**
 * Reads a scenario, plans a run of it and gathers its files. Problems are told on stderr; with an error among them
 * there is no run.
 * @throws {UserError} when this machine lacks Taurus and the run needs it
 */
export async function prepareRun(
  name: string,
  choice: RunChoice,
  context: Context,
  purpose: Purpose = {},
): Promise<PreparedRun | undefined> {
  const file = openScenario(name, context.cwd);
  const { planned, problems: found } = await planForDriver(file, choice, purpose, context);
  const problems = [...found];
  const driver = planned?.plan.driver;
  if (driver === "taurus" && !purpose.isShown && !purpose.isInContainers) await findToolchain(context.env);
  if (planned !== undefined && driver === "embedded") {
    const severity = purpose.isShown ? "warning" : "error";
    problems.push(...findUnsupported(planned.plan).map((problem) => ({ ...problem, severity }) as const));
  }
  if (problems.length > 0) context.stderr.write(describeProblems(file, problems, context));
  return planned === undefined || hasError(problems) ? undefined : { file, ...planned };
}

/** Plans for Taurus what the embedded generator cannot do, if Taurus is there and the person has chosen neither. */
async function planForDriver(
  file: ScenarioFile,
  choice: RunChoice,
  { isInContainers }: Purpose,
  { env }: Context,
): ReturnType<typeof planFile> {
  const first = await planFile(file, choice);
  const isDecided = choice.driver !== undefined || first.planned?.plan.driver !== "embedded";
  if (isDecided || findUnsupported(first.planned.plan).length === 0) return first;
  return isInContainers || (await hasToolchain(env)) ? planFile(file, { ...choice, driver: "taurus" }) : first;
}

function describeProblems({ textOf }: ScenarioFile, problems: readonly Problem[], { stderr }: Context): string {
  const style = styleFor(stderr);
  const texts = problems.map((problem) => formatProblem(problem, textOf, style));
  return [...texts, formatProblemCount(problems, new Set(problems.map(({ file }) => file)).size), "", ""].join("\n");
}
