import { expect, test } from "vitest";
import { parseDocument, rangeOf } from "../../../src/core/scenario/document.ts";
import { toJson } from "../../../src/core/scenario/tree.ts";

function valueOf(text: string): unknown {
  const { roots, problems } = parseDocument("a.yml", text);
  expect(problems.map(({ message }) => message)).toEqual([]);
  return roots[0] && toJson(roots[0]);
}

test.each([
  ["a: 1_000", 1000],
  ["a: 010", 8],
  ["a: 0x1F", 31],
  ["a: 0b101", 5],
  ["a: 1:30", 90],
  ["a: 1e3", "1e3"],
  ["a: 1.5e+3", 1500],
  ["a: yes", true],
  ["a: Off", false],
  ["a: y", "y"],
  ["a: 'yes'", "yes"],
  ["a: !!str 5", "5"],
  ["a: !!int '5'", 5],
  ["a: ~", null],
  ["a:", null],
  ["a: 2026-11-24", "2026-11-24"],
  ["a: \u{1F680} ä", "\u{1F680} ä"],
  ["a: |\n  b\n  c\n", "b\nc\n"],
  ['{"a": "\\u00e4"}', "ä"],
  ["\uFEFFa: 1", 1],
])("reads %j as PyYAML does", (text, value) => expect(valueOf(text)).toEqual({ a: value }));

test("expands aliases and merges; a mapping's own keys win, then the first merged one", () => {
  const text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc:\n  <<: [*a, *b]\n  x: 3\nd: *a\n";
  expect(valueOf(text)).toMatchObject({ c: { x: 3, y: 1, z: 2 }, d: { x: 1, y: 1 } });
});

test("keeps keys that JavaScript gives a meaning to", () => {
  const [root] = parseDocument("a.yml", "__proto__: 1\nconstructor: 2\n").roots;
  expect(JSON.stringify(root && toJson(root))).toBe('{"__proto__":1,"constructor":2}');
});

test.each(["\n", "\r\n"])("finds keys and values by their path with line ends %j", (end) => {
  const lines = ["# comment", "scenarios:", "  shop:", "    requests:", "    - url: /ä b", "      label: 'x'"];
  const document = parseDocument("a.yml", lines.join(end));
  const path = ["scenarios", "shop", "requests", 0];
  expect(rangeOf(document, [...path, "url"])).toEqual({
    key: { line: 5, column: 7, endLine: 5, endColumn: 10 },
    value: { line: 5, column: 12, endLine: 5, endColumn: 16 },
  });
  expect(rangeOf(document, [...path, "label"])?.value).toEqual({ line: 6, column: 14, endLine: 6, endColumn: 17 });
  expect(rangeOf(document, path)?.value).toEqual({ line: 5, column: 7, endLine: 6, endColumn: 17 });
  expect(rangeOf(document, ["scenarios", "none"])).toBeUndefined();
});

test("keeps what it understood of a file with a mistake", () => {
  const { roots, problems } = parseDocument("a.yml", "a: 1\nb: [1, 2\nc: 3\n");
  expect(problems.map(({ code }) => code)).toContain("yaml-syntax");
  expect(roots[0] && toJson(roots[0])).toMatchObject({ a: 1 });
});

test.each([
  ["nested lists", "[".repeat(500_000), "nesting-too-deep"],
  ["nested mappings", "{a: ".repeat(100_000), "nesting-too-deep"],
  ["an alias inside its own value", "a: &a [*a]\n", "bad-alias"],
  [
    "merges that grow with the square",
    `a0: &a0 {k: 1}\n${chain((n) => `{<<: *a${n - 1}, k${n}: 1}`)}`,
    "too-many-aliases",
  ],
  ["aliases that double", `a0: &a0 [x, x]\n${chain((n) => `[*a${n - 1}, *a${n - 1}]`)}`, "too-many-aliases"],
  ["more words than any scenario", "- a\n".repeat(100_000), "file-too-large"],
])("answers %s with a Problem", (_, text, code) => {
  expect(parseDocument("a.yml", text).problems.map((problem) => problem.code)).toContain(code);
});

function chain(value: (n: number) => string): string {
  return Array.from({ length: 2000 }, (_, index) => `a${index + 1}: &a${index + 1} ${value(index + 1)}\n`).join("");
}
