import { expect, test } from "vitest";
import { Histogram } from "../../src/core/results/histogram.ts";
import { parseCriterion } from "../../src/core/results/parseCriterion.ts";
import type { JudgedRule } from "../../src/core/results/result.ts";
import { bannersOf } from "../../webview/result/banner.ts";
import { distributionOf } from "../../webview/result/distribution.ts";
import { errorsOf } from "../../webview/result/errorSummary.ts";
import { factsOf } from "../../webview/result/fact.ts";
import { headlineOf } from "../../webview/result/headlineFigure.ts";
import { findRequests, formatCell, requestColumns } from "../../webview/result/requestColumn.ts";
import { allowedBy, limitsOf } from "../../webview/result/rules.ts";
import { nextOrder, sortBy } from "../../webview/result/sort.ts";
import { timeChartsOf } from "../../webview/result/timeCharts.ts";
import { emptyResult, failedResult, healthyResult, partialResult, resultWithoutSeries } from "./sampleResult.ts";

function rule(text: string, changes: Partial<JudgedRule> = {}): JudgedRule {
  const judged = { message: null, label: "", status: "passed", measured: 1, threshold: 300, unit: "ms" } as const;
  const parsed = parseCriterion(text);
  const { subject, window } = "criterion" in parsed ? parsed.criterion : {};
  return {
    text,
    ...judged,
    condition: ">",
    atSecond: null,
    sentence: "",
    line: null,
    ...(subject === undefined ? {} : { subject }),
    ...(window === undefined ? {} : { windowLogic: window.logic }),
    ...changes,
  };
}

test.each([
  [rule("p95>300ms"), "response-time p95 ≤ 300 ms"],
  [rule("avg-rt of Checkout>300ms for 5s", { label: "Checkout" }), "response-time mean ≤ 300 ms"],
  [rule("fail>1%", { threshold: 0.01, unit: "ratio" }), "errors error rate ≤ 1 %"],
  [rule("concurr<10 for 5s", { threshold: 10, unit: "count", condition: "<" }), "users users ≥ 10"],
  [rule("hits<100 for 5s", { threshold: 100, unit: "count", condition: "<" }), "throughput RPS ≥ 100"],
])("draws the limit of %j", (judged, expected) => {
  expect(limitsOf([judged]).map(({ chart, text }) => `${chart} ${text}`)).toEqual([expected]);
});

test("draws the limit of a rule whose text is a person's own", () => {
  const judged = rule("Checkout stays quick", { subject: { kind: "percentile", percentile: 99 } });
  expect(limitsOf([judged]).map(({ chart, text }) => `${chart} ${text}`)).toEqual(["response-time p99 ≤ 300 ms"]);
});

test.each(["hits<100", "fail>5", "avg-lt>300ms", "rc5??>10", "no rule at all"])("draws no limit for %s", (text) => {
  expect(limitsOf([rule(text)])).toEqual([]);
});

test.each([
  [">", "≤ 300 ms"],
  [">=", "< 300 ms"],
  ["<", "≥ 300 ms"],
  ["<=", "> 300 ms"],
])("a rule that fails at %s allows %s", (condition, expected) => {
  expect(allowedBy(rule("", { condition }))).toBe(expected);
});

test("charts of a label draw its own limits, and no others", () => {
  const limits = (label: string) =>
    timeChartsOf(failedResult(), label).map((chart) => chart.limits.map(({ text }) => text));
  expect(limits("")).toEqual([["p95 ≤ 300 ms"], [], [], ["error rate ≤ 1 %"]]);
  expect(limits("POST /checkout")).toEqual([["p95 ≤ 400 ms"], [], [], ["error rate ≤ 2 %"]]);
});

test("every chart says in one sentence what its figures say", () => {
  expect(timeChartsOf(healthyResult(), "").map(({ summary }) => summary)).toMatchInlineSnapshot(`
    [
      "p95 was 138 ms over the run; it was highest, 173 ms, at 1:02, and the slowest request took 1.24 s.",
      "38,080 requests, 317 RPS on average and 382 RPS at its highest, at 1:50.",
      "At most 40 users, first reached at 0:29 and last seen at 2:00.",
      "40 of 38,080 requests failed (0.11 %); the error rate was highest, 0.9 %, at 0:08.",
    ]
  `);
  for (const { summary } of timeChartsOf(emptyResult(), ""))
    expect(summary).toMatch(/^(No|There were no|At most) .*\.$/);
});

test("a label without percentiles over time shows its mean alone", () => {
  const [responseTime] = timeChartsOf(healthyResult(), "POST /checkout");
  expect(responseTime?.lines.map(({ name }) => name)).toEqual(["mean"]);
});

test("there are no charts over time without series", () => {
  expect(timeChartsOf(resultWithoutSeries(), "")).toEqual([]);
});

test("bars of the distribution hold every sample once, between their edges", () => {
  const histogram = new Histogram("us");
  const samples = [0, 1, 999, 1000, 1999, 2000, 4999, 5000, 123_456, 3_000_000];
  for (const sample of samples) histogram.record(sample);
  const { bars, count } = distributionOf(histogram.toWire());
  expect(count).toBe(samples.length);
  expect(bars.reduce((sum, bar) => sum + bar.count, 0)).toBe(samples.length);
  for (const [index, bar] of bars.entries()) {
    expect(bar.fromMs).toBe(bars[index - 1]?.toMs ?? 0);
    if (bar.toMs > 2) continue;
    const inside = samples.filter((sample) => sample / 1000 >= bar.fromMs && sample / 1000 < bar.toMs);
    expect(bar.count).toBe(inside.length);
  }
});

