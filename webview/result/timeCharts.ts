import { formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import type { JudgedRule, ResultSeries, SeriesColumns } from "../../src/core/results/result.ts";
import { rateAt, usersAt } from "../../src/core/scenario/profile.ts";
import type { PlannedExecution } from "../../src/core/run/plan.ts";
import { maxOf, type ChartLine, type ChartSpec } from "../charts/spec.ts";
import { t } from "../language.ts";
import { limitsOf, type ChartName, type PlacedLimit } from "./rules.ts";
import {
  describeErrors,
  describeResponseTimes,
  describeThroughput,
  describeUsers,
  errorRatios,
  type ChartedFigures,
} from "./summaries.ts";

/** What the charts over time are made of: a result, or what is known of a run so far. */
export interface ChartedRun {
  readonly series: ResultSeries | null;
  readonly labels: Readonly<Record<string, ChartedFigures>>;
  readonly verdict: { readonly rules: readonly JudgedRule[] };
  readonly plan: { readonly executions: readonly PlannedExecution[] };
}

interface Sources {
  readonly figures: ChartedFigures;
  readonly columns: SeriesColumns;
  readonly series: ResultSeries;
  readonly limits: (chart: ChartName) => readonly PlacedLimit[];
  readonly executions: readonly PlannedExecution[];
  readonly isAll: boolean;
}

/** Makes the charts over time of one label (`""`: all requests); empty when the result has no series of it. */
export function timeChartsOf(result: ChartedRun, label: string): readonly ChartSpec[] {
  const { series } = result;
  const figures = result.labels[label];
  const columns = series?.labels[label];
  if (!series || !figures || !columns) return [];
  const limits = limitsOf(result.verdict.rules).filter((limit) => limit.label === label || limit.chart === "users");
  const sources: Sources = {
    figures,
    columns,
    series,
    limits: (chart) => limits.filter((limit) => limit.chart === chart),
    executions: result.plan.executions,
    isAll: label === "",
  };
  return [responseTimes(sources), throughput(sources), users(sources), errors(sources)];
}

function responseTimes({ figures, columns, series, limits }: Sources): ChartSpec {
  const bands = columns.percentilesMs;
  const color = "--lf-chart-time";
  const fill = (opacity: number) => ({ to: "previous", opacity }) as const;
  const mean: ChartLine = {
    id: "mean",
    name: t("mean"),
    values: columns.meanMs.map((value, index) => (columns.count[index] === 0 ? null : value)),
    color: "--lf-chart-mean",
    width: 1.5,
    isDashed: bands !== undefined,
  };
  const lines: readonly ChartLine[] = bands
    ? [
        { id: "p50", name: "p50", values: bands.p50, color, width: 2 },
        { id: "p90", name: "p90", values: bands.p90, color, width: 1, fill: fill(0.42) },
        { id: "p95", name: "p95", values: bands.p95, color, width: 1.5, fill: fill(0.3) },
        { id: "p99", name: "p99", values: bands.p99, color, width: 1, fill: fill(0.18) },
        { id: "max", name: t("max"), values: bands.max, color, width: 0.75, fill: fill(0.08) },
        mean,
      ]
    : [mean];
  return {
    id: "response-time",
    title: t("Response time"),
    subject: t("response time"),
    summary: describeResponseTimes(figures, columns, series.bucketSeconds),
    format: formatMs,
    leastTop: 1,
    lines,
    limits: limits("response-time"),
    namesPhases: true,
  };
}

function throughput({ figures, columns, series, limits, executions, isAll }: Sources): ChartSpec {
  const perSecond = (counts: readonly number[]): readonly number[] =>
    counts.map((count) => count / series.bucketSeconds);
  const target = planned(series, executions, rateAt);
  const hasTarget = isAll && maxOf(target) > 0;
  return {
    id: "throughput",
    title: t("Throughput"),
    subject: t("throughput"),
    summary: describeThroughput(figures, columns, series.bucketSeconds),
    format: formatRate,
    leastTop: 1,
    lines: [
      {
        id: "requests",
        name: t("requests"),
        values: perSecond(columns.count),
        color: "--lf-chart-rate",
        width: 1.5,
        fill: { to: "zero", opacity: 0.16 },
      },
      ...(hasTarget
        ? [
            {
              id: "target",
              name: t("target"),
              values: target,
              color: "--lf-muted",
              width: 1.5,
              isDashed: true,
            } as const,
          ]
        : []),
    ],
    limits: limits("throughput"),
  };
}

function users({ series, limits, executions }: Sources): ChartSpec {
  const wanted = planned(series, executions, usersAt);
  return {
    id: "users",
    title: t("Users"),
    subject: t("users"),
    summary: describeUsers(series),
    format: formatCount,
    leastTop: 1,
    isWhole: true,
    lines: [
      {
        id: "active",
        name: t("active"),
        values: series.users,
        color: "--lf-chart-users",
        width: 1.5,
        fill: { to: "zero", opacity: 0.16 },
      },
      ...(maxOf(wanted) > 0
        ? [
            {
              id: "planned",
              name: t("planned"),
              values: wanted,
              color: "--lf-muted",
              width: 1.5,
              isDashed: true,
            } as const,
          ]
        : []),
    ],
    limits: limits("users"),
  };
}

function errors({ figures, columns, series, limits }: Sources): ChartSpec {
  return {
    id: "errors",
    title: t("Errors"),
    subject: t("errors"),
    summary: describeErrors(figures, columns, series.bucketSeconds),
    format: formatPercent,
    leastTop: 0.01,
    lines: [
      {
        id: "error-rate",
        name: t("error rate"),
        values: errorRatios(columns),
        color: "--lf-chart-errors",
        width: 1.5,
        fill: { to: "zero", opacity: 0.2 },
      },
      {
        id: "failed",
        name: t("failed|requests"),
        values: columns.failed,
        color: "--lf-chart-errors",
        width: 0,
        format: formatCount,
      },
    ],
    limits: limits("errors"),
  };
}

function planned(
  series: ResultSeries,
  executions: readonly PlannedExecution[],
  loadAt: (execution: PlannedExecution, ms: number) => number,
): readonly number[] {
  return Array.from({ length: series.buckets }, (_, index) => {
    const ms = (index + 0.5) * series.bucketSeconds * 1000;
    return executions.reduce((sum, execution) => sum + loadAt(execution, ms), 0);
  });
}
