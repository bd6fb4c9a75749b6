import { describe, expect, test } from "vitest";
import type { RequestStep, Scenario, Step } from "../../../src/core/scenario/model.ts";
import { readScenario } from "../../../src/core/scenario/readScenario.ts";
import { filesOf, readFixture } from "./scenarioFiles.ts";

function read(text: string, files: Readonly<Record<string, string>> = {}): Scenario {
  const { scenario, problems } = readScenario("load/shop.loadtest.yml", text, filesOf(files));
  expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  if (scenario === undefined) throw new Error("no scenario");
  return scenario;
}

function readSteps(requests: string): readonly Step[] {
  const text = `execution: {scenario: s}\nscenarios:\n  s:\n    default-address: http://x\n    requests:\n${requests}`;
  return readScenario("a.yml", text, filesOf({ "f.json": "{}" })).scenario?.bodies["s"]?.steps ?? [];
}

function readRequest(keys: string): RequestStep {
  const [step] = readSteps(`    - url: /a\n${keys.replace(/^/gm, "      ")}\n`);
  if (step?.kind !== "request") throw new Error("no request");
  return step;
}

test("reads every form that Taurus has, without a complaint", () => {
  const { scenario, problems } = readFixture("test/fixtures/scenarios/valid/everything.yml");
  expect(problems).toEqual([]);
  expect(scenario?.executions.map((execution) => execution.scenario)).toEqual(["shop", "execution-2"]);
  expect(scenario?.executions[0]?.load.cloud).toEqual({
    users: 500,
    ratePerSecond: "${__P(rate,50)}",
    rampUpMs: 90_000,
    holdForMs: "${__P(hold,10m)}",
    delayMs: undefined,
    iterations: undefined,
    steps: 3,
  });
  expect(scenario?.executions[1]?.load.local).toMatchObject({ iterations: 10, delayMs: 30_000 });
  expect(scenario?.bodies["shop"]).toMatchObject({
    defaultAddress: "https://shop.example.com",
    headers: { Accept: "application/json" },
    isKeepAlive: false,
    timeoutMs: 5000,
    thinkTime: { kind: "uniform", meanMs: 2000, deviationMs: 500 },
    dataSources: [{ path: "users.csv", delimiter: "\t", names: ["login", "password"], loops: false }],
  });
  expect(scenario?.bodies["shop"]?.extra).toEqual([]);
  expect(scenario?.bodies["shop"]?.steps.map(({ kind }) => kind)).toEqual([
    "include-scenario",
    "once",
    "request",
    "request",
    "request",
    "request",
    "transaction",
    "set-variables",
    "action",
  ]);
  expect(scenario?.bodies["login"]?.steps[0]).toMatchObject({ label: "Anmelden für eu ☕", method: "POST" });
  expect(scenario?.criteria.map(({ text, message }) => [text, message])).toEqual([
    ["p95 of Products>300ms for 10s, stop as failed", "Too slow"],
    ["fail>5%", undefined],
    ["avg-rt of Check out>2s", "Slow checkout"],
  ]);
  expect(scenario?.settings).toMatchObject({
    tasks: 4,
    splitsData: true,
    stopWhen: { errorRatio: 0.5, forMs: 120_000 },
  });
  expect(scenario?.files.map(({ path, use }) => `${use} ${path}`)).toEqual([
    "body order.json",
    "upload order.json",
    "data users.csv",
  ]);
  expect(scenario?.config).not.toHaveProperty("loadfleet");
});

test("merges included configurations over the file, with Taurus' prefixes", () => {
  const { scenario, problems } = readFixture("test/fixtures/scenarios/valid/included.yml");
  expect(problems).toEqual([]);
  expect(scenario?.bodies["shop"]?.headers).toEqual({ "X-From": "base" });
  expect(scenario?.bodies["shop"]?.steps).toMatchObject([{ label: "Replaced" }]);
  expect(scenario?.files).toMatchObject([{ path: "base.yml", use: "config" }]);
});

