import { parse } from "csv-parse/sync";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import { formatCsv } from "../../../src/core/results/csv.ts";
import {
  describeResult,
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatPercent,
  formatRate,
} from "../../../src/core/results/figures.ts";
import { formatResultText } from "../../../src/core/results/format.ts";
import { formatJunit } from "../../../src/core/results/junit.ts";
import { ResultMerger } from "../../../src/core/results/merge.ts";
import { mergeResult } from "../../../src/core/results/mergeResult.ts";
import { parseCriterion } from "../../../src/core/results/parseCriterion.ts";
import type { RunResult } from "../../../src/core/results/result.ts";
import { makeRunId, makeTestId } from "../../../src/core/run/ids.ts";
import { figuresOf, reportOf } from "./taskReport.ts";

function resultOf(rules: readonly string[], changes: Partial<RunResult> = {}): RunResult {
  const merger = new ResultMerger();
  const home = Array.from({ length: 300 }, (_, index) => 1000 * (index + 1));
  for (const task of [0, 1]) {
    merger.addReport(
      reportOf(task, {
        "": figuresOf([...home, 2_500_000]),
        'Home "x", <y> & z': figuresOf(home),
        Cart: figuresOf([2_500_000]),
      }),
    );
  }
  const criteria = rules.map((rule) => {
    const parsed = parseCriterion(rule);
    if ("fault" in parsed) throw new Error(parsed.fault.message);
    return parsed.criterion;
  });
  const result = mergeResult(merger, {
    run: {
      runId: makeRunId(0, new Uint8Array(10)),
      testId: makeTestId("shop"),
      name: "Shop",
      engine: "local",
      driver: "embedded",
      tasks: 2,
      origin: {
        startedBy: "ada",
        commit: "0123456789abcdef",
        isTreeClean: false,
        scenarioPath: undefined,
        toolVersion: "0.1.0",
      },
      startAtMs: 1_000_000,
    },
    plan: { executions: [], plannedMs: 10_000, criteria, isRampUpExcluded: false },
    status: "complete",
    reason: null,
    stoppedBy: null,
    missing: [],
    endedAtMs: 1_012_000,
    costUsd: 0.0312,
  });
  return { ...result, ...changes };
}

describe("figures", () => {
  test.each([
    [formatMs(0), "0 ms"],
    [formatMs(0.4239), "0.424 ms"],
    [formatMs(4.5678), "4.57 ms"],
    [formatMs(45.678), "45.7 ms"],
    [formatMs(999.4), "999 ms"],
    [formatMs(999.6), "1 s"],
    [formatMs(1254), "1.25 s"],
    [formatMs(123_456), "123 s"],
    [formatCount(1_234_567), "1,234,567"],
    [formatRate(0.5), "0.5 RPS"],
    [formatRate(1234.5), "1,235 RPS"],
    [formatPercent(0), "0 %"],
    [formatPercent(0.00001), "< 0.01 %"],
    [formatPercent(0.12345), "12.35 %"],
    [formatPercent(0.99999), "> 99.99 %"],
    [formatPercent(1), "100 %"],
    [formatBytes(0), "0 B"],
    [formatBytes(950), "950 B"],
    [formatBytes(1500), "1.5 kB"],
    [formatBytes(2_345_678), "2.35 MB"],
    [formatDuration(0), "0ms"],
    [formatDuration(250), "250ms"],
    [formatDuration(19_980), "20s"],
    [formatDuration(150_000), "2m30s"],
    [formatDuration(90_061_000), "1d1h1m"],
  ])("reads %s", (text, expected) => {
    expect(text).toBe(expected);
  });
});

describe("the sentence on what happened", () => {
  test("names amount, duration, users, tasks, p95 and errors", () => {
    expect(describeResult(resultOf([]))).toBe(
      "602 requests in 10s (60.3 RPS) by up to 10 users from 2 tasks: p95 was 286 ms and 13.95 % failed.",
    );
  });

  test("says how the run ended, and what is missing", () => {
    const tasks = { wanted: 3, reported: 2, missing: [] };
    expect(describeResult(resultOf([], { tasks, reason: "Task 2 was lost." }))).toMatch(
      /from 2 of 3 tasks: .*failed\. Task 2 was lost\.$/,
    );
    expect(describeResult(resultOf([], { labels: {}, reason: "It was cancelled." }))).toBe(
      "No requests were measured by 2 tasks. It was cancelled.",
    );
  });
});

