import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completeAt } from "../../../../src/core/scenario/language/complete.ts";
import { readFixture, root } from "../scenarioFiles.ts";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unmark } from "./marked.ts";

function complete(marked: string, labels: readonly string[] = []) {
  const { text, offset } = unmark(marked);
  return completeAt(text, offset, labels);
}

function labelsAt(marked: string, labels: readonly string[] = []): string[] {
  return (complete(marked, labels)?.suggestions ?? []).map(({ label }) => label);
}

/** Accepts a suggestion; `|` marks where the cursor goes. */
function accept(marked: string, label: string, labels: readonly string[] = []): string {
  const { text } = unmark(marked);
  const completions = complete(marked, labels);
  const suggestion = completions?.suggestions.find((candidate) => candidate.label === label);
  if (completions === undefined || suggestion === undefined) throw new Error(`no suggestion ${label}`);
  const written = suggestion.snippet.replace(/\\([\\$}])|\$0/g, (_, escaped?: string) => escaped ?? "|");
  return text.slice(0, completions.start) + written + text.slice(completions.end);
}

describe("keys", () => {
  test.each([
    ["at the top of an empty file", "|", ["execution", "scenarios", "reporting", "loadfleet"]],
    ["at the top, half typed", "exec|", ["execution"]],
    ["after others at the top", "execution: []\n|", ["scenarios", "loadfleet"]],
    ["of an execution", "execution:\n  - scenario: a\n    |", ["concurrency", "hold-for", "throughput"]],
    ["before other keys", "execution:\n  - scenario: a\n    con|\n    hold-for: 1m\n", ["concurrency", "ramp-up"]],
    ["of an execution without a list", "execution:\n  |", ["scenario", "concurrency"]],
    ["of a scenario", "scenarios:\n  shop:\n    |", ["requests", "default-address", "data-sources"]],
    ["of a request", "scenarios:\n  shop:\n    requests:\n      - url: /a\n        |", ["label", "method", "assert"]],
    [
      "of a new entry of requests",
      "scenarios:\n  shop:\n    requests:\n      - |",
      ["url", "transaction", "if", "loop"],
    ],
    ["of a block", "scenarios:\n  s:\n    requests:\n    - loop: 3\n      |", ["do"]],
    [
      "of a request inside a block",
      "scenarios:\n  s:\n    requests:\n    - loop: 3\n      do:\n      - url: /\n        |",
      ["label", "think-time"],
    ],
    ["in braces", "loadfleet:\n  size: { vcpu: 2, | }", ["memory-gib"]],
    ["in JSON", '{ "execution": [{ "scenario": "a", | }] }', ["concurrency"]],
    ["of an extractor", "scenarios: {s: {requests: [{url: /, extract-jsonpath: {id: {|}}}]}}", ["jsonpath", "default"]],
    ["of the passfail module", "reporting:\n  - module: passfail\n    |", ["criteria"]],
    ["of headers", "scenarios:\n  s:\n    headers:\n      |", ["Authorization", "Content-Type"]],
    ["with a merge prefix before", "~execution:\n  - scenario: a\n    |", ["concurrency"]],
    ["in the second document", "a: 1\n---\nexecution:\n  - scenario: a\n    |", ["concurrency"]],
  ])("%s", (_, marked, expected) => {
    expect(labelsAt(marked)).toEqual(expect.arrayContaining(expected));
  });

  test("of an empty file come after whole load tests", () => {
    const rankOf = (label: string) => complete("|")?.suggestions.find((entry) => entry.label === label)?.rank;
    expect([rankOf("load test"), rankOf("execution")]).toEqual([0, 1]);
  });

  test.each([
    ["execution", "|", true],
    ["criteria", "reporting:\n  - module: passfail\n    |", true],
    ["requests", "scenarios:\n  s:\n    |", true],
    ["variables", "scenarios:\n  s:\n    |", false],
    ["requests", "scenarios: {s: {|}}", false],
  ])("ask for more below %s in %j: %s", (label, marked, continues) => {
    const found = complete(marked)?.suggestions.find((entry) => entry.label === label);
    expect(found?.continues).toBe(continues);
  });

  test("that the mapping has already are left out", () => {
    const labels = labelsAt("execution:\n  - scenario: a\n    hold-for: 1m\n    |");
    expect(labels).not.toContain("hold-for");
    expect(labels).not.toContain("scenario");
  });

  test("of other blocks are left out once a block is begun", () => {
    expect(labelsAt("scenarios:\n  s:\n    requests:\n      - once:\n        - /\n        |")).not.toContain("loop");
  });

  test("that no other tool than JMeter reads come last", () => {
    const completions = complete("scenarios:\n  s:\n    |");
    const rankOf = (label: string) => completions?.suggestions.find((entry) => entry.label === label)?.rank;
    expect(rankOf("keystore-config")).toBe(2);
    expect(rankOf("requests")).toBe(1);
  });

  test.each([
    ["a scalar", "execution:\n  - con|", "concurrency", "execution:\n  - concurrency: |"],
    ["a list", "exec|", "execution", "execution:\n  - |"],
    ["a mapping", "loadf|", "loadfleet", "loadfleet:\n  |"],
    ["a list in a list", "scenarios:\n  s:\n    req|", "requests", "scenarios:\n  s:\n    requests:\n      - |"],
    [
      "a mapping in an entry",
      "scenarios:\n  s:\n    requests:\n      - url: /\n        extract-json|",
      "extract-jsonpath",
      "scenarios:\n  s:\n    requests:\n      - url: /\n        extract-jsonpath:\n          |",
    ],
    ["a key that has its colon", "execu|: []", "execution", "execution: []"],
    [
      "an entry without its dash",
      "execution:\n  - scenario: a\n  |",
      "- scenario",
      "execution:\n  - scenario: a\n  - scenario: |",
    ],
    [
      "what goes on with the entry above",
      "execution:\n  - scenario: a\n  hold|",
      "hold-for",
      "execution:\n  - scenario: a\n    hold-for: |",
    ],
    ["inside braces", "loadfleet: { ta| }", "tasks", "loadfleet: { tasks: | }"],
  ])("are written as %s", (_, marked, label, expected) => {
    expect(accept(marked, label)).toBe(expected);
  });
});

