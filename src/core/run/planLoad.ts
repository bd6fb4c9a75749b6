import type { Amount, Execution, Load, Scenario } from "../scenario/model.ts";
import type { Problem } from "../scenario/problem.ts";
import { formatNumber } from "../units.ts";
import { resolveAmount } from "./amount.ts";
import { apportionRate, apportionWhole } from "./apportion.ts";
import { environmentOf } from "./environment.ts";
import type { Environment } from "./environment.ts";
import type { PlannedExecution, RunChoice } from "./plan.ts";
import { planProblem } from "./planProblem.ts";

type Numbers = { readonly [Key in keyof Load]: number | undefined };

/** What an amount has to be, and how the file calls it. */
const amountRules: Readonly<
  Record<keyof Load, { readonly key: string; readonly unit: "number" | "ms"; readonly isWhole: boolean }>
> = {
  users: { key: "concurrency", unit: "number", isWhole: true },
  ratePerSecond: { key: "throughput", unit: "number", isWhole: false },
  rampUpMs: { key: "ramp-up", unit: "ms", isWhole: false },
  holdForMs: { key: "hold-for", unit: "ms", isWhole: false },
  delayMs: { key: "delay", unit: "ms", isWhole: false },
  iterations: { key: "iterations", unit: "number", isWhole: true },
  steps: { key: "steps", unit: "number", isWhole: true },
};

/** Resolves one amount, or says as a sentence why it cannot be used. */
function readAmount(
  name: keyof Load,
  amount: Amount,
  environment: Environment,
): { readonly value: number } | { readonly code: "unresolved-amount" | "invalid-amount"; readonly fault: string } {
  const { key, unit, isWhole } = amountRules[name];
  const resolved = resolveAmount(amount, unit, environment);
  if (resolved.kind === "unresolved") {
    return {
      code: "unresolved-amount",
      fault:
        `\`${key}\` is \`${String(amount)}\`, and nothing gives \`${resolved.name}\` a value: ` +
        `run with --env ${resolved.name}=…, or write a default such as \${__P(${resolved.name},10)}.`,
    };
  }
  const wanted = unit === "ms" ? "a duration such as 1m30s" : isWhole ? "a whole number" : "a number";
  if (resolved.kind === "invalid") {
    return { code: "invalid-amount", fault: `\`${key}\` has to be ${wanted}; it is \`${resolved.text}\`.` };
  }
  const { value } = resolved;
  if (value < 0 || (isWhole && !Number.isSafeInteger(value))) {
    return { code: "invalid-amount", fault: `\`${key}\` has to be ${wanted}, 0 or more; it is ${String(value)}.` };
  }
  return { value };
}

function readLoad(
  scenario: Scenario,
  execution: Execution,
  load: Load,
  environment: Environment,
  problems: Problem[],
): Numbers {
  const read = (name: keyof Load): number | undefined => {
    const amount = load[name];
    if (amount === undefined) return undefined;
    const outcome = readAmount(name, amount, environment);
    if ("value" in outcome) return outcome.value;
    problems.push(planProblem(scenario, outcome.code, outcome.fault, { range: execution.range }));
    return undefined;
  };
  return {
    users: read("users"),
    ratePerSecond: read("ratePerSecond"),
    rampUpMs: read("rampUpMs"),
    holdForMs: read("holdForMs"),
    delayMs: read("delayMs"),
    iterations: read("iterations"),
    steps: read("steps"),
  };
}

/** Gives an execution Taurus' defaults: 0 counts as not given, one user, and one iteration when nothing says how long. */
function withDefaults(execution: Execution, load: Numbers, hasScript: boolean): PlannedExecution {
  const { users, ratePerSecond, rampUpMs = 0, holdForMs, delayMs = 0, iterations, steps } = load;
  const isScriptAlone = hasScript && !users && !ratePerSecond && !rampUpMs && !holdForMs && !iterations;
  const hasNoLength = !rampUpMs && !holdForMs;
  return {
    scenario: execution.scenario,
    executor: execution.executor,
    users: users || (hasScript || ratePerSecond ? null : 1),
    ratePerSecond: ratePerSecond || null,
    rampUpMs,
    // Without hold-for Taurus ends with the iterations, or else with the ramp-up.
    holdForMs: holdForMs || (iterations || hasNoLength ? null : 0),
    delayMs,
    iterations: iterations || (hasNoLength && !isScriptAlone ? 1 : null),
    steps: steps || null,
  };
}

