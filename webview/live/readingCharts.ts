import { formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import type { JudgedRule } from "../../src/core/results/result.ts";
import type { PlannedExecution } from "../../src/core/run/plan.ts";
import type { ChartSpec } from "../charts/spec.ts";
import { formatElapsed } from "../charts/ticks.ts";
import { timeChartsOf } from "../result/timeCharts.ts";
import type { Reading } from "./reading.ts";

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
    lines: chart.lines.filter(({ name, values }) => name !== "max" || values.some((value) => value !== null)),
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
  if (second === undefined) return "There are no figures yet.";
  const at = `At ${formatElapsed(second)}`;
  if (chart === "users") return `${at} there were ${formatCount(users)} users.`;
  if (!one || !now) return `${at} there were no samples.`;
  const seconds = series.bucketSeconds;
  switch (chart) {
    case "response-time": {
      const grain = seconds > 1 ? ` Each point shows ${formatCount(seconds)} s.` : "";
      const p95 = now.p95Ms === null ? "" : `p95 was ${formatMs(now.p95Ms)}, `;
      return `${at} ${p95}the mean ${formatMs(now.meanMs)}.${grain}`;
    }
    case "throughput":
      return `${at} there were ${formatRate(now.ratePerSecond)}, ${formatCount(one.soFar.count)} requests since the start.`;
    default: {
      const { count, failed } = one.soFar;
      return `${at} ${formatPercent(now.failed / now.count)} failed; ${formatCount(failed)} of ${formatCount(count)} since the start.`;
    }
  }
}
