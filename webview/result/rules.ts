import { formatMeasure } from "../../src/core/results/judgeWords.ts";
import type { JudgedRule } from "../../src/core/results/result.ts";
import type { ChartLimit } from "../charts/spec.ts";
import { t } from "../language.ts";

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
    const place = placeOf(rule);
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
function placeOf({ subject, windowLogic, unit }: JudgedRule): { chart: ChartName; subject: string } | undefined {
  if (subject?.kind === "percentile") return { chart: "response-time", subject: `p${subject.percentile}` };
  if (subject?.kind === "avg-rt") return { chart: "response-time", subject: t("mean") };
  if (subject?.kind === "concurrency") return { chart: "users", subject: t("users") };
  if (subject?.kind === "fail" && unit === "ratio") return { chart: "errors", subject: t("error rate") };
  // These windows compare each second; otherwise the threshold is a total.
  const isPerSecond = windowLogic === "for" || windowLogic === "over";
  return subject?.kind === "hits" && isPerSecond ? { chart: "throughput", subject: "RPS" } : undefined;
}