function checkChoice(
  scenario: Scenario,
  choice: RunChoice,
  executions: readonly PlannedExecution[],
): readonly Problem[] {
  const problems: Problem[] = [];
  const refuse = (message: string): void => {
    problems.push(planProblem(scenario, "invalid-choice", message));
  };
  const { users, ratePerSecond, holdForMs } = choice;
  if (users !== undefined && !(Number.isSafeInteger(users) && users > 0)) {
    refuse(`The number of users has to be a whole number above 0; it is ${String(users)}.`);
  } else if (users !== undefined && users < scaledByUsers(executions).length) {
    const wanted = scaledByUsers(executions).length;
    refuse(`${formatNumber(users)} users cannot be divided among ${wanted} executions; choose at least ${wanted}.`);
  }
  if (ratePerSecond !== undefined && !(ratePerSecond > 0 && Number.isFinite(ratePerSecond))) {
    refuse(`The target rate has to be above 0 requests per second; it is ${String(ratePerSecond)}.`);
  }
  if (holdForMs !== undefined && !(holdForMs > 0 && Number.isFinite(holdForMs))) {
    refuse("Hold-for has to be longer than 0s.");
  }
  return problems;
}

/** Executions whose users a choice of users changes: those that have some, or all when none has. */
function scaledByUsers(executions: readonly PlannedExecution[]): readonly PlannedExecution[] {
  const withUsers = executions.filter(({ users }) => users !== null);
  return withUsers.length > 0 ? withUsers : executions;
}

function scaleUsers(executions: readonly PlannedExecution[], users: number): readonly PlannedExecution[] {
  const scaled = scaledByUsers(executions);
  const parts = apportionWhole(
    users,
    scaled.map((execution) => execution.users ?? 1),
  );
  return executions.map((execution) => {
    const part = parts[scaled.indexOf(execution)];
    return part === undefined ? execution : { ...execution, users: part };
  });
}

function scaleRate(executions: readonly PlannedExecution[], ratePerSecond: number): readonly PlannedExecution[] {
  const withRate = executions.filter((execution) => execution.ratePerSecond !== null);
  const scaled = withRate.length > 0 ? withRate : executions;
  const parts = apportionRate(
    ratePerSecond,
    scaled.map((execution) => execution.ratePerSecond ?? execution.users ?? 1),
  );
  return executions.map((execution) => {
    const part = parts[scaled.indexOf(execution)];
    return part === undefined ? execution : { ...execution, ratePerSecond: part };
  });
}

/**
 * Resolves the load of every execution to numbers, with what the choice changes: hold-for for all of them, users and
 * rate in proportion, with totals that are exactly the chosen ones. With an error among the problems, it is not to be used.
 */
export function planLoad(
  scenario: Scenario,
  choice: RunChoice,
): { readonly executions: readonly PlannedExecution[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const given = scenario.executions.map((execution) => {
    const load = execution.load[choice.engine === "aws" ? "cloud" : "local"];
    const environment = environmentOf(scenario.config, choice.environment, execution.scenario);
    const numbers = readLoad(scenario, execution, load, environment, problems);
    const hasScript = scenario.bodies[execution.scenario]?.script !== undefined;
    return withDefaults(execution, { ...numbers, holdForMs: choice.holdForMs ?? numbers.holdForMs }, hasScript);
  });
  problems.push(...checkChoice(scenario, choice, given));
  if (problems.length > 0) return { executions: given, problems };
  const withUsers = choice.users === undefined ? given : scaleUsers(given, choice.users);
  const executions = choice.ratePerSecond === undefined ? withUsers : scaleRate(withUsers, choice.ratePerSecond);
  return { executions, problems };
}
