import { expect, test } from "vitest";
import { fileSnippets, stepSnippets } from "../../../../src/core/scenario/language/snippets.ts";
import { readScenario } from "../../../../src/core/scenario/readScenario.ts";
import { filesOf } from "../scenarioFiles.ts";

/** The text that a snippet leaves when every field keeps its default. */
function expand(lines: readonly string[]): string {
  const fields = new Map<string, string>();
  return lines
    .join("\n")
    .replace(/\$\{(\d+):((?:\\.|\$\{\d+:(?:\\.|[^}\\])*\}|[^}\\])*)\}/g, (_, number: string, text: string) => {
      const known = fields.get(number) ?? text.replace(/(?<!\\)\$\{\d+:((?:\\.|[^}\\])*)\}/g, "$1");
      fields.set(number, known);
      return known;
    })
    .replace(/\\([\\$}])/g, "$1");
}

const files = filesOf({ "users.csv": "user\nsam\n", "plan.jmx": "" });

test.each(fileSnippets)("the snippet $label has no problem of its own", ({ body }) => {
  const { problems } = readScenario("a.loadtest.yml", expand(body), files);
  expect(problems.filter(({ code }) => !code.startsWith("jmx-"))).toEqual([]);
});

test.each(stepSnippets)("the snippet $label is a step", ({ body }) => {
  const steps = expand(body).replace(/^/gm, "      ");
  const text = `execution: {scenario: s, hold-for: 1m}\nscenarios:\n  s:\n    default-address: http://x\n    requests:\n${steps}`;
  expect(readScenario("a.loadtest.yml", text, files).problems).toEqual([]);
});
