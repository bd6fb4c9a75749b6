import { describe, expect, it } from "vitest";
import { parseDocument } from "../../../src/core/scenario/document.ts";
import { readScenario } from "../../../src/core/scenario/readScenario.ts";
import type { ResultFigures, RunResult } from "../../../src/core/results/result.ts";
import { compareEach, compareRuns } from "../../../src/extension/runs/comparedRuns.ts";
import type { RunId } from "../../../src/core/run/ids.ts";
import { expectedAndActual, judgedCriteria } from "../../../src/extension/runs/failedCriteria.ts";
import { changeText, inlineFigures } from "../../../src/extension/runs/inlineFigures.ts";
import { layOutTests } from "../../../src/extension/testing/testLayout.ts";
import { failedResult } from "../../webview/sampleResult.ts";
import { english, runOf } from "./samples.ts";

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

function figuresOf(source: string, last: RunResult, before?: RunResult, isLoadNew = false) {
  return inlineFigures(parseDocument("shop.loadtest.yml", source), [{ last, before, isLoadNew }], english);
}

describe("the figures beside requests", () => {
  it("stand at each request's line with the change since the run before", () => {
    const figures = figuresOf(
      text,
      resultOf({ "List products": 112, Cart: 90, Buy: 200 }),
      resultOf({ "List products": 100, Cart: 90 }),
    );
    expect(figures.map(({ line, text: shown }) => [line, shown])).toEqual([
      [7, "p95 112 ms (+12 %) · 0 % errors"],
      [9, "p95 200 ms · 0 % errors"],
      [11, "p95 90 ms (unchanged) · 0 % errors"],
    ]);
  });

  it.each([
    ["begins with another key", "- method: GET\n  timeout: 3s\n  label: A\n  url: /a"],
    ["has a label with escapes", '- label: "\\x41"\n  url: /a'],
    ["has a folded label", "- label: >-\n    A\n  url: /a"],
    ["is its URL alone", "- A"],
    ["has no label", "- method: GET\n  url: A"],
    ["stands in a block", "- loop: 2\n  do: [{url: A}]"],
  ])("stand at a request that %s", (_, request) => {
    const indent = (lead: string) => request.replaceAll(/^/gm, lead);
    const named = `scenarios:\n  shop:\n    requests:\n${indent("    ")}\n`;
    const inline = `execution:\n- scenario:\n    requests:\n${indent("    ")}\n`;
    const lineOf = (source: string) => figuresOf(source, resultOf({ A: 10 })).map(({ line }) => line);
    const line = request.startsWith("- loop") ? 5 : 4;
    expect([lineOf(named), lineOf(inline)]).toEqual([[line], [line]]);
  });

  it("leave out what the run did not measure, and what only reads like a request", () => {
    const body = "scenarios: {shop: {requests: [{url: /a, body: {label: List products}}]}}\n";
    expect(figuresOf(text, resultOf({ "List products": 112 }))).toHaveLength(1);
    expect(figuresOf(body, resultOf({ "List products": 112 }))).toEqual([]);
  });

  it("say why nothing is compared", () => {
    const [figure] = figuresOf(text, resultOf({ Cart: 90 }), undefined, true);
    expect(figure?.hover).toContain("another load");
  });

  it("are those of the last run that measured the request", () => {
    const [older, newer] = [resultOf({ "List products": 112, Cart: 90 }), resultOf({ Cart: 60 })];
    const runs = [newer, older].map((last) => ({ last, before: undefined, isLoadNew: false }));
    const figures = inlineFigures(parseDocument("shop.loadtest.yml", text), runs, english);
    expect(figures.map(({ text: shown }) => shown)).toEqual(["p95 112 ms · 0 % errors", "p95 60 ms · 0 % errors"]);
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

describe("the runs that are compared", () => {
  const loadOf = (users: number) => sampleResult.plan.executions.map((execution) => ({ ...execution, users }));
  /** Answers runs by their numbers, newest first, with so many users each. */
  async function compare(users: readonly number[], parts: Parameters<typeof runOf>[1][] = []) {
    const runs = users.map((_, index) => runOf(users.length - index, parts[index]));
    const results = new Map(
      runs.map(({ runId, driver, engine }, index) => {
        const plan = { ...sampleResult.plan, executions: loadOf(users[index] ?? 0) };
        return [runId, { ...sampleResult, runId, driver, engine, plan }];
      }),
    );
    const compared = await compareRuns(runs, async (runId) => results.get(runId));
    const numberOf = (result?: RunResult) => users.length - runs.findIndex(({ runId }) => runId === result?.runId);
    return compared && [numberOf(compared.last), compared.before && numberOf(compared.before), compared.isLoadNew];
  }

  it.each([
    ["are the last two with the same load", [5, 5, 5], [3, 2, false]],
    ["leave out a run with another load between them", [5, 40, 5], [3, 1, false]],
    ["are none where all before had another load", [40, 5, 1], [3, undefined, true]],
    ["are none where there is nothing before", [5], [1, undefined, false]],
  ])("%s", async (_, users, expected) => {
    expect(await compare(users)).toEqual(expected);
  });

  it("are completed runs with figures, on as many tasks with the same driver", async () => {
    expect(await compare([5, 5, 5], [{ status: "cancelled" }])).toEqual([2, 1, false]);
    expect(await compare([5, 5, 5], [{}, { tasks: 7 }])).toEqual([3, 1, false]);
    expect(await compare([5, 5, 5], [{}, { driver: "taurus" }])).toEqual([3, 1, false]);
    expect(await compare([5], [{ summary: null }])).toBeUndefined();
  });
});

describe("the last runs of a file with several executions", () => {
  const runs = [runOf(3, { scenarios: ["b"] }), runOf(2, { scenarios: ["a", "b"] }), runOf(1)];
  const numbersOf = async (...names: readonly string[]) => {
    const resultOfRun = async (runId: RunId) => ({ ...sampleResult, runId, endedAtMs: endOf(runId) });
    const endOf = (runId: RunId) => runs.find((run) => run.runId === runId)?.endedAtMs ?? 0;
    const compared = await compareEach(names, runs, resultOfRun);
    return compared.map(({ last }) => runs.length - runs.findIndex(({ runId }) => runId === last.runId));
  };

  it("are for each scenario the last one that had it", async () => {
    expect(await numbersOf("a", "b")).toEqual([3, 2]);
    expect(await numbersOf("a")).toEqual([2]);
    expect(await numbersOf("b", "b")).toEqual([3]);
  });

  it("were recorded before runs named their scenarios, and then had all", async () => {
    expect(await numbersOf("c")).toEqual([1]);
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
    const [judged, none] = judgedCriteria(scenarioOf(text), [resultOf({}, [rule])]);
    expect([judged?.range.line, judged?.rule.text, none]).toEqual([16, rule.text, undefined]);
  });

  it("keep what an earlier run found when the last one had nothing to judge them by", () => {
    const idle = { ...rule, status: "not judged", measured: null } as const;
    const [judged] = judgedCriteria(scenarioOf(text), [resultOf({}, [idle]), resultOf({}, [rule])]);
    expect(judged?.rule.status).toBe("failed");
  });

  it("are not judged once they were changed", () => {
    const changed = scenarioOf(text.replace("p95 of Cart>100ms", "p95 of Cart>150ms"));
    expect(judgedCriteria(changed, [resultOf({}, [rule])])).toEqual([]);
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
