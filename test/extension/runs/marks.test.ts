import { describe, expect, it } from "vitest";
import { readScenario } from "../../../src/core/scenario/readScenario.ts";
import type { ResultFigures, RunResult } from "../../../src/core/results/result.ts";
import { expectedAndActual, judgedCriteria } from "../../../src/extension/runs/failedCriteria.ts";
import { changeText, inlineFigures } from "../../../src/extension/runs/inlineFigures.ts";
import { layOutTests } from "../../../src/extension/testing/testLayout.ts";
import { failedResult } from "../../webview/sampleResult.ts";
import { english } from "./samples.ts";

const text = `execution:
- {scenario: shop, concurrency: 5, hold-for: 1m}
scenarios:
  shop:
    default-address: http://127.0.0.1:8080
    requests:
    - url: /products
      label: List products
    - transaction: Buy
      do:
      - {url: /cart, label: Cart}
reporting:
- module: passfail
  criteria:
  - p95>300ms
  - p95 of Cart>100ms
`;
const sampleResult = failedResult();
const lines = text.split("\n");
const lineAt = (line: number): string => lines[line - 1] ?? "";
const noFiles = { exists: () => false, size: () => undefined, readText: () => undefined };

function scenarioOf(source: string) {
  const { scenario } = readScenario("shop.loadtest.yml", source, noFiles);
  if (scenario === undefined) throw new Error("The scenario cannot be read.");
  return scenario;
}

function resultOf(p95s: Readonly<Record<string, number>>, rules: RunResult["verdict"]["rules"] = []): RunResult {
  const [sample] = Object.values(sampleResult.labels);
  if (sample === undefined) throw new Error("The sample has no figures.");
  const figures = (p95: number): ResultFigures => ({
    ...sample,
    count: 100,
    failed: 0,
    errorRatio: 0,
    percentilesMs: { ...sample.percentilesMs, p95 },
  });
  const labels = Object.fromEntries(Object.entries(p95s).map(([label, p95]) => [label, figures(p95)]));
  return { ...sampleResult, labels, verdict: { status: "failed", rules } };
}

describe("the figures beside requests", () => {
  it("stand at each request's line with the change since the run before", () => {
    const figures = inlineFigures(
      scenarioOf(text),
      resultOf({ "List products": 112, Cart: 90, Buy: 200 }),
      resultOf({ "List products": 100, Cart: 90 }),
      lineAt,
      english,
    );
    expect(figures.map(({ line, text: shown }) => [line, shown])).toEqual([
      [7, "p95 112 ms (+12 %) · 0 % errors"],
      [9, "p95 200 ms · 0 % errors"],
      [11, "p95 90 ms (unchanged) · 0 % errors"],
    ]);
  });

  it("leave out what the run did not measure, and lines that belong to another file", () => {
    const result = resultOf({ "List products": 112 });
    expect(inlineFigures(scenarioOf(text), result, undefined, lineAt, english)).toHaveLength(1);
    expect(inlineFigures(scenarioOf(text), result, undefined, () => "something else", english)).toEqual([]);
  });

  it.each([
    [100, 50, "+100 %"],
    [50, 100, "−50 %"],
    [100.4, 100, "unchanged"],
    [10, 0, ""],
    [0, 0, "unchanged"],
  ])("write a change from %d to %d", (ms, beforeMs, shown) => {
    expect(changeText(ms, beforeMs, english)).toBe(shown);
  });
});

describe("criteria after a run", () => {
  const rule = {
    text: "p95 of Cart>100ms",
    message: null,
    label: "Cart",
    status: "failed",
    measured: 112,
    threshold: 100,
    unit: "ms",
    condition: ">",
    atSecond: null,
    sentence: "p95 of Cart was 112 ms, allowed is at most 100 ms.",
    line: 99,
  } as const;

  it("stand where they are now, not where they were", () => {
    const [judged, none] = judgedCriteria(scenarioOf(text), resultOf({}, [rule]));
    expect([judged?.range.line, judged?.rule.text, none]).toEqual([16, rule.text, undefined]);
  });

  it("are not judged once they were changed", () => {
    const changed = scenarioOf(text.replace("p95 of Cart>100ms", "p95 of Cart>150ms"));
    expect(judgedCriteria(changed, resultOf({}, [rule]))).toEqual([]);
  });

  it("say what is expected, the opposite of what fails the run", () => {
    expect(expectedAndActual(rule)).toEqual({ expected: "<= 100 ms", actual: "112 ms" });
    expect(expectedAndActual({ ...rule, measured: null, condition: "<" })).toEqual({
      expected: ">= 100 ms",
      actual: "–",
    });
  });
});

describe("the tests of a file", () => {
  it("put all criteria below a single scenario", () => {
    const [shop, none] = layOutTests(scenarioOf(text));
    expect([shop?.label, shop?.children.map(({ label }) => label), none]).toEqual([
      "shop",
      ["p95>300ms", "p95 of Cart>100ms"],
      undefined,
    ]);
  });

  it("put those about all requests beside several scenarios", () => {
    const two = text
      .replace("scenarios:\n", "- {scenario: search, concurrency: 1, hold-for: 1m}\nscenarios:\n")
      .replace("reporting:", "  search: {requests: ['http://127.0.0.1:8080/search']}\nreporting:");
    const nodes = layOutTests(scenarioOf(two));
    expect(nodes.map(({ label, children }) => [label, children.length])).toEqual([
      ["shop", 1],
      ["search", 0],
      ["p95>300ms", 0],
    ]);
  });
});