describe("the text", () => {
  const failed = resultOf(["p95>1s", "avg-rt of Cart>2s", "p99 of Checkout>1s"]);
  const text = formatResultText(failed, { width: 100, color: false });

  test("begins with the verdict and the sentence", () => {
    expect(text.split("\n").slice(0, 2)).toEqual(["✗ Failed: 1 of 3 rules  Shop", describeResult(failed)]);
  });

  test("shows each rule with its measured value", () => {
    expect(text).toContain("✓ passed     p95>1s [286 ms]");
    expect(text).toContain("✗ failed     avg-rt of Cart>2s [2.5 s]");
    expect(text).toContain("– not judged p99 of Checkout>1s\n");
  });

  test("shows the figures of each label in columns, all requests last", () => {
    const start = text.indexOf("Label");
    const table = text.slice(start, text.indexOf("\n\n", start)).split("\n");
    expect(table.map((line) => line.trimEnd().replace(/ {2,}/g, "|"))).toEqual([
      "Label|Requests|RPS|Mean|p50|p95|p99|Max|Errors|Error rate",
      "Cart|2|0.2|2.5 s|2.5 s|2.5 s|2.5 s|2.5 s|0|0 %",
      'Home "x", <y> & z|600|60.1|151 ms|150 ms|285 ms|297 ms|300 ms|84|14 %',
      "All requests|602|60.3|158 ms|151 ms|286 ms|298 ms|2.5 s|84|13.95 %",
    ]);
    expect(new Set(table.map((line) => line.length)).size).toBe(1);
  });

  test.each([40, 60, 80, 100, 200])("keeps the table within %d columns", (width) => {
    const narrow = formatResultText(failed, { width, color: false });
    const start = narrow.indexOf("Label");
    const lines = narrow.slice(start, narrow.indexOf("\n\n", start)).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    expect(lines[0]).toMatch(/^Label .*Error rate$/);
  });

  test("lists errors by kind and the facts of the run", () => {
    expect(text).toContain("Errors\n  84  500 Internal Server Error");
    expect(text).toContain("Commit     0123456789ab, changed since");
    expect(text).toContain("Tasks      2 of 2 reported, started within 1 ms of each other");
    expect(text).toContain("Cost       $0.03");
  });

  test("says clearly what the figures are worth", () => {
    const weak = resultOf([], {
      isPartial: true,
      isApproximate: true,
      tasks: { wanted: 3, reported: 2, missing: [{ task: 2, reason: "It was killed." }] },
      health: { cpuPeakRatio: 0.93, memoryPeakMiB: 90, isDoubtful: true },
      notes: ["The target rate was not held."],
    });
    const lines = formatResultText(weak, { width: 100, color: false });
    expect(lines).toContain("Partial result: figures and verdict are from 2 of 3 tasks.");
    expect(lines).toContain("Task 2 is missing: It was killed.");
    expect(lines).toContain("Figures doubtful: a task's CPU reached 93 %");
    expect(lines).toContain("Percentiles are approximate");
    expect(lines).toContain("The target rate was not held.");
  });

  test("uses colours only when asked to", () => {
    expect(text).not.toContain("\u001b");
    expect(formatResultText(failed, { width: 100, color: true })).toContain(
      "\u001b[31m✗ Failed: 1 of 3 rules\u001b[0m",
    );
  });

  test("says that there is nothing to judge by, or that the run did not complete", () => {
    expect(formatResultText(resultOf([]), { width: 80, color: false })).toMatch(
      /^– Not judged: there are no rules {2}Shop/,
    );
    expect(formatResultText(resultOf([], { status: "failed" }), { width: 80, color: false })).toMatch(/\(run failed\)/);
  });
});

describe("JUnit", () => {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "",
    isArray: (name) => name === "testcase",
  });

  test("has one case per rule, with why it failed or was skipped", () => {
    const xml = formatJunit(resultOf(["p95>1s", "Slow cart: avg-rt of Cart>2s", "p99 of Checkout>1s"]));
    expect(XMLValidator.validate(xml)).toBe(true);
    const { testsuite } = parser.parse(xml).testsuites;
    expect(testsuite).toMatchObject({
      name: "Shop",
      tests: "3",
      failures: "1",
      errors: "0",
      skipped: "1",
      timestamp: "1970-01-01T00:16:40",
    });
    expect(testsuite.testcase).toMatchObject([
      { classname: "Shop", name: "p95>1s" },
      { name: "Slow cart", failure: { message: expect.stringContaining("was 2.5 s") } },
      { skipped: { message: expect.stringContaining("Checkout") } },
    ]);
  });

  test("has a case for the run when there are no rules or it did not complete", () => {
    expect(parser.parse(formatJunit(resultOf([]))).testsuites.testsuite.testcase).toEqual([
      { classname: "Shop", name: "The run completes" },
    ]);
    const failed = resultOf(["p95>1s"], { status: "failed", reason: "All tasks were lost." });
    expect(parser.parse(formatJunit(failed)).testsuites).toMatchObject({
      errors: "1",
      testsuite: { testcase: [{ error: { message: "All tasks were lost." } }, { name: "p95>1s" }] },
    });
  });

  test("stays well-formed whatever the names hold", () => {
    const xml = formatJunit(resultOf(["p95>1s"], { name: 'a\u0000<b>&"c"\ud800\u0007\uffff' }));
    expect(XMLValidator.validate(xml)).toBe(true);
    expect(xml).toContain('classname="a\uFFFD&lt;b&gt;&amp;&quot;c&quot;\uFFFD\uFFFD\uFFFD"');
  });
});

test("writes CSV that reads back, all requests last", () => {
  const rows: Record<string, string>[] = parse(formatCsv(resultOf([])), { columns: true });
  expect(rows.map((row) => [row["label"], row["count"], row["failed"], row["max_ms"]])).toEqual([
    ["Cart", "2", "0", "2500"],
    ['Home "x", <y> & z', "600", "84", "300"],
    ["", "602", "84", "2500"],
  ]);
  expect(rows[0]?.["rate_per_second"]).toBe("0.2002");
});
