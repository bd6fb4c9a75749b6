import type { Criterion } from "../results/criterion.ts";
import type { Scenario } from "../scenario/model.ts";
import type { Problem } from "../scenario/problem.ts";
import { makeProblem } from "../scenario/problemCodes.ts";
import { plannedMs } from "../scenario/profile.ts";
import { formatNumber } from "../units.ts";
import { environmentOf, valueAt } from "./environment.ts";
import { makeTestId } from "./ids.ts";
import { filterLabels, labelsOf } from "./labels.ts";
import type { BundleFile, DriverName, PlannedExecution, RunChoice, RunPlan } from "./plan.ts";
import { pickExecutions } from "./pickExecutions.ts";
import { planLoad } from "./planLoad.ts";
import { planProblem } from "./planProblem.ts";
import { totalUsers, usersPerTask, warnOfPlan } from "./planWarnings.ts";

/** What a plan keeps of the files that travel with it. */
export interface PlanBundle {
  readonly files: readonly BundleFile[];
  /** See `bundleAddress`. */
  readonly sha256: string;
  /** Text that the test's id is made of when the file gives none: repository, path and name; default: the scenario's path. */
  readonly idFrom?: string;
}

/** A plan, unless an error is among the problems. */
export interface PlanOutcome {
  readonly plan: RunPlan | undefined;
  readonly problems: readonly Problem[];
}

const bucketSeconds = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900];
const mostBuckets = 1000;
const mostLabels = 20;
/** What the file asks for, and as many again that only rules need. */
const mostAskedLabels = 5;
const mostSeriesLabels = 2 * mostAskedLabels;
/** Each can take 60 MB when the reports of a run of four hours are merged. */
const mostSecondLabels = 5;
/** A run whose end is not known gets fine buckets: a longer one only has more of them. */
const assumedMs = 15 * 60_000;

/** Gives the smallest width of a bucket, in seconds, with which a run of this length has at most 1,000 of them. */
function bucketSecondsOf(lengthMs: number): number {
  return bucketSeconds.find((seconds) => lengthMs <= seconds * 1000 * mostBuckets) ?? 900;
}

/** Chooses the driver that can run a scenario: scripts and executors decide, and what is plain HTTP needs no Taurus. */
function defaultDriver(scenario: Scenario, executions: readonly PlannedExecution[]): DriverName {
  const drivers = new Set(
    executions.map(({ scenario: name, executor }): DriverName => {
      const script = scenario.bodies[name]?.script?.toLowerCase();
      if (executor === "k6" || executor === "locust") return executor;
      if (script === undefined) return executor === undefined || executor === "jmeter" ? "embedded" : "taurus";
      if (executor !== undefined) return "taurus";
      return script.endsWith(".js") ? "k6" : script.endsWith(".py") ? "locust" : "taurus";
    }),
  );
  const [first = "embedded"] = drivers;
  return drivers.size > 1 ? "taurus" : first;
}

function planTasks(
  scenario: Scenario,
  choice: RunChoice,
  executions: readonly PlannedExecution[],
): { readonly tasks: number; readonly problems: readonly Problem[] } {
  const users = totalUsers(executions);
  const wanted = choice.tasks ?? scenario.settings.tasks ?? Math.max(1, Math.ceil((users ?? 0) / usersPerTask));
  if (!(Number.isSafeInteger(wanted) && wanted > 0)) {
    const message = `The number of tasks has to be a whole number above 0; it is ${String(wanted)}.`;
    return { tasks: 1, problems: [planProblem(scenario, "invalid-choice", message)] };
  }
  if (users === null || wanted <= users) return { tasks: wanted, problems: [] };
  const message =
    `${formatNumber(wanted)} tasks are more than the ${formatNumber(users)} ${users === 1 ? "user" : "users"} of this run; ` +
    `it uses ${formatNumber(users)}, so that none is without load.`;
  const severity = choice.tasks === undefined ? "hint" : "warning";
  return { tasks: users, problems: [planProblem(scenario, "more-tasks-than-users", message, { severity })] };
}

/** Labels whose criteria look at stretches that the buckets of the series cannot show. */
function secondLabelsOf(criteria: readonly Criterion[], seconds: number): readonly string[] {
  const short = criteria.filter(({ window }) => window !== undefined && window.ms < seconds * 1000);
  return firstOf(
    short.map(({ label }) => label),
    mostSecondLabels,
  );
}

/** Labels with a rule that needs figures over time, whether or not the file asks for these. */
function labelsJudgedOverTime(criteria: readonly Criterion[], isRampUpExcluded: boolean): readonly string[] {
  return criteria
    .filter(({ window, label }) => label !== "" && (window !== undefined || isRampUpExcluded))
    .map(({ label }) => label);
}