describe("values", () => {
  const scenarios = "\nscenarios:\n  shop: {requests: [/]}\n  pay: {requests: [/]}\n";

  test.each([
    ["scenarios in an execution", `execution:\n  - scenario: |${scenarios}`, ["shop", "pay"]],
    ["scenarios to include", `${scenarios}  all:\n    requests:\n      - include-scenario: |`, ["shop", "pay"]],
    ["words of the schema", "scenarios:\n  s:\n    requests:\n      - action: |", ["pause", "stop", "continue"]],
    ["true and false", "loadfleet:\n  spot: |", ["true", "false"]],
    ["flags", "scenarios:\n  s:\n    keepalive: |", ["true", "false"]],
    ["durations", "execution:\n  - hold-for: |", ["1m", "5m"]],
    ["methods", "scenarios:\n  s:\n    requests:\n      - url: /\n        method: |", ["GET", "POST"]],
    ["modules of reporting", "reporting:\n  - module: |", ["passfail"]],
    ["beginnings of rules", "reporting:\n  - module: passfail\n    criteria:\n      - |", ["p95>", "fail>"]],
    ["rules between brackets", "reporting:\n  - module: passfail\n    criteria: [fail>1%, |]", ["p95>"]],
  ])("%s", (_, marked, expected) => {
    expect(labelsAt(marked)).toEqual(expect.arrayContaining(expected));
  });

  const rules = "reporting:\n  - module: passfail\n    criteria:\n      - ";
  const labels = ["List products", "Product: one"];

  test.each([
    ["labels after of", `${rules}p95 of |`, labels],
    ["labels, half typed", `${rules}p95 of List p|>300ms`, labels],
    ["thresholds of times", `${rules}p95 of List products>|`, ["300ms", "500ms", "1s"]],
    ["thresholds of shares", `${rules}fail>|`, ["1%", "5%"]],
    ["labels of the long form", `${rules}subject: p95\n        label: |`, labels],
    ["labels with percentiles over time", "loadfleet:\n  series-labels:\n    - |", labels],
  ])("%s", (_, marked, expected) => {
    expect(labelsAt(marked, labels)).toEqual(expect.arrayContaining(expected));
  });

  test.each([
    [
      "a scenario, what was there is replaced",
      `execution:\n  - scenario: sh|xx # load${scenarios}`,
      "shop",
      `execution:\n  - scenario: shop # load${scenarios}`,
    ],
    [
      "a scenario inside quotes",
      `execution:\n  - scenario: "|"${scenarios}`,
      "pay",
      `execution:\n  - scenario: "pay"${scenarios}`,
    ],
    [
      "a scenario in braces",
      `execution: [{scenario: |, hold-for: 1m}]${scenarios}`,
      "pay",
      `execution: [{scenario: pay, hold-for: 1m}]${scenarios}`,
    ],
    ["the label of a rule", `${rules}p95 of |`, "List products", `${rules}p95 of List products>`],
    [
      "a label that YAML would misread",
      "loadfleet:\n  series-labels:\n    - |",
      "Product: one",
      'loadfleet:\n  series-labels:\n    - "Product: one"',
    ],
    [
      "an expression",
      "execution:\n  - concurrency: |",
      "${__P(users,10)}",
      "execution:\n  - concurrency: ${__P(users,10)}",
    ],
  ])("are written: %s", (_, marked, label, expected) => {
    expect(accept(marked, label, labels)).toBe(expected);
  });
});

