import { formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import type { ResultFigures, RunResult } from "../../src/core/results/result.ts";

/** A request of the table: its label and figures. */
export interface RequestRow {
  readonly label: string;
  readonly figures: ResultFigures;
}

/** A column of figures in the table of requests. */
export interface RequestColumn {
  readonly name: string;
  readonly valueOf: (figures: ResultFigures) => number;
  readonly format: (value: number) => string;
  /** Times say nothing when there was no sample. */
  readonly needsSamples: boolean;
}

const time = (name: string, valueOf: RequestColumn["valueOf"]): RequestColumn => ({
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
export const requestColumns: readonly RequestColumn[] = [
  { name: "Requests", valueOf: ({ count }) => count, format: formatCount, needsSamples: false },
  { name: "RPS", valueOf: ({ ratePerSecond }) => ratePerSecond, format: formatPlainRate, needsSamples: true },
  time("Mean", ({ meanMs }) => meanMs),
  time("p50", ({ percentilesMs }) => percentilesMs.p50),
  time("p90", ({ percentilesMs }) => percentilesMs.p90),
  time("p95", ({ percentilesMs }) => percentilesMs.p95),
  time("p99", ({ percentilesMs }) => percentilesMs.p99),
  time("Max", ({ maxMs }) => maxMs),
  { name: "Failed", valueOf: ({ failed }) => failed, format: formatCount, needsSamples: false },
  { name: "Error rate", valueOf: ({ errorRatio }) => errorRatio, format: formatPercent, needsSamples: true },
];

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