/** The labels of the series in the order of the file; of too many, those that are needed stay. */
function keepFirst(own: readonly string[], needed: ReadonlySet<string>): readonly string[] {
  const kept = new Set(firstOf([...own.filter((label) => needed.has(label)), ...own], mostLabels));
  return own.filter((label) => kept.has(label));
}

function firstOf(labels: readonly string[], most: number): readonly string[] {
  return [...new Set(labels)].slice(0, most);
}

/** Leaves what the label filter keeps; undefined with a Problem when nothing is left, or when a script would ignore it. */
function applyFilter(
  scenario: Scenario,
  filter: RunChoice["labelFilter"],
): { readonly kept?: Scenario; readonly problem?: Problem } {
  if (filter === undefined) return { kept: scenario };
  const script = scenario.executions.map(({ scenario: name }) => scenario.bodies[name]?.script).find(Boolean);
  if (script !== undefined) {
    const message = `Requests cannot be chosen by label inside the script \`${script}\`; run it whole.`;
    return { problem: planProblem(scenario, "label-filter", message) };
  }
  const globs = typeof filter === "string" ? [filter] : filter;
  const kept = filterLabels(scenario, ...globs);
  if (kept.executions.length > 0) return { kept };
  const message = `No request has a label like \`${globs.join("`, `")}\`; the labels are: ${labelsOf(scenario).join(", ")}.`;
  return { problem: planProblem(scenario, "label-filter", message) };
}

/** What the check of the scenario has said already, and no plan can do without. */
function findUnplannable(scenario: Scenario): readonly Problem[] {
  if (scenario.executions.length === 0) {
    const range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    return [makeProblem("no-execution", scenario.file, range, "Nothing generates load: the file has no execution.")];
  }
  return scenario.executions
    .filter((execution) => !Object.hasOwn(scenario.bodies, execution.scenario))
    .map(({ scenario: name, range }) =>
      makeProblem("unknown-scenario", scenario.file, range, `The scenario \`${name}\` is not defined in this file.`),
    );
}

function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ severity }) => severity === "error");
}

/**
 * Decides everything about a run: the load in numbers, the number of tasks, the driver, and what is measured over time.
 * Mistakes that only a choice brings to light, and what the plan risks, are Problems.
 */
export function planRun(scenario: Scenario, choice: RunChoice, bundle: PlanBundle): PlanOutcome {
  const unplannable = findUnplannable(scenario);
  if (unplannable.length > 0) return { plan: undefined, problems: unplannable };
  const { executions: places } = choice;
  const picked = places === undefined ? scenario : pickExecutions(scenario, places);
  if (picked === undefined) {
    const message = "The execution that was chosen is not in the file any more.";
    return { plan: undefined, problems: [planProblem(scenario, "invalid-choice", message)] };
  }
  const { kept, problem } = applyFilter(picked, choice.labelFilter);
  if (kept === undefined) return { plan: undefined, problems: problem === undefined ? [] : [problem] };
  const load = planLoad(kept, choice);
  if (hasError(load.problems)) return { plan: undefined, problems: load.problems };
  const tasks = planTasks(kept, choice, load.executions);
  if (hasError(tasks.problems)) return { plan: undefined, problems: tasks.problems };

  const length = plannedMs(load.executions);
  const seriesBucketSeconds = bucketSecondsOf(length ?? assumedMs);
  const { settings, criteria } = kept;
  const isRampUpExcluded = valueAt(scenario.config, "settings", "ramp-up-exclude") === true;
  const judged = labelsJudgedOverTime(criteria, isRampUpExcluded);
  const own = labelsOf(kept);
  const plan: RunPlan = {
    schema: "loadfleet.plan.v1",
    testId: makeTestId(settings.id ?? bundle.idFrom ?? scenario.file.replace(/\.[^./\\]+$/, "")),
    name: scenario.name,
    engine: choice.engine,
    driver: choice.driver ?? defaultDriver(kept, load.executions),
    tasks: tasks.tasks,
    executions: load.executions,
    plannedMs: length,
    scenario: kept,
    criteria,
    isRampUpExcluded,
    environment: environmentOf(scenario.config, choice.environment),
    secrets: settings.secrets,
    splitsData: settings.splitsData,
    seriesBucketSeconds,
    labels: own.length === 0 ? [] : keepFirst(own, new Set([...settings.seriesLabels, ...judged])),
    seriesLabels: firstOf([...settings.seriesLabels.slice(0, mostAskedLabels), ...judged], mostSeriesLabels),
    // A run without a planned end may get buckets as wide as there are.
    secondLabels: secondLabelsOf(criteria, length === null ? 900 : seriesBucketSeconds),
    healthyRatio: settings.healthyRatio,
    stopWhen: settings.stopWhen ?? { errorRatio: 0.9, forMs: 60_000 },
    metrics: settings.metrics,
    baseline: settings.baseline,
    files: bundle.files,
    bundleSha256: bundle.sha256,
  };
  return { plan, problems: [...tasks.problems, ...warnOfPlan(plan, kept)] };
}