describe("paths of files", () => {
  test.each([
    ["a script", "scenarios:\n  s:\n    script: |", ""],
    ["a script in a folder", "scenarios:\n  s:\n    script: plans/a|", "plans/"],
    ["data", "scenarios:\n  s:\n    data-sources:\n      - |", ""],
    ["data in the long form", "scenarios:\n  s:\n    data-sources:\n      - path: data/|", "data/"],
    ["a body", "scenarios:\n  s:\n    requests:\n      - url: /\n        body-file: |", ""],
    ["an included configuration", "included-configs:\n  - common/|", "common/"],
    ["the script of an execution", "execution:\n  - scenario: |", ""],
  ])("are expected for %s", (_, marked, folder) => {
    expect(complete(marked)?.files?.folder).toBe(folder);
  });

  test("are not expected for a URL", () => {
    expect(complete("scenarios:\n  s:\n    requests:\n      - url: |")?.files).toBeUndefined();
  });

  test("replace only what stands after the last slash", () => {
    const { text, offset } = unmark("scenarios:\n  s:\n    script: plans/a|b.jmx");
    const completions = completeAt(text, offset, []);
    expect(text.slice(completions?.start, completions?.end)).toBe("ab.jmx");
  });
});

describe("snippets", () => {
  const snippetsAt = (marked: string) =>
    (complete(marked)?.suggestions ?? []).filter(({ kind }) => kind === "snippet").map(({ label }) => label);

  test("of whole load tests are offered where a file begins, and only there", () => {
    expect(snippetsAt("# Shop\nload|")).toContain("load test");
    expect(snippetsAt("execution: []\nload|")).toEqual([]);
    expect(snippetsAt("execution:\n  - scenario: |")).toEqual([]);
  });

  test("of requests are offered where one begins, at its column", () => {
    const marked = "scenarios:\n  s:\n    requests:\n      - |";
    expect(snippetsAt(marked)).toEqual(["request", "transaction with requests"]);
    const [request] = (complete(marked)?.suggestions ?? []).filter(({ kind }) => kind === "snippet");
    expect(request?.snippet.split("\n").slice(0, 2)).toEqual(["label: ${1:Home}", "        url: ${2:/}"]);
  });
});

test("nothing is suggested in a comment", () => {
  expect(complete("execution: # he|")).toBeUndefined();
});

test("answers at every offset of a real file, and of what is left when its end is cut off", () => {
  const text = readFileSync(join(root, "test/fixtures/scenarios/valid/everything.yml"), "utf8");
  expect(readFixture("test/fixtures/scenarios/valid/everything.yml").problems).toEqual([]);
  fc.assert(
    fc.property(fc.nat(text.length), fc.boolean(), (offset, isCut) => {
      const completions = completeAt(isCut ? text.slice(0, offset) : text, offset, ["a"]);
      if (completions === undefined) return;
      expect(completions.start).toBeLessThanOrEqual(offset);
      expect(completions.end).toBeGreaterThanOrEqual(offset);
    }),
    { numRuns: 60 },
  );
});
