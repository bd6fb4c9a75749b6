import { parseCriterion } from "../../src/core/results/parseCriterion.ts";
import type { Criterion } from "../../src/core/results/criterion.ts";
import { formatMeasure } from "../../src/core/results/judgeWords.ts";
import type { JudgedRule } from "../../src/core/results/result.ts";
import type { ChartLimit } from "../charts/spec.ts";

/** A chart over time that can show a rule's limit. */
export type ChartName = "response-time" | "throughput" | "users" | "errors";

/** A rule's limit with the chart and the label (`""`: all requests) that it belongs to. */
export interface PlacedLimit extends ChartLimit {
  readonly chart: ChartName;
  readonly label: string;
}

const opposites: Readonly<Record<string, string>> = { ">": "≤", ">=": "<", "<": "≥", "<=": ">", "==": "≠", "!=": "=" };

/** Says what a rule allows: the opposite of the condition under which it fails, for example `≤ 300 ms`. */
export function allowedBy(rule: JudgedRule): string {
  return `${opposites[rule.condition] ?? rule.condition} ${formatMeasure(rule.threshold, rule.unit)}`;
}

/** Finds the limits that charts over time can draw; rules about something that no chart shows are left out. */
export function limitsOf(rules: readonly JudgedRule[]): readonly PlacedLimit[] {
  return rules.flatMap((rule) => {
    const parsed = parseCriterion(rule.text);
    const place = "criterion" in parsed ? placeOf(parsed.criterion) : undefined;
    if (place === undefined) return [];
    return [
      {
        chart: place.chart,
        label: rule.label,
        text: `${place.subject} ${allowedBy(rule)}`,
        value: rule.threshold,
        isBroken: rule.status === "failed",
        atSecond: rule.atSecond,
      },
    ];
  });
}

/** The chart that shows what a rule measures, and what it is called there. */
function placeOf(criterion: Criterion): { readonly chart: ChartName; readonly subject: string } | undefined {
  const { subject, window, thresholdUnit } = criterion;
  if (subject.kind === "percentile") return { chart: "response-time", subject: `p${subject.percentile}` };
  if (subject.kind === "avg-rt") return { chart: "response-time", subject: "mean" };
  if (subject.kind === "concurrency") return { chart: "users", subject: "users" };
  if (subject.kind === "fail" && thresholdUnit === "ratio") return { chart: "errors", subject: "error rate" };
  // These windows compare each second; otherwise the threshold is a total.
  const isPerSecond = window?.logic === "for" || window?.logic === "over";
  return subject.kind === "hits" && isPerSecond ? { chart: "throughput", subject: "RPS" } : undefined;
}
