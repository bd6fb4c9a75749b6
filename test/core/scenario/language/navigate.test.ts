import { describe, expect, test } from "vitest";
import { parseDocument } from "../../../../src/core/scenario/document.ts";
import { foldsOf } from "../../../../src/core/scenario/language/folding.ts";
import { hoverAt } from "../../../../src/core/scenario/language/hover.ts";
import { outlineConfig, outlinePlan } from "../../../../src/core/scenario/language/outline.ts";
import type { OutlineItem } from "../../../../src/core/scenario/language/outline.ts";
import { findLabel, findScenario, thingAt } from "../../../../src/core/scenario/language/references.ts";
import { renameScenario } from "../../../../src/core/scenario/language/rename.ts";
import type { Place } from "../../../../src/core/scenario/report.ts";
import { readFixture } from "../scenarioFiles.ts";
import { unmark } from "./marked.ts";

const shop = `execution:
  - scenario: browse
    concurrency: 10
  - scenario: "buy"
    hold-for: 1m
scenarios:
  browse:
    requests:
      - label: List
        url: /products
      - include-scenario: buy
  buy:
    data-sources: [users.csv]
    requests:
      - transaction: Checkout
        do:
          - /cart
          - url: /pay
            body-file: pay.json
reporting:
  - module: passfail
    criteria:
      - p95 of List>300ms
      - avg-rt of /cart>1s
      - fail of Checkout>1%
`;

function at(word: string, occurrence = 0) {
  let offset = -1;
  for (let count = 0; count <= occurrence; count++) offset = shop.indexOf(word, offset + 1);
  return thingAt(parseDocument("shop.yml", shop), offset + 1);
}

const textOf = ({ source, start, end }: Place) => source.text.slice(start, end);
const lineOf = ({ source, start }: Place) => source.text.slice(0, start).split("\n").length;

describe("what is named", () => {
  test.each([
    ["a scenario of an execution", "browse", 0, { kind: "scenario", name: "browse" }],
    ["a scenario in quotes", "buy", 0, { kind: "scenario", name: "buy" }],
    ["a scenario where it is defined", "browse", 1, { kind: "scenario", name: "browse" }],
    ["an included scenario", "buy", 1, { kind: "scenario", name: "buy" }],
    ["a data file", "users.csv", 0, { kind: "file", name: "users.csv" }],
    ["the file of a body", "pay.json", 0, { kind: "file", name: "pay.json" }],
    ["the label of a rule", "List>", 0, { kind: "label", name: "List" }],
  ])("is found: %s", (_, word, occurrence, expected) => {
    expect(at(word, occurrence)).toMatchObject(expected);
  });

  test("is nothing at a subject or a number", () => {
    expect(at("p95")).toBeUndefined();
    expect(at("10")).toBeUndefined();
  });
});

test("finds where a scenario is defined and used", () => {
  const { definitions, uses } = findScenario(parseDocument("shop.yml", shop), "buy");
  expect(definitions.map(textOf)).toEqual(["buy"]);
  expect(uses.map(lineOf)).toEqual([4, 11]);
});

test.each([
  ["List", [9]],
  ["/cart", [17]],
  ["Checkout", [15]],
])("finds the request or transaction with the label %s", (label, lines) => {
  const { definitions, uses } = findLabel(parseDocument("shop.yml", shop), label);
  expect(definitions.map(lineOf)).toEqual(lines);
  expect(uses.map(textOf)).toEqual([label]);
});

describe("renaming a scenario", () => {
  function rename(text: string, name: string, newName: string): string {
    const changes = renameScenario(parseDocument("a.yml", text), name, newName);
    if (typeof changes === "string") return changes;
    return changes
      .toSorted((a, b) => b.place.start - a.place.start)
      .reduce(
        (current, { place, text: written }) => current.slice(0, place.start) + written + current.slice(place.end),
        text,
      );
  }

  test("changes its definition and every use, and keeps quotes", () => {
    expect(rename(shop, "buy", "pay up")).toBe(
      shop
        .replace('"buy"', '"pay up"')
        .replace("include-scenario: buy", "include-scenario: pay up")
        .replace("  buy:", "  pay up:"),
    );
  });

  test("puts quotes around what YAML would misread", () => {
    expect(rename("execution: {scenario: a}\nscenarios:\n  a: {}\n", "a", "a: b")).toBe(
      'execution: {scenario: "a: b"}\nscenarios:\n  "a: b": {}\n',
    );
    expect(rename("execution: {scenario: a}\nscenarios:\n  a: {}\n", "a", "yes")).toContain('scenario: "yes"');
  });

  test("keeps a merge prefix", () => {
    expect(rename("scenarios:\n  ~a: {}\n", "a", "b")).toBe("scenarios:\n  ~b: {}\n");
  });

  test("refuses a name that another scenario has, and none", () => {
    expect(rename(shop, "buy", "browse")).toBe("taken");
    expect(rename(shop, "buy", " ")).toBe("empty");
  });
});

