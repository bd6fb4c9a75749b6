import { describe, expect, it, test } from "vitest";
import { filterLabels, labelsOf, writtenLabelsOf } from "../../../src/core/run/labels.ts";
import { planRun } from "../../../src/core/run/planRun.ts";
import type { Step } from "../../../src/core/scenario/model.ts";
import { body, execution, request, scenario, somewhere } from "./scenarios.ts";

const range = somewhere;
const pause: Step = { kind: "action", action: "pause", target: "current-thread", pauseMs: 1, range };

function transaction(label: string, steps: readonly Step[]): Step {
  return { kind: "transaction", label, steps, includesTimers: false, range };
}

function include(name: string): Step {
  return { kind: "include-scenario", scenario: name, range };
}

const shop = body("shop", [
  request("Home"),
  transaction("Buy", [request("Cart"), { kind: "loop", times: 2, steps: [request("Check out")], range }, pause]),
  { kind: "if", condition: "1 == 1", then: [request("Yes")], else: [request("No"), pause], range },
  { kind: "once", steps: [request("Log in")], range },
  include("extra"),
  request("Home"),
]);
const extra = body("extra", [request("Extra"), include("shop")]);
const source = scenario([execution({})], [shop, extra]);

describe("labelsOf", () => {
  it("lists requests and transactions once, included ones in their place, cycles or not", () => {
    expect(labelsOf(source)).toEqual(["Home", "Buy", "Cart", "Check out", "Yes", "No", "Log in", "Extra"]);
  });

  it("follows a chain of includes of any length", () => {
    const chain = Array.from({ length: 20_000 }, (_, link) => body(`link ${link}`, [include(`link ${link + 1}`)]));
    const bodies = [...chain, body(`link ${chain.length}`, [request("End")])];
    expect(labelsOf(scenario([execution({}, "link 0")], bodies))).toEqual(["End"]);
  });

  it("leaves out what a transaction counts as its own", () => {
    const steps = [{ ...transaction("Buy", [request("Cart")]), forcesParentSample: true }, request("Home")];
    expect(labelsOf(scenario([execution({})], [body("shop", steps)]))).toEqual(["Buy", "Home"]);
  });
});

describe("filterLabels", () => {
  test.each([
    { glob: "Home", labels: ["Home"] },
    { glob: "Buy", labels: ["Buy", "Cart", "Check out"] },
    { glob: "C*", labels: ["Buy", "Cart", "Check out"] },
    { glob: "?o", labels: ["No"] },
    { glob: "Log.in", labels: [] },
    { glob: "home", labels: [] },
    { glob: "Extra", labels: ["Extra"] },
    { glob: "*", labels: ["Home", "Buy", "Cart", "Check out", "Yes", "No", "Log in", "Extra"] },
  ])("keeps what $glob matches", ({ glob, labels }) => {
    expect(labelsOf(filterLabels(source, glob))).toEqual(labels);
  });

  it("keeps what one of several globs matches, and every label matches itself", () => {
    const [first, second] = labelsOf(source);
    expect(labelsOf(filterLabels(source, first ?? "", "no such label"))).toEqual([first]);
    expect(labelsOf(filterLabels(source, first ?? "", second ?? "")).slice(0, 2)).toEqual([first, second]);
    const odd = scenario([execution({})], [body("shop", [request("/a?b=${c}|d (e)"), request("/x")])]);
    expect(writtenLabelsOf(filterLabels(odd, "/a?b=${c}|d (e)"))).toEqual(["/a?b=${c}|d (e)"]);
  });

  it("drops executions that would send nothing", () => {
    const two = scenario([execution({}), execution({}, "stock")], [shop, body("stock", [request("Stock"), pause])]);
    expect(filterLabels(two, "Stock").executions.map(({ scenario: name }) => name)).toEqual(["stock"]);
  });

  it("leaves pauses and variables where requests are left", () => {
    const [kept] = filterLabels(source, "Cart").bodies["shop"]?.steps ?? [];
    expect(kept).toMatchObject({ label: "Buy", steps: [{ label: "Cart" }, { kind: "action" }] });
  });

  it("is refused by the plan when nothing is left, naming the labels that there are", () => {
    const outcome = planRun(source, { engine: "local", labelFilter: "Hoem" }, { files: [], sha256: "" });
    expect(outcome.plan).toBeUndefined();
    expect(outcome.problems[0]).toMatchObject({ code: "label-filter" });
    expect(outcome.problems[0]?.message).toContain("Home, Buy");
  });

  it("is refused by the plan of a script", () => {
    const script = scenario([execution({})], [body("shop", "peak.jmx")]);
    const outcome = planRun(script, { engine: "local", labelFilter: "*" }, { files: [], sha256: "" });
    expect(outcome.problems[0]?.message).toContain("peak.jmx");
  });
});