test.each([
  ["{a: {x: 1}}", "{a: {y: 2}}", { a: { x: 1, y: 2 } }],
  ["{a: [1]}", "{a: [2]}", { a: [1, 2] }],
  ["{a: [1]}", "{~a: [2]}", { a: [2] }],
  ["{a: 1, b: 1}", "{^a: 1}", { b: 1 }],
  ["{a: [{x: 1}, 2]}", "{$a: [{y: 2}, 3, 4]}", { a: [{ x: 1, y: 2 }, 3, 4] }],
  ["{a: [1]}", "{a: text}", { a: "text" }],
  ["{~a: {^x: 1, ~y: 2}}", "{}", { a: { y: 2 } }],
])("merges %s with %s", (own, included, merged) => {
  const wrap = (text: string): string => `x-values: ${text}\n`;
  const text = `${wrap(own)}execution: {scenario: s}\nscenarios: {s: {requests: [http://x/]}}\nincluded-configs: [b.yml]\n`;
  expect(read(text, { "b.yml": wrap(included) }).config["x-values"]).toEqual(merged);
});

describe("requests", () => {
  test.each([
    ["body: text", { kind: "text", text: "text" }],
    ["body: {a: 1, b: yes}", { kind: "form", fields: { a: "1", b: "yes" } }],
    ["body: {a: {b: 1}}", { kind: "json", value: { a: { b: 1 } } }],
    ["body: [1]", { kind: "json", value: [1] }],
    ["headers: {content-type: application/json}\nbody: {a: 1}", { kind: "json", value: { a: 1 } }],
    ["body-file: f.json", { kind: "file", path: "f.json" }],
    ["method: PUT\nupload-files: [{path: f.json}]", { kind: "file", path: "f.json" }],
    [
      "method: POST\nupload-files: [{param: p, path: f.json}]",
      { kind: "multipart", fields: {}, uploads: [{ param: "p", path: "f.json", mimeType: undefined }] },
    ],
  ])("have the body of %j", (keys, body) => expect(readRequest(keys).body).toEqual(body));

  test.each([
    ["think-time: 1s500ms", { kind: "constant", ms: 1500 }],
    ["think-time: 2", { kind: "constant", ms: 2000 }],
    ["think-time: ${pause}", { kind: "constant", ms: "${pause}" }],
    ["think-time: Uniform(1s, 500ms)", { kind: "uniform", meanMs: 1000, deviationMs: 500 }],
    ["think-time: gaussian(1m 1.5s)", { kind: "gaussian", meanMs: 60_000, deviationMs: 1500 }],
    ["think-time: poisson(10s,3s)", { kind: "poisson", meanMs: 10_000, deviationMs: 3000 }],
  ])("pause as %j says", (keys, thinkTime) => expect(readRequest(keys).thinkTime).toEqual(thinkTime));

  test.each([
    ["extract-regexp: {v: a(b)}", { kind: "regexp", pattern: "a(b)", template: 1, matchNumber: 1, subject: "body" }],
    ["extract-jsonpath: {v: $.a}", { kind: "jsonpath", path: "$.a", matchNumber: 0, defaultValue: "NOT_FOUND" }],
    ["extract-css-jquery: {v: 'a[href]'}", { kind: "css", selector: "a[href]", attribute: undefined }],
    ["extract-xpath: {v: {xpath: //a, use-tolerant-parser: true}}", { kind: "xpath", path: "//a", isHtml: true }],
    [
      "extract-boundary: {v: {left: a, right: b, subject: code}}",
      { kind: "boundary", left: "a", subject: "http-code" },
    ],
  ])("extract what %j says", (keys, extractor) => expect(readRequest(keys).extractors).toMatchObject([extractor]));

  test.each([
    ["assert: [a]", { kind: "contains", values: ["a"], isRegexp: true, isNegated: false, subject: "body" }],
    [
      "assert: [{contains: 404, subject: http-code, not: true, regexp: false}]",
      { values: ["404"], isNegated: true, isRegexp: false },
    ],
    ["assert-jsonpath: [$.a]", { kind: "jsonpath", path: "$.a", expected: undefined }],
    ["assert-jsonpath: [{jsonpath: $.a, validate: true, expected-value: 3}]", { expected: "3", isRegexp: true }],
    ["assert-xpath: [{xpath: //a, invert: true}]", { kind: "xpath", isNegated: true }],
  ])("assert what %j says", (keys, assertion) => expect(readRequest(keys).assertions).toMatchObject([assertion]));

  test("keep what only other tools can do, by key and place", () => {
    const { extra } = readRequest("jsr223: vars.put('a', 'b')\nextract-regexp: {v: {regexp: (a), scope: all}}");
    expect(extra.map(({ key, range }) => [key, range.line])).toEqual([
      ["extract-regexp.scope", 8],
      ["jsr223", 7],
    ]);
  });
});

