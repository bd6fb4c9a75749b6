import { formatMs, formatPercent } from "../../core/results/figures.ts";
import type { RunResult } from "../../core/results/result.ts";
import type { ConfigDocument } from "../../core/scenario/document.ts";
import { namedSteps } from "../../core/scenario/language/references.ts";
import { rangeOfNode } from "../../core/scenario/tree.ts";
import type { Translate } from "../translate.ts";
import type { ComparedRuns } from "./comparedRuns.ts";

/** What stands behind a request's line. */
export interface InlineFigure {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly hover: string;
  /** Whether any request failed. */
  readonly hasErrors: boolean;
}

/**
 * Writes figures beside the requests and transactions of a file, of the last run that measured each, with what has
 * changed since the run before.
 * @param runs newest first
 */
export function inlineFigures(
  document: ConfigDocument,
  runs: readonly ComparedRuns[],
  t: Translate,
): readonly InlineFigure[] {
  const figures = new Map<number, InlineFigure>();
  for (const { label, entry } of namedSteps(document)) {
    const latest = runs.find(({ last }) => (last.labels[label]?.count ?? 0) > 0);
    const measured = latest?.last.labels[label];
    if (latest === undefined || measured === undefined) continue;
    const { last, before, isLoadNew } = latest;
    const p95 = measured.percentilesMs.p95;
    const earlier = before?.labels[label];
    const change = earlier === undefined || earlier.count === 0 ? "" : changeText(p95, earlier.percentilesMs.p95, t);
    const figure = `p95 ${formatMs(p95)}${change === "" ? "" : ` (${change})`}`;
    const { line } = rangeOfNode(entry);
    const note = isLoadNew ? `\n\n${t("The runs before had another load, so nothing is compared.")}` : "";
    figures.set(line, {
      line,
      text: `${figure} · ${t("{0} errors", formatPercent(measured.errorRatio))}`,
      hover: hoverText(label, last, before, t) + note,
      hasErrors: measured.failed > 0,
    });
  }
  return [...figures.values()];
}

/** Writes how much a response time has changed: `+12 %`, `−8 %`, `unchanged` within half a percent. */
export function changeText(ms: number, beforeMs: number, t: Translate): string {
  if (beforeMs === 0) return ms === 0 ? t("unchanged") : "";
  const percent = Math.round((100 * (ms - beforeMs)) / beforeMs);
  if (percent === 0) return t("unchanged");
  return `${percent > 0 ? "+" : "−"}${Math.abs(percent)} %`;
}

function hoverText(label: string, result: RunResult, before: RunResult | undefined, t: Translate): string {
  const rows = [
    ["", t("Last run"), ...(before === undefined ? [] : [t("Run before")])],
    ...(["p50", "p95", "p99"] as const).map((name) => [
      name,
      ...[result, before].flatMap((run) => cell(run, label, ({ percentilesMs }) => formatMs(percentilesMs[name]))),
    ]),
    [t("Requests"), ...[result, before].flatMap((run) => cell(run, label, ({ count }) => String(count)))],
    [
      t("Error rate"),
      ...[result, before].flatMap((run) => cell(run, label, ({ errorRatio }) => formatPercent(errorRatio))),
    ],
  ];
  const [head = [], ...body] = rows;
  const lines = [head, head.map((_, index) => (index === 0 ? ":--" : "--:")), ...body];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function cell(
  run: RunResult | undefined,
  label: string,
  write: (figures: RunResult["labels"][string]) => string,
): readonly string[] {
  if (run === undefined) return [];
  const figures = run.labels[label];
  return [figures === undefined ? "–" : write(figures)];
}
