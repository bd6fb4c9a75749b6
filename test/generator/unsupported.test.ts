import { describe, expect, test } from "vitest";
import { findUnsupported } from "../../src/generator/unsupported.ts";
import { planOf, runYaml } from "./runs.ts";

function scenarioOf(steps: string, body = ""): string {
  return `execution: [{concurrency: 1, iterations: 1, scenario: s}]
scenarios:
  s:
    default-address: http://127.0.0.1:1
${body}    requests:
${steps}
`;
}

describe("what is beyond the generator is refused before the run", () => {
  test.each<[string, string, RegExp, number]>([
    ["JSR223", "    - {url: /, jsr223: [{language: groovy, script-text: x}]}", /key "jsr223"/, 6],
    ["an unknown function", '    - "/${__groovy(1)}"', /no function __groovy/, 6],
    ["a function in a header", '    - {url: /, headers: {a: "${__javaScript(1)}"}}', /__javaScript/, 6],
    [
      "a condition in another language",
      "    - {if: \"vars.get('a') == 1\", then: [/]}",
      /cannot evaluate the condition/,
      6,
    ],
    ["an invalid regular expression", '    - {url: /, assert: ["a(b"]}', /regular expression "a\(b"/, 6],
    [
      "an extractor's variable scope",
      "    - url: /\n      extract-regexp: {a: {regexp: x, scope: variable}}",
      /"extract-regexp\.scope"/,
      7,
    ],
    [
      "a character set",
      "    - {url: /, method: POST, body: x, content-encoding: koi8-r}",
      /content-encoding "koi8-r"/,
      6,
    ],
    ["an authorization", "    - /", /key "authorization"/, 5],
  ])("%s", (_name, steps, message, line) => {
    const body = message.source.includes("authorization")
      ? "    authorization: [{url: /, name: a, password: b}]\n"
      : "";
    const [problem, ...others] = findUnsupported(planOf(scenarioOf(steps, body)));
    expect(others).toEqual([]);
    expect(problem?.message).toMatch(message);
    expect(problem?.message).toMatch(/the driver taurus can\.$/);
    expect(problem).toMatchObject({ severity: "error", file: "test.loadtest.yml", line });
  });

  test("another executor", () => {
    const yaml = scenarioOf("    - /a").replace("concurrency: 1", "executor: gatling, concurrency: 1");
    expect(findUnsupported(planOf(yaml))[0]?.message).toMatch(/executor "gatling"/);
  });

  test("a plan that it can run has no problems", () => {
    expect(findUnsupported(planOf(scenarioOf("    - /a")))).toEqual([]);
  });

  test("the run itself refuses too, and names the place", async () => {
    const run = runYaml(scenarioOf('    - "/${__groovy(1)}"'));
    await expect(run).rejects.toThrow(/test\.loadtest\.yml:6: .*__groovy/);
  });

  test("a CSS selector that no library can read", async () => {
    const run = runYaml(scenarioOf('    - {url: /, extract-css-jquery: {a: "a[["}}'));
    await expect(run).rejects.toThrow(/scenario "s": .* cannot use the CSS selector "a\[\["/);
  });
});