test("bars of whole milliseconds are never narrower than one", () => {
  const histogram = new Histogram("ms");
  for (let ms = 1; ms <= 40; ms++) histogram.record(ms);
  const { bars } = distributionOf(histogram.toWire());
  for (const { fromMs, toMs } of bars) expect([Number.isInteger(fromMs), toMs - fromMs >= 1]).toEqual([true, true]);
  expect(bars.slice(0, 9).map((bar) => bar.count)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1]);
});

test("the percentile curve agrees with the table and ends with the slowest request", () => {
  const figures = healthyResult().labels[""];
  if (!figures) throw new Error("There are no figures.");
  const { curve } = distributionOf(figures.histogram);
  const at = (percentile: number) => curve.find((point) => point.percentile === percentile)?.ms;
  const { p50, p95, p99, p100 } = figures.percentilesMs;
  expect([at(50), at(95), at(99), at(100)]).toEqual([p50, p95, p99, p100]);
});

test("an empty histogram has no bars and no curve", () => {
  expect(distributionOf(new Histogram("us").toWire())).toEqual({ count: 0, bars: [], curve: [] });
});

test("sorts numbers as numbers, numbers in names too, and keeps the order of equals", () => {
  const rows = [
    { name: "step 10", value: 2 },
    { name: "Step 9", value: 2 },
    { name: "step 1", value: 30 },
  ];
  const names = (sorted: readonly { readonly name: string }[]) => sorted.map(({ name }) => name);
  expect(names(sortBy(rows, "ascending", ({ name }) => name))).toEqual(["step 1", "Step 9", "step 10"]);
  expect(names(sortBy(rows, "descending", ({ value }) => value))).toEqual(["step 1", "step 10", "Step 9"]);
});

test("a second click on a column turns its order round", () => {
  const first = nextOrder({ column: "Request", direction: "ascending" }, "p95", "descending");
  expect(first).toEqual({ column: "p95", direction: "descending" });
  expect(nextOrder(first, "p95", "descending").direction).toBe("ascending");
});

test("finds requests by any part of their name, whatever its case", () => {
  const labels = (text: string) => findRequests(healthyResult(), text).map(({ label }) => label);
  expect(labels(" CART ")).toEqual(["GET /cart", "POST /cart"]);
  expect(labels("")).toHaveLength(6);
});

test("shows no times of a request without samples", () => {
  const figures = emptyResult().labels["GET /cart"];
  if (!figures) throw new Error("There are no figures.");
  const cells = requestColumns().map((column) => `${column.name} ${formatCell(column, figures)}`);
  expect(cells).toContain("Requests 0");
  expect(cells.filter((cell) => cell.endsWith("–"))).toHaveLength(8);
});

test("headline figures of an empty run claim nothing", () => {
  const shown = headlineOf(emptyResult()).map(({ name, value }) => `${name} ${value}`);
  expect(shown.slice(0, 6)).toEqual(["Requests 0", "Throughput –", "p50 –", "p95 –", "p99 –", "Error rate –"]);
});

test("warns of lost tasks, busy generators, estimates and rates that were not held", () => {
  const shown = bannersOf(partialResult()).map(({ title, text, details }) => [title, text, ...details].join(" "));
  expect(shown).toEqual([
    "Partial. 3 of 4 tasks reported, and all figures come from these. Task 2: it was killed by SIGKILL at 1:04.",
    "Doubtful. A task used up to 93 % of a core: response times may include waiting inside the load generator. Use more tasks.",
    "Approximate. Percentiles were estimated from each task's own percentiles, because the tasks sent no histograms.",
    "Note. The target of 500 RPS was not held: 431 RPS were reached.",
  ]);
  expect(bannersOf(healthyResult())).toEqual([]);
});

test("gathers notes under one title, without the reason, which the sentence on the run says", () => {
  const notes = ["It was stopped.", "Task 0: late", "Task 1: late"];
  const banners = bannersOf({
    ...healthyResult(),
    status: "cancelled",
    isPartial: true,
    reason: "It was stopped.",
    notes,
  });
  expect(banners.map(({ title, details }) => [title, ...details])).toEqual([
    ["The run was cancelled."],
    ["Notes.", "Task 0: late.", "Task 1: late."],
  ]);
});

test("names the requests that had an error", () => {
  const [error] = errorsOf(failedResult());
  expect([error?.code, error?.labels]).toEqual(["503", ["POST /cart", "POST /checkout"]]);
});

test("facts say what response times count from and keep folders of the machine to themselves", () => {
  const facts = factsOf(partialResult()).flatMap((group) => group.facts);
  const value = (name: string) => facts.find((fact) => fact.name === name)?.value;
  expect(value("Response time counts from")).toContain("the intended start");
  expect(value("Scenario")).toBe("checkout.loadtest.yml");
  expect(value("Tasks reported")).toBe("3 of 4");
  expect(value("shop")).toBe("40 users, ramp-up 30s, hold-for 1m30s");
});
