import { exitCodes } from "../../core/errors.ts";
import { formatCount, formatMs, formatPercent, formatRate } from "../../core/results/figures.ts";
import { renderTable, type Column } from "../../core/results/textTable.ts";
import { makeTestId } from "../../core/run/ids.ts";
import type { RunRecord, RunSummary } from "../../core/run/run.ts";
import type { Command } from "../command.ts";
import type { Output } from "../context.ts";
import { engineOptions, readEngineChoice } from "../engines.ts";
import { firstRunHint, shortenRunIds } from "../findRun.ts";
import { formatOption, writeJson } from "../output.ts";
import { styleFor } from "../style.ts";

/** `loadfleet runs`: the latest runs, newest first. */
export const runsCommand: Command = {
  name: "runs",
  summary: "List runs, newest first",
  operands: { usage: "", fewest: 0, most: 0, completes: "nothing" },
  options: [
    { name: "test", value: "ID", summary: "Only runs of this test" },
    { name: "limit", value: "N", summary: "At most so many; 20 without it" },
    ...engineOptions,
    formatOption("text", "json", "ids"),
  ],
  examples: [
    { line: "loadfleet runs", explains: "the latest 20" },
    { line: "loadfleet runs --on aws", explains: "those of the stack" },
    { line: "loadfleet runs --test shop-checkout --limit 100", explains: "of one test" },
    { line: "loadfleet runs --format json | jq '.runs[].summary.p95Ms'", explains: "for other programs" },
  ],
  run: async (args, { stdout, stderr, interrupted, openEngine, now }) => {
    const test = args.text("test");
    const limit = args.count("limit") ?? 20;
    const filter = { limit, ...(test === undefined ? {} : { testId: makeTestId(test) }) };
    const engine = await openEngine(readEngineChoice(args));
    const { items: runs } = await engine.list(filter, interrupted);
    const format = args.text("format");
    if (format === "json") writeJson(stdout, { schema: "loadfleet.runs.v1", runs });
    else if (format === "ids") stdout.write(runs.map(({ runId }) => `${runId}\n`).join(""));
    else if (runs.length > 0) stdout.write(formatRuns(runs, stdout, now()));
    else stderr.write(`There is no run${test === undefined ? " yet" : ` of "${test}"`}. ${firstRunHint}\n`);
    return exitCodes.passed;
  },
};

interface Row {
  readonly id: string;
  readonly run: RunRecord;
}

function formatRuns(runs: readonly RunRecord[], stdout: Output, nowMs: number): string {
  const ids = shortenRunIds(runs.map(({ runId }) => runId));
  const rows = runs.map((run, index) => ({ run, id: ids[index] ?? run.runId }));
  const [head = "", ...lines] = renderTable<Row>(rows, {
    // A file or a pipe has no width that a line could exceed.
    width: stdout.isTTY ? stdout.columns : 200,
    head: { title: "run", cell: ({ id }) => id },
    columns: [
      { title: "started", cell: ({ run }) => describeAge(nowMs - run.createdAtMs, run.createdAtMs) },
      leftAligned("test", rows, ({ run }) => run.testId),
      column("users", ({ maxUsers }) => formatCount(maxUsers)),
      column("RPS", ({ ratePerSecond }) => formatRate(ratePerSecond).replace(" RPS", "")),
      column("p95", ({ p95Ms }) => formatMs(p95Ms)),
      column("errors", ({ errorRatio }) => formatPercent(errorRatio)),
      leftAligned("outcome", rows, ({ run }) => outcomeOf(run)),
    ],
  });
  return [styleFor(stdout).bold(head.trimEnd()), ...lines.map((line) => line.trimEnd()), ""].join("\n");
}

function column(title: string, cell: (summary: RunSummary) => string): Column<Row> {
  return { title, cell: ({ run: { summary } }) => (summary === null ? "" : cell(summary)) };
}

function leftAligned(title: string, rows: readonly Row[], cell: (row: Row) => string): Column<Row> {
  const length = Math.max(title.length, ...rows.map((row) => cell(row).length));
  return { title: title.padEnd(length), cell: (row) => cell(row).padEnd(length) };
}

function describeAge(ageMs: number, atMs: number): string {
  const minutes = Math.floor(ageMs / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return new Date(atMs).toISOString().slice(0, 10);
}

function outcomeOf({ status, summary, tasks }: RunRecord): string {
  const outcome = status === "complete" ? (summary?.verdict ?? status) : status;
  const isShort = summary !== null && summary.tasksReported < tasks;
  return isShort ? `${outcome}, ${summary.tasksReported} of ${tasks} tasks` : outcome;
}
