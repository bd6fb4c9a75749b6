import type { DriverName, RunChoice } from "../core/run/plan.ts";
import type { Problem } from "../core/scenario/problem.ts";
import { findUnsupported } from "../generator/unsupported.ts";
import { findEnginePlace, hasTaurus } from "../local/enginePlace.ts";
import { hasError, planFile, type PlannedFile } from "../local/planFile.ts";
import { openScenario, type ScenarioFile } from "../local/scenarioFiles.ts";
import { findToolchain, hasToolchain } from "../local/taurusSetup/toolchain.ts";
import type { Context } from "./context.ts";
import { formatProblem, formatProblemCount } from "./problemText.ts";
import { styleFor } from "./style.ts";

/** A run that can be started. */
export interface PreparedRun extends PlannedFile {
  readonly file: ScenarioFile;
  /** Every task is a container on this machine. */
  readonly isInContainers: boolean;
}

/** What a scenario is prepared for. */
export interface Purpose {
  /** Show the plan only: what the embedded driver cannot do keeps a run from starting, not a plan from being shown. */
  readonly isShown?: boolean;
  /** Where the tasks are: in containers here (`image`), in AWS, here, or with `any` in containers where their engine is not installed. */
  readonly tasks?: "image" | "aws" | "any" | "here";
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
  if (planned !== undefined && driver === "embedded") {
    const severity = purpose.isShown ? "warning" : "error";
    problems.push(...findUnsupported(planned.plan).map((problem) => ({ ...problem, severity }) as const));
  }
  if (problems.length > 0) context.stderr.write(describeProblems(file, problems, context));
  if (planned === undefined || hasError(problems)) return undefined;
  return { file, ...planned, isInContainers: await needsContainers(planned.plan.driver, purpose, context) };
}

/** Finds the run's engine on this machine. @throws {UserError} `taurus-missing` */
async function needsContainers(
  driver: DriverName,
  { tasks = "here", isShown }: Purpose,
  { env, stderr }: Context,
): Promise<boolean> {
  if (isShown === true || tasks === "aws" || tasks === "image") return tasks === "image";
  if (tasks === "here") {
    if (driver === "taurus") await findToolchain(env);
    return false;
  }
  const place = await findEnginePlace(driver, env);
  if (place.kind === "image") stderr.write(`${place.sentence}\n`);
  return place.kind === "image";
}

/** Plans for Taurus what the embedded generator cannot do, if Taurus is there and the person has chosen neither. */
async function planForDriver(
  file: ScenarioFile,
  choice: RunChoice,
  { tasks = "here", isShown }: Purpose,
  { env }: Context,
): ReturnType<typeof planFile> {
  const isInImage = tasks === "image" || tasks === "aws";
  const first = await planFile(file, choice, isInImage);
  const isDecided = choice.driver !== undefined || first.planned?.plan.driver !== "embedded";
  if (isDecided || findUnsupported(first.planned.plan).length === 0) return first;
  const isThere = tasks === "here" && isShown !== true ? hasToolchain : hasTaurus;
  const hasEngine = isInImage || (await isThere(env));
  return hasEngine ? planFile(file, { ...choice, driver: "taurus" }, isInImage) : first;
}

function describeProblems({ textOf }: ScenarioFile, problems: readonly Problem[], { stderr }: Context): string {
  const style = styleFor(stderr);
  const texts = problems.map((problem) => formatProblem(problem, textOf, style));
  return [...texts, formatProblemCount(problems, new Set(problems.map(({ file }) => file)).size), "", ""].join("\n");
}
