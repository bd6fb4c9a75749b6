import type { JudgedRule, RunResult } from "../../core/results/result.ts";
import type { Range } from "../../core/scenario/problem.ts";
import type { Scenario } from "../../core/scenario/model.ts";
import { formatMeasure } from "../../core/results/judgeWords.ts";

/** A criterion of a scenario with what the last run made of it. */
export interface JudgedCriterion {
  readonly rule: JudgedRule;
  /** Where it stands now; lines may have moved since the run. */
  readonly range: Range;
}

/**
 * Finds the criteria of a file, as it stands, among the rules of results; what was changed since is not judged. A run
 * that had nothing to judge a criterion by leaves it to the one before.
 * @param results newest first
 */
export function judgedCriteria(scenario: Scenario, results: readonly RunResult[]): readonly JudgedCriterion[] {
  return scenario.criteria.flatMap(({ text, label, range }) => {
    const rules = results.flatMap(({ verdict }) =>
      verdict.rules.filter((rule) => rule.text === text && rule.label === label),
    );
    const rule = rules.find(({ status }) => status !== "not judged") ?? rules[0];
    return rule === undefined || range === undefined ? [] : [{ rule, range }];
  });
}

/** What a rule measured and what it allows, in its unit; the condition names what fails the run. */
export function expectedAndActual(rule: JudgedRule): { readonly expected: string; readonly actual: string } {
  const limit = formatMeasure(rule.threshold, rule.unit);
  const opposite = { "<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "==" }[rule.condition] ?? "!=";
  const actual = rule.measured === null ? "–" : formatMeasure(rule.measured, rule.unit);
  return { expected: `${opposite} ${limit}`, actual };
}
