import { formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import type { JudgedRule } from "../../src/core/results/result.ts";
import type { PlannedExecution } from "../../src/core/run/plan.ts";
import type { ChartSpec } from "../charts/spec.ts";
import { formatElapsed } from "../charts/ticks.ts";
import { t } from "../language.ts";
import { timeChartsOf } from "../result/timeCharts.ts";
import type { Current, Reading } from "./reading.ts";

/** Makes the charts over time of one label from what is known at an instant. */
export function readingCharts(
  reading: Reading,
  label: string,
  executions: readonly PlannedExecution[],
  rules: readonly JudgedRule[],
): readonly ChartSpec[] {
  const charts = timeChartsOf(
    {
      series: reading.series,
      labels: { [label]: nothingYet },
      verdict: { rules },
      plan: { executions },
    },
    label,
  );
  return charts.map((chart) => ({
    ...chart,
    summary: summaryOf(chart.id, reading, label),
    // The live view has no slowest request, only percentiles.
    lines: chart.lines.filter(({ id, values }) => id !== "max" || values.some((value) => value !== null)),
  }));
}

/** The charts' own sentences are about a whole run and are replaced. */
const nothingYet = {
  count: 0,
  failed: 0,
  errorRatio: 0,
  ratePerSecond: 0,
  maxMs: 0,
  percentilesMs: { p95: 0 },
};

function summaryOf(chart: string, { labels, users, second, series }: Reading, label: string): string {
  const one = labels.find((reading) => reading.label === label);
  const now = one?.now;
  if (second === undefined) return t("There are no figures yet.");
  const at = formatElapsed(second);
  if (chart === "users") return t("At {0} there were {1} users.", at, formatCount(users));
  if (!one || !now) return t("At {0} there were no samples.", at);
  const count = formatCount(one.soFar.count);
  switch (chart) {
    case "response-time":
      return describeTimes(at, now, series.bucketSeconds);
    case "throughput":
      return t("At {0} there were {1}, {2} requests since the start.", at, formatRate(now.ratePerSecond), count);
    default: {
      const share = formatPercent(now.failed / now.count);
      return t("At {0} {1} failed; {2} of {3} since the start.", at, share, formatCount(one.soFar.failed), count);
    }
  }
}

function describeTimes(at: string, { meanMs, p95Ms }: Current, seconds: number): string {
  const mean = formatMs(meanMs);
  const times =
    p95Ms === null
      ? t("At {0} the mean was {1}.", at, mean)
      : t("At {0} p95 was {1}, the mean {2}.", at, formatMs(p95Ms), mean);
  return seconds > 1 ? `${times} ${t("Each point shows {0} s.", formatCount(seconds))}` : times;
}