describe("hover", () => {
  function hover(marked: string) {
    const { text, offset } = unmark(marked);
    return hoverAt(parseDocument("a.yml", text), offset);
  }

  test("explains a key by the schema, with Taurus' page about it", () => {
    expect(hover("execution:\n  - hold-|for: 1m")).toMatchObject({
      key: "hold-for",
      description: "Time for which the full load is held.",
      page: "https://gettaurus.org/docs/ExecutionSettings/#Load-Profile",
      isLoad: true,
    });
  });

  test.each([
    ["exec|ution: []", { key: "execution", isLoad: true }],
    ["loadfleet: {ta|sks: 2}", { key: "tasks", page: undefined, isLoad: false }],
    [
      "scenarios: {s: {requests: [{acti|on: pause}]}}",
      { key: "action", choices: ["pause", "stop", "stop-now", "continue"] },
    ],
    [
      "scenarios: {s: {requests: [{url: /, extract-json|path: {}}]}}",
      { key: "extract-jsonpath", page: "https://gettaurus.org/docs/JMeter/#Extractors" },
    ],
    ["scenarios: {s: {requests: [{url: /, thi|nk-time: 1s}]}}", { key: "think-time", isLoad: false }],
  ])("%s", (marked, expected) => {
    expect(hover(marked)).toMatchObject(expected);
  });

  test("says nothing about names of the author's own and in empty space", () => {
    expect(hover("a: 1\n|\nb: 2")).toBeUndefined();
    expect(hover("nobody-knows-|it: 1")).toBeUndefined();
  });
});

describe("outline", () => {
  const tree = (items: readonly OutlineItem[]): unknown[] =>
    items.map(({ name, detail, children }) =>
      children.length === 0 ? `${name}${detail && ` (${detail})`}` : [name, ...tree(children)],
    );

  test("shows executions, scenarios with their requests, and rules", () => {
    expect(tree(outlineConfig(parseDocument("shop.yml", shop)))).toEqual([
      ["execution", "browse (10 ×)", "buy (1m)"],
      [
        "scenarios",
        ["browse", "List (GET /products)", "include-scenario buy"],
        ["buy", ["Checkout", "/cart (GET)", "/pay (GET)"]],
      ],
      ["reporting", "p95 of List>300ms", "avg-rt of /cart>1s", "fail of Checkout>1%"],
    ]);
  });

  test("keeps each selection inside its range, and children inside their parents", () => {
    const check = ({ range, selection, children }: OutlineItem): void => {
      const from = ({ line, column }: { line: number; column: number }) => line * 10_000 + column;
      const to = ({ endLine, endColumn }: { endLine: number; endColumn: number }) => endLine * 10_000 + endColumn;
      expect(from(selection)).toBeGreaterThanOrEqual(from(range));
      expect(to(selection)).toBeLessThanOrEqual(to(range));
      for (const child of children) check(child);
    };
    const documents = ["everything.yml"].map((name) => readFixture(`test/fixtures/scenarios/valid/${name}`));
    for (const reading of documents) if ("document" in reading) outlineConfig(reading.document).forEach(check);
    outlineConfig(parseDocument("shop.yml", shop)).forEach(check);
    outlineConfig(parseDocument("a.yml", "execution:\nscenarios:\n  a:\n  b: *x\n? [q]\n: 1\n")).forEach(check);
  });

  test("shows the thread groups and samplers of a test plan", () => {
    const reading = readFixture("examples/peak.jmx");
    if (!("outline" in reading) || reading.outline === undefined) throw new Error("no outline");
    const items = outlinePlan(reading.outline);
    expect(items.length).toBe(reading.outline.threadGroups.length);
    expect(items.flatMap(({ children }) => children).length).toBe(reading.outline.samplers.length);
    // Of a plugin's class the name alone.
    expect(items.map(({ detail }) => detail)).toContain("${__P(browsers,40)} × ConcurrencyThreadGroup");
  });
});

test("folds keys, entries and comments that take several lines", () => {
  const text =
    "# one\n# two\nexecution:\n  - scenario: a\n    hold-for: 1m\n# three\nscenarios:\n  a: {requests: [/]}\n";
  expect(foldsOf(parseDocument("a.yml", text))).toEqual([
    { line: 1, endLine: 2, isComment: true },
    { line: 3, endLine: 5, isComment: false },
    { line: 4, endLine: 5, isComment: false },
    { line: 7, endLine: 8, isComment: false },
  ]);
});
