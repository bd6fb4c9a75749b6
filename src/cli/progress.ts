import { formatBytes, formatCount, formatMs, formatPercent, formatRate } from "../core/results/figures.ts";
import { renderTable, type Column, type TableLayout } from "../core/results/textTable.ts";
import type { LiveFigures, LivePoint, RunView } from "../core/run/run.ts";
import type { Output } from "./context.ts";
import { plural } from "./problemText.ts";
import { cut, styleFor } from "./style.ts";

/** Shows a run while it goes on. */
export interface Progress {
  show(view: RunView): void;
  /** Adds a sentence that stays. */
  note(sentence: string): void;
  /** Leaves one line of what was shown in place, for the result to follow. */
  end(): void;
}

const secondsPerLine = 10;
const sparks = "▁▂▃▄▅▆▇█";
/** Makes the progress for an output: a table that is drawn again in place on a terminal, a line each 10 s elsewhere. */
export function makeProgress(output: Output): Progress {
  return output.isTTY ? new LiveTable(output) : new LiveLines(output);
}

class LiveTable implements Progress {
  readonly #output: Output;
  #notes: readonly string[] = [];
  #shown: readonly string[] = [];
  #view: RunView | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  show(view: RunView): void {
    this.#view = view;
    this.#draw(formatLive(view, this.#output.columns - 1));
  }

  note(sentence: string): void {
    this.#notes = [...this.#notes, sentence];
    if (this.#view === undefined) this.#draw([]);
    else this.show(this.#view);
  }

  end(): void {
    if (this.#view !== undefined) this.#draw([describeStatus(this.#view)]);
  }

  #draw(lines: readonly string[]): void {
    const { columns, write } = this.#output;
    const all = [...lines, ...this.#notes].map((line) => cut(line, columns - 1));
    if (all.join("\n") === this.#shown.join("\n")) return;
    const { bold } = styleFor(this.#output);
    const up = this.#shown.length === 0 ? "" : `\x1b[${this.#shown.length}A`;
    // Clearing each line's end rather than the screen keeps the table from flickering.
    write(`${up}${all.map((line, index) => `${index === 0 ? bold(line) : line}\x1b[K\n`).join("")}\x1b[J`);
    this.#shown = all;
  }
}

class LiveLines implements Progress {
  readonly #output: Output;
  #status: string | undefined;
  #nextSecond = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  show(view: RunView): void {
    if (view.run.status !== this.#status) {
      this.#status = view.run.status;
      this.note(describeStatus(view));
    }
    const last = settledPoint(view.points);
    if (last === undefined || last.second + last.seconds < this.#nextSecond + secondsPerLine) return;
    const stretch = view.points.filter(({ second }) => second >= this.#nextSecond && second <= last.second);
    this.note(describeStretch(stretch, last));
    this.#nextSecond = last.second + last.seconds;
  }

  note(sentence: string): void {
    this.#output.write(`${sentence}\n`);
  }

  end(): void {
    // What was written line by line stays as it is.
  }
}

/** Picks the latest stretch that every task which reports at all has reported. */
function settledPoint(points: readonly LivePoint[]): LivePoint | undefined {
  const recent = points.slice(-5);
  const most = Math.max(0, ...recent.map(({ tasksReporting }) => tasksReporting));
  return recent.findLast(({ tasksReporting }) => tasksReporting === most);
}

function describeStatus({ run, tasks }: RunView): string {
  const started = tasks.filter(({ state }) => state === "ready" || state === "running").length;
  const ready = started === 0 ? plural(run.tasks, "task") : `${started} of ${plural(run.tasks, "task")}`;
  return `${run.name}: ${run.status}, ${ready}`;
}

function describeStretch(stretch: readonly LivePoint[], last: LivePoint): string {
  const all = stretch.flatMap(({ labels }) => labels[""] ?? []);
  const count = sum(all.map((figures) => figures.count));
  const failed = sum(all.map((figures) => figures.failed));
  const seconds = sum(stretch.map((point) => point.seconds));
  return [
    clock(last.second + last.seconds),
    plural(last.users, "user"),
    formatRate(count / Math.max(1, seconds)),
    `p95 up to ${timeOf(slowestOf(all))}`,
    `${formatPercent(count === 0 ? 0 : failed / count)} errors`,
  ].join("  ");
}

function formatLive(view: RunView, width: number): readonly string[] {
  const { run, points } = view;
  const last = settledPoint(points);
  if (last === undefined) return [describeStatus(view)];
  const ends = run.plannedMs === null ? "" : ` of ${clock(run.plannedMs / 1000)}`;
  const elapsed = `${clock(last.second + last.seconds)}${ends}`;
  const head = `${describeStatus(view)}  ${elapsed}  ${plural(last.users, "user")}`;
  const rows = Object.entries(last.labels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [head, ...renderTable(rows, tableLayout(width, last.seconds)), drawRates(points, width)];
}

function slowestOf(figures: readonly LiveFigures[]): number | null {
  const known = figures.flatMap(({ p95Ms }) => p95Ms ?? []);
  return known.length === 0 ? null : Math.max(...known);
}

/** A percentile is unknown where no histogram is kept. */
function timeOf(ms: number | null): string {
  return ms === null ? "–" : formatMs(ms);
}

type Row = readonly [string, LiveFigures];

function tableLayout(width: number, seconds: number): TableLayout<Row> {
  const column = (title: string, cell: (figures: LiveFigures) => string): Column<Row> => ({
    title,
    cell: ([, figures]) => cell(figures),
  });
  return {
    width,
    head: { title: "", cell: ([label]) => (label === "" ? "all requests" : label) },
    columns: [
      column("RPS", ({ count }) => formatCount(Math.round(count / seconds))),
      column("mean", ({ meanMs }) => formatMs(meanMs)),
      column("p50", ({ p50Ms }) => timeOf(p50Ms)),
      column("p95", ({ p95Ms }) => timeOf(p95Ms)),
      column("p99", ({ p99Ms }) => timeOf(p99Ms)),
      column("bytes/s", ({ bytes }) => formatBytes(bytes / seconds)),
      column("errors", ({ count, failed }) => formatPercent(count === 0 ? 0 : failed / count)),
    ],
  };
}

function drawRates(points: readonly LivePoint[], width: number): string {
  const rates = points.slice(-Math.min(60, width - 5)).map(({ labels, seconds }) => (labels[""]?.count ?? 0) / seconds);
  const top = Math.max(1, ...rates);
  return `RPS ${rates.map((rate) => sparks[Math.round((rate / top) * (sparks.length - 1))]).join("")}`;
}

/** Writes seconds as a clock: `1:05`, `1:00:05`. */
function clock(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const rest = `${two((seconds % 3600) / 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? rest : `${Math.floor(seconds / 3600)}:${rest}`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
