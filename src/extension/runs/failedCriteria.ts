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

/** Finds the criteria of a scenario, as it stands, among the rules of a result; what was changed since is not judged. */
export function judgedCriteria(scenario: Scenario, result: RunResult): readonly JudgedCriterion[] {
  const rules = new Map(result.verdict.rules.map((rule) => [`${rule.text}\n${rule.label}`, rule]));
  return scenario.criteria.flatMap(({ text, label, range }) => {
    const rule = rules.get(`${text}\n${label}`);
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
