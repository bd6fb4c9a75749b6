import { formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import type { ResultFigures, RunResult } from "../../src/core/results/result.ts";
import { t } from "../language.ts";

/** A request of the table: its label and figures. */
export interface RequestRow {
  readonly label: string;
  readonly figures: ResultFigures;
}

/** A column of figures in the table of requests. */
export interface RequestColumn {
  /** What the table is sorted by is kept under it. */
  readonly id: string;
  readonly name: string;
  readonly valueOf: (figures: ResultFigures) => number;
  readonly format: (value: number) => string;
  /** Times say nothing when there was no sample. */
  readonly needsSamples: boolean;
  readonly countsFailures?: boolean;
}

const time = (id: string, name: string, valueOf: RequestColumn["valueOf"]): RequestColumn => ({
  id,
  name,
  valueOf,
  format: formatMs,
  needsSamples: true,
});

/** The column's head names the unit already. */
function formatPlainRate(perSecond: number): string {
  return formatRate(perSecond).replace(" RPS", "");
}

/** Columns of the table of requests, after the label. */
export function requestColumns(): readonly RequestColumn[] {
  return [
    { id: "count", name: t("Requests"), valueOf: ({ count }) => count, format: formatCount, needsSamples: false },
    {
      id: "rate",
      name: "RPS",
      valueOf: ({ ratePerSecond }) => ratePerSecond,
      format: formatPlainRate,
      needsSamples: true,
    },
    time("mean", t("Mean"), ({ meanMs }) => meanMs),
    time("p50", "p50", ({ percentilesMs }) => percentilesMs.p50),
    time("p90", "p90", ({ percentilesMs }) => percentilesMs.p90),
    time("p95", "p95", ({ percentilesMs }) => percentilesMs.p95),
    time("p99", "p99", ({ percentilesMs }) => percentilesMs.p99),
    time("max", t("Max"), ({ maxMs }) => maxMs),
    {
      id: "failed",
      name: t("Failed|requests"),
      valueOf: ({ failed }) => failed,
      format: formatCount,
      needsSamples: false,
      countsFailures: true,
    },
    {
      id: "errorRate",
      name: t("Error rate"),
      valueOf: ({ errorRatio }) => errorRatio,
      format: formatPercent,
      needsSamples: true,
      countsFailures: true,
    },
  ];
}

/** Writes a column's figure of one request. */
export function formatCell(column: RequestColumn, figures: ResultFigures): string {
  return column.needsSamples && figures.count === 0 ? "–" : column.format(column.valueOf(figures));
}

/** Requests of a result whose label holds the text, upper and lower case alike; all requests together are not among them. */
export function findRequests(result: RunResult, text: string): readonly RequestRow[] {
  const wanted = text.trim().toLocaleLowerCase("en");
  return Object.entries(result.labels)
    .filter(([label]) => label !== "" && label.toLocaleLowerCase("en").includes(wanted))
    .map(([label, figures]) => ({ label, figures }));
}
