import {
  describeResult,
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatPercent,
  formatRate,
} from "./figures.ts";
import { formatMeasure } from "./judgeWords.ts";
import type { JudgedRule, ResultFigures, RunResult } from "./result.ts";
import { renderTable, type Column } from "./textTable.ts";

const mostErrors = 10;

/** How a result is laid out as text. */
export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  /** Whether ANSI colours may be used. */
  readonly color: boolean;
}

type Paint = (text: string, color: "green" | "red" | "yellow" | "bold" | "dim") => string;

const ansi = { green: 32, red: 31, yellow: 33, bold: 1, dim: 2 } as const;
const signs = { passed: "✓", failed: "✗", "not judged": "–" } as const;
const colors = { passed: "green", failed: "red", "not judged": "yellow" } as const;

/** Writes a result for people to read: verdict, what happened, each rule, figures per label, errors, facts of the run. */
export function formatResultText(result: RunResult, { width, color }: TextOptions): string {
  const paint: Paint = (text, name) => (color ? `\u001b[${ansi[name]}m${text}\u001b[0m` : text);
  const sections = [
    headline(result, paint),
    result.verdict.rules.map((rule) => ruleText(rule, paint)),
    labelTable(result, width),
    errorLines(result),
    facts(result),
    caveats(result).map((line) => paint(line, "yellow")),
  ];
  const texts = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `${texts.join("\n\n")}\n`;
}

function headline(result: RunResult, paint: Paint): readonly string[] {
  const { status, rules } = result.verdict;
  const failed = rules.filter((rule) => rule.status === "failed").length;
  const words = {
    passed: `Passed: ${countOf(rules.length, "rule")}`,
    failed: `Failed: ${failed} of ${countOf(rules.length, "rule")}`,
    "not judged": rules.length === 0 ? "Not judged: there are no rules" : "Not judged",
  };
  const ending = result.status === "complete" ? "" : ` (run ${result.status})`;
  const verdict = paint(`${signs[status]} ${words[status]}${ending}`, colors[status]);
  return [`${verdict}  ${paint(result.name, "bold")}`, describeResult(result)];
}

function ruleText(rule: JudgedRule, paint: Paint): string {
  const mark = paint(`${signs[rule.status]} ${rule.status.padEnd(10)}`, colors[rule.status]);
  const measured = rule.measured === null ? "" : ` [${formatMeasure(rule.measured, rule.unit)}]`;
  const isSaid = rule.message === null || rule.text.startsWith(rule.message);
  const name = isSaid ? rule.text : `${rule.message} (${rule.text})`;
  return `${mark} ${name}${measured}\n             ${paint(rule.sentence, "dim")}`;
}

const columns: readonly Column<readonly [string, ResultFigures]>[] = [
  { title: "Requests", cell: ([, figures]) => formatCount(figures.count) },
  { title: "RPS", cell: ([, figures]) => formatRate(figures.ratePerSecond).replace(" RPS", "") },
  { title: "Mean", cell: ([, figures]) => formatMs(figures.meanMs) },
  { title: "p50", cell: ([, figures]) => formatMs(figures.percentilesMs.p50) },
  { title: "p95", cell: ([, figures]) => formatMs(figures.percentilesMs.p95) },
  { title: "p99", cell: ([, figures]) => formatMs(figures.percentilesMs.p99) },
  { title: "Max", cell: ([, figures]) => formatMs(figures.maxMs) },
  { title: "Errors", cell: ([, figures]) => formatCount(figures.failed) },
  { title: "Error rate", cell: ([, figures]) => formatPercent(figures.errorRatio) },
];

function labelTable(result: RunResult, width: number): readonly string[] {
  const rows = Object.entries(result.labels).filter(([label]) => label !== "");
  const all = result.labels[""];
  if (all === undefined) return [];
  return renderTable([...rows, ["", all] as const], {
    width,
    head: { title: "Label", cell: ([label]) => (label === "" ? "All requests" : label) },
    columns,
  });
}

