import type { Execution, Scenario, Step } from "../scenario/model.ts";

/** Steps that a step holds, whatever its kind. */
function stepsInside(step: Step): readonly Step[] {
  switch (step.kind) {
    case "if":
      return [...step.then, ...step.else];
    case "transaction":
    case "loop":
    case "while":
    case "foreach":
    case "once":
      return step.steps;
    case "request":
    case "action":
    case "set-variables":
    case "include-scenario":
      return [];
  }
}

/** Steps inside a step that have figures of their own. */
function measuredInside(step: Step): readonly Step[] {
  return step.kind === "transaction" && step.forcesParentSample === true ? [] : stepsInside(step);
}

/** Lists every step that a body leads to, those of included scenarios in their place; each body counts once. */
function stepsFrom(
  scenario: Scenario,
  body: string,
  inside: (step: Step) => readonly Step[],
  visited = new Set<string>(),
): readonly Step[] {
  const enter = (name: string): readonly Step[] => {
    if (visited.has(name) || !Object.hasOwn(scenario.bodies, name)) return [];
    visited.add(name);
    return scenario.bodies[name]?.steps ?? [];
  };
  const steps: Step[] = [];
  // A stack of its own: scenarios may include each other more often than calls can be nested.
  const open = enter(body).toReversed();
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    steps.push(step);
    const inner = step.kind === "include-scenario" ? enter(step.scenario) : inside(step);
    for (const next of inner.toReversed()) open.push(next);
  }
  return steps;
}

/** Lists the labels that the figures of a scenario will have, in the order of the file; those with variables are not known. */
export function labelsOf(scenario: Scenario): readonly string[] {
  return writtenLabelsOf(scenario).filter((label) => !label.includes("${"));
}

/** Lists the labels of a scenario's requests and transactions as they are written, in the order of the file. */
export function writtenLabelsOf(scenario: Scenario): readonly string[] {
  const visited = new Set<string>();
  const steps = scenario.executions.flatMap((execution) =>
    stepsFrom(scenario, execution.scenario, measuredInside, visited),
  );
  const labels = steps.flatMap((step) => (step.kind === "request" || step.kind === "transaction" ? [step.label] : []));
  return [...new Set(labels)];
}

function matcherOf(globs: readonly string[]): (label: string) => boolean {
  const patterns = globs.map((glob) =>
    glob
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replace(/\*+/g, ".*")
      .replaceAll("?", "."),
  );
  const expression = new RegExp(`^(?:${patterns.join("|")})$`, "s");
  return (label) => expression.test(label);
}

/** Keeps what matches; a step that holds others goes when nothing is left in it. */
function filterStep(step: Step, matches: (label: string) => boolean): Step | undefined {
  const filter = (steps: readonly Step[]): readonly Step[] => filterSteps(steps, matches);
  switch (step.kind) {
    case "request":
      return matches(step.label) ? step : undefined;
    case "transaction":
      // A transaction that is asked for by name is wanted whole.
      if (matches(step.label)) return step;
      break;
    case "if": {
      // oxlint-disable-next-line unicorn/no-thenable -- the word is Taurus'
      const kept = { ...step, then: filter(step.then), else: filter(step.else) };
      return kept.then.length + kept.else.length > 0 ? kept : undefined;
    }
    case "action":
    case "set-variables":
    case "include-scenario":
      return step;
    case "loop":
    case "while":
    case "foreach":
    case "once":
      break;
  }
  const steps = filter(step.steps);
  return steps.length > 0 ? { ...step, steps } : undefined;
}

function filterSteps(steps: readonly Step[], matches: (label: string) => boolean): readonly Step[] {
  const kept = steps.flatMap((step) => filterStep(step, matches) ?? []);
  // Pauses and variables alone generate no load.
  return kept.some(({ kind }) => kind !== "action" && kind !== "set-variables") ? kept : [];
}

/** Tells whether an execution sends anything: a script may, steps do when there is a request among them. */
function sendsRequests(scenario: Scenario, { scenario: body }: Execution): boolean {
  return (
    scenario.bodies[body]?.script !== undefined ||
    stepsFrom(scenario, body, stepsInside).some(({ kind }) => kind === "request")
  );
}

/**
 * Keeps the requests whose label matches one of some globs (`*` and `?`), the transactions that match whole, and the
 * executions that still send something. Scripts stay as they are.
 */
export function filterLabels(scenario: Scenario, ...globs: readonly string[]): Scenario {
  const matches = matcherOf(globs);
  const bodies = Object.fromEntries(
    Object.entries(scenario.bodies).map(([name, body]) => [name, { ...body, steps: filterSteps(body.steps, matches) }]),
  );
  const filtered = { ...scenario, bodies };
  return { ...filtered, executions: scenario.executions.filter((execution) => sendsRequests(filtered, execution)) };
}
