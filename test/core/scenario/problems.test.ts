import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planProblemCodes } from "../../../src/core/run/planProblem.ts";
import { problemCodes } from "../../../src/core/scenario/problemCodes.ts";
import { applyFix, filesOf, readFixture, root } from "./scenarioFiles.ts";
import { readJmxScenario } from "../../../src/core/scenario/jmx.ts";
import { readScenario } from "../../../src/core/scenario/readScenario.ts";

const folder = "test/fixtures/scenarios/broken";
const fixtures = readdirSync(join(root, folder));
const codeOf = (name: string): string => name.replace(/\.\w+$/, "");
/** Too large to be kept as files. */
const large = ["file-too-large", "jmx-too-large"];

test("every code has a fixture that shows it", () => {
  expect([...fixtures.map(codeOf), ...large].toSorted()).toEqual(Object.keys(problemCodes).toSorted());
});

describe.each(fixtures)("%s", (name) => {
  const path = `${folder}/${name}`;
  const text = readFileSync(join(root, path), "utf8");
  const { problems } = readFixture(path);
  const shown = problems.filter(({ code }) => code === codeOf(name));

  test("is reported inside the text, in a sentence", () => {
    expect(shown.length).toBeGreaterThan(0);
    const lines = text.split("\n");
    for (const { line, column, endLine, endColumn, message, file } of shown) {
      expect(file).toBe(name);
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
      expect(endLine > line || endColumn >= column).toBe(true);
      expect(message).toMatch(/^["A-Z</0-9a-z.$][^\n]*\.$/);
      expect(message).not.toMatch(/undefined|\[object|Error:/);
    }
  });

  test("brings nothing else with it than what follows from it", () => {
    const others = problems.filter(({ code, severity }) => code !== codeOf(name) && severity === "error");
    expect(others.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  });
});

const fixable = fixtures.flatMap((name) => {
  const problem = readFixture(`${folder}/${name}`).problems.find(
    ({ code, fix }) => code === codeOf(name) && fix !== undefined,
  );
  return problem === undefined ? [] : [{ name, problem }];
});

test.each(fixable)("the mistake of $name is gone when its fix is applied", ({ name, problem }) => {
  const mended = applyFix(readFileSync(join(root, folder, name), "utf8"), problem);
  const rest = readScenario(name, mended, filesOf({ "zero-users.yml": "" })).problems;
  expect(rest.filter(({ message, code }) => code === problem.code && message === problem.message)).toEqual([]);
});

test("the obvious mistakes have fixes", () => {
  const names = fixable.map(({ name }) => codeOf(name));
  expect(names).toEqual(
    expect.arrayContaining(["unknown-key", "unknown-scenario", "bad-value", "yaml-syntax", "criterion-trap"]),
  );
});

test("a file over 1 MB is refused before it is parsed", () => {
  const { scenario, problems } = readScenario("big.yml", `# ${"x".repeat(1024 * 1024)}\n`, filesOf({}));
  expect(scenario).toBeUndefined();
  expect(problems.map(({ code }) => code)).toEqual(["file-too-large"]);
});

test("a test plan over 1 MB is run without being looked into", () => {
  const { scenario, problems } = readJmxScenario("big.jmx", `<a>${"x".repeat(1024 * 1024)}</a>`, filesOf({}));
  expect(scenario?.executions).toHaveLength(1);
  expect(problems.map(({ code }) => code)).toEqual(["jmx-too-large"]);
});

test("docs/problems.md lists every code", async () => {
  const codes = { ...planProblemCodes, ...problemCodes };
  const lines = Object.entries(codes).map(([code, [severity, meaning]]) => `- \`${code}\` (${severity}): ${meaning}`);
  const text = `# Problems

What \`loadfleet check\` and the editor say about a scenario, by code. Errors keep a run from starting; warnings and hints do not.

${lines.toSorted().join("\n")}

After a run the editor also shows, at the rule's line:

- \`criterion-failed\` (error): A pass/fail rule that the last run did not meet; the message says what was measured and what is allowed.
`;
  await expect(text).toMatchFileSnapshot("../../../docs/problems.md");
});