function errorLines(result: RunResult): readonly string[] {
  const errors = result.labels[""]?.errors ?? [];
  if (errors.length === 0) return [];
  const shown = errors.slice(0, mostErrors);
  const rest = errors.slice(mostErrors).reduce((total, { count }) => total + count, 0);
  const size = Math.max(...shown.map(({ count }) => formatCount(count).length));
  const lines = shown.map(({ count, code, message }) => {
    const codeText = code === "" || code === message ? "" : `${code} `;
    return `${formatCount(count).padStart(size + 2)}  ${codeText}${message}`;
  });
  return ["Errors", ...lines, ...(rest === 0 ? [] : [`${formatCount(rest).padStart(size + 2)}  of other kinds`])];
}

function facts(result: RunResult): readonly string[] {
  const { origin, tasks, health } = result;
  const all = result.labels[""];
  const versions = Object.entries(result.versions).map(([name, version]) => `${name} ${version}`);
  const commit =
    origin.commit === undefined
      ? undefined
      : `${origin.commit.slice(0, 12)}${origin.isTreeClean === false ? ", changed since" : ""}`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["Run", `${result.runId} on ${result.engine}, started by ${origin.startedBy}`],
    ["Commit", commit],
    [
      "Tasks",
      `${tasks.reported} of ${tasks.wanted} reported, started within ${formatMs(result.startSkewMs)} of each other`,
    ],
    [
      "Data",
      all &&
        `${formatBytes(all.bytesIn)} received (${formatBytes(all.bytesPerSecond)}/s), ${formatBytes(all.bytesOut)} sent`,
    ],
    ["Apdex", all && `${all.apdex.toFixed(2)} (T = 500 ms)`],
    [
      "Generator",
      `${result.driver}, CPU up to ${formatPercent(health.cpuPeakRatio)}, ${Math.round(health.memoryPeakMiB)} MiB${versions.length === 0 ? "" : `; ${versions.join(", ")}`}`,
    ],
    ["Latency", result.latencyFrom === "send" ? "counts from the actual send" : "counts from the intended start"],
    ["Cost", result.costUsd === null ? undefined : `$${result.costUsd.toFixed(2)}`],
  ];
  return rows.flatMap(([name, text]) => (text === undefined ? [] : [`${name.padEnd(10)} ${text}`]));
}

function caveats(result: RunResult): readonly string[] {
  const { tasks, health } = result;
  const lines: string[] = [];
  if (result.isPartial) {
    const scope =
      tasks.reported < tasks.wanted
        ? `from ${tasks.reported} of ${tasks.wanted} tasks`
        : "of a run that did not come to its end";
    lines.push(`Partial result: figures and verdict are ${scope}.`);
  }
  for (const { task, reason } of tasks.missing.slice(0, mostErrors)) lines.push(`Task ${task} is missing: ${reason}`);
  if (tasks.missing.length > mostErrors) lines.push(`${tasks.missing.length - mostErrors} more tasks are missing.`);
  if (health.isDoubtful) {
    lines.push(
      `Figures doubtful: a task's CPU reached ${formatPercent(health.cpuPeakRatio)}, so they may say more of the generator than of the target.`,
    );
  }
  if (result.isApproximate)
    lines.push("Percentiles are approximate: they were estimated from seven percentiles per task.");
  const aborted = result.labels[""]?.aborted ?? 0;
  if (aborted > 0)
    lines.push(`${countOf(aborted, "request")} in flight at the end ${aborted === 1 ? "is" : "are"} not counted.`);
  if (result.plan.plannedMs !== null && result.status === "complete" && result.spanMs < result.plan.plannedMs / 2) {
    lines.push(
      `The load lasted ${formatDuration(result.spanMs)} of the planned ${formatDuration(result.plan.plannedMs)}.`,
    );
  }
  return [...lines, ...result.notes];
}

function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
