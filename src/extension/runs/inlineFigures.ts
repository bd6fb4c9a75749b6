import { formatMs, formatPercent } from "../../core/results/figures.ts";
import type { RunResult } from "../../core/results/result.ts";
import type { Scenario } from "../../core/scenario/model.ts";
import { walkSteps } from "../../core/scenario/walkSteps.ts";
import type { Translate } from "../translate.ts";

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
 * Writes the figures of the last run beside the requests and transactions of a scenario, with what has changed since
 * the run before.
 * @param lineAt text of a line of the scenario's file, 1-based: steps of included files stand in other files and are left out
 */
export function inlineFigures(
  scenario: Scenario,
  result: RunResult,
  before: RunResult | undefined,
  lineAt: (line: number) => string,
  t: Translate,
): readonly InlineFigure[] {
  const figures = new Map<number, InlineFigure>();
  for (const step of Object.values(scenario.bodies).flatMap(({ steps }) => [...walkSteps(steps)])) {
    if (step.kind !== "request" && step.kind !== "transaction") continue;
    const { line } = step.range;
    const words = [step.label, ...(step.kind === "request" ? [step.url] : [])];
    const measured = result.labels[step.label];
    if (measured === undefined || measured.count === 0 || !words.some((word) => lineAt(line).includes(word))) continue;
    const p95 = measured.percentilesMs.p95;
    const earlier = before?.labels[step.label];
    const change = earlier === undefined || earlier.count === 0 ? "" : changeText(p95, earlier.percentilesMs.p95, t);
    const figure = `p95 ${formatMs(p95)}${change === "" ? "" : ` (${change})`}`;
    figures.set(line, {
      line,
      text: `${figure} · ${t("{0} errors", formatPercent(measured.errorRatio))}`,
      hover: hoverText(step.label, result, before, t),
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
