import type { Scenario } from "../scenario/model.ts";
import type { Problem, Range, Severity } from "../scenario/problem.ts";

/** Every code of the plan and the bundle that the scenario language does not have, with its severity and what it means. */
export const planProblemCodes = {
  "invalid-choice": ["error", "Tasks, users, rate or duration chosen for a run that no run can have."],
  "unresolved-amount": ["error", "An expression such as `${__P(users)}` for a number that nothing gives a value."],
  "invalid-amount": ["error", "An expression that yields no number or duration where the load needs one."],
  "label-filter": ["error", "A label filter that matches no request, or that a script would ignore."],
  "more-tasks-than-users": ["warning", "More tasks than users; the run uses one task a user."],
  "crowded-tasks": ["warning", "More than 200 users a task."],
  "many-tasks": ["warning", "More than 100 tasks."],
  "long-run": ["warning", "A run that is planned for more than four hours."],
  "network-stress": ["warning", "More than 1 Gbps expected, which AWS wants to know of before."],
  "engine-misfit": ["error", "An executor or a script that the chosen engine does not run."],
  "plugin-missing": ["error", "A JMeter plugin that is neither on board nor among the jars that travel with the run."],
  "no-cache": ["hint", "A cache for each user asked of the embedded driver, which has none."],
  "dynamic-file": ["warning", "A file whose name is known only while the run goes on."],
  "unportable-path": ["error", "A file name that not every system can hold or tell from another."],
  "zip-bomb": ["error", "A zip with more or larger files than any scenario has."],
  "zip-link": ["error", "A zip that holds a link."],
} as const satisfies Readonly<Record<string, readonly [Severity, string]>>;

const firstCharacter: Range = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** Makes a Problem of a scenario's plan, at its first execution unless another range is given. */
export function planProblem(
  scenario: Scenario,
  code: keyof typeof planProblemCodes,
  message: string,
  options: { readonly range?: Range; readonly severity?: Severity } = {},
): Problem {
  const { range = scenario.executions[0]?.range ?? firstCharacter, severity = planProblemCodes[code][0] } = options;
  const { line, column, endLine, endColumn } = range;
  return { code, severity, file: scenario.file, message, line, column, endLine, endColumn };
}