test.each([
  ["    - loop: forever\n      do: [/a]\n", { kind: "loop", times: "forever", steps: [{ url: "/a" }] }],
  ["    - loop: ${n}\n      do: [/a]\n", { kind: "loop", times: "${n}" }],
  ["    - foreach: x in  xs\n      do: [/a]\n", { kind: "foreach", variable: "x", collection: "xs" }],
  ["    - if: a\n      then: [/a]\n", { kind: "if", condition: "a", then: [{ url: "/a" }], else: [] }],
  ["    - action: pause\n      pause-duration: 2s\n", { kind: "action", target: "current-thread", pauseMs: 2000 }],
])("reads the block %j", (requests, step) => expect(readSteps(requests)).toMatchObject([step]));

test("blocks that no model holds are left to other drivers, by name", () => {
  const text = "execution: {scenario: s}\nscenarios: {s: {requests: [http://x/, {setup: [http://x/a]}]}}\n";
  expect(read(text).bodies["s"]?.extra.map(({ key }) => key)).toEqual(["setup"]);
});

test("takes the path of a script for a scenario, as Taurus does", () => {
  const scenario = read("execution:\n- scenario: a.py\n- scenario: named\nscenarios: {named: b.js}\n", {
    "a.py": "",
    "b.js": "",
  });
  expect(scenario.executions.map((execution) => scenario.bodies[execution.scenario]?.script)).toEqual(["a.py", "b.js"]);
});

test("says where a mistake of an included file stands", () => {
  const text = "included-configs: [b.yml]\n";
  const { problems } = readScenario(
    "a.yml",
    text,
    filesOf({ "b.yml": "\nexecution:\n- scenario: s\n  hold-fro: 1\n" }),
  );
  expect(problems.map(({ file, line, code }) => [file, line, code])).toEqual(
    expect.arrayContaining([["b.yml", 4, "unknown-key"]]),
  );
});

test.each([
  ["../team.yml", "outside-folder", "warning", true],
  ["/team.yml", "absolute-path", "error", false],
  ["${DIR}/team.yml", "dynamic-file", "error", false],
  ["team.yml", "missing-file", "error", false],
])("includes %s, or says why not", (path, code, severity, isRead) => {
  const files = filesOf({ "../team.yml": "execution: {scenario: s}\nscenarios: {s: {requests: [http://x/]}}\n" });
  const { scenario, problems } = readScenario("a.yml", `included-configs: ["${path}"]\n`, files);
  expect(problems[0]).toMatchObject({ code, severity });
  expect(scenario?.executions.length === 1).toBe(isRead);
});

test("leaves modules, services and settings that it does not know alone", () => {
  const text = "execution: {scenario: s}\nscenarios: {s: {requests: [http://x/]}}\n";
  expect(
    read(`${text}modules: {mine: {hold-fro: 1}}\nservices: [{module: x, y: 1}]\nsettings: {z: 1}\nx-mine: 1\n`),
  ).toBeDefined();
});
