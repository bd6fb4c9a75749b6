import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { guideConfig, scenarioConfig } from "../../../src/core/api/testConfig.ts";
import { decodeTestRequest, type TestRequest } from "../../../src/core/api/testRequest.ts";
import type { JsonObject, JsonValue } from "../../../src/core/json.ts";
import { makeTestId } from "../../../src/core/run/ids.ts";
import { parseDuration } from "../../../src/core/units.ts";

/** What the console of version 1.2 sends for one address. */
const simple = {
  testId: "Xk29fLq0aZ",
  testName: "Home page",
  testDescription: "The page that everybody sees.",
  taskCount: "5",
  testScenario: {
    execution: [{ concurrency: "20", "ramp-up": "1m", "hold-for": "10m", scenario: "Home page" }],
    scenarios: {
      "Home page": { requests: [{ url: "https://shop.example/", method: "GET", body: {}, headers: {} }] },
    },
  },
  testType: "simple",
  fileType: "",
} satisfies JsonObject;

const jmeter = {
  ...simple,
  testType: "jmeter",
  fileType: "script",
  testScenario: {
    execution: [{ concurrency: 20, "ramp-up": "30s", "hold-for": "2m", scenario: "Home page" }],
    scenarios: { "Home page": { script: "Xk29fLq0aZ.jmx" } },
  },
} satisfies JsonObject;

function decode(body: JsonValue): TestRequest {
  const decoded = decodeTestRequest(body);
  if (decoded.faults !== undefined) throw new Error(JSON.stringify(decoded.faults));
  return decoded.request;
}

function fieldsOf(body: JsonValue): readonly string[] {
  return (decodeTestRequest(body).faults ?? []).map(({ field }) => field);
}

/** The body with one key of its only execution changed. */
function withLoad(changes: JsonObject): JsonObject {
  const [execution] = simple.testScenario.execution;
  return { ...simple, testScenario: { ...simple.testScenario, execution: [{ ...execution, ...changes }] } };
}

function executionOf(config: JsonObject | null): JsonValue | undefined {
  const execution = config?.["execution"];
  return Array.isArray(execution) ? execution[0] : undefined;
}

describe("decodeTestRequest", () => {
  it("reads what the console of version 1.2 sends for one address", () => {
    expect(decode(simple)).toMatchObject({
      testId: "Xk29fLq0aZ",
      testName: "Home page",
      testType: "simple",
      fileType: "none",
      taskCount: 5,
      testScenario: { execution: [{ concurrency: 20, "ramp-up": "60s", "hold-for": "600s", scenario: "Home page" }] },
    });
  });

  it("reads a test scenario that arrives as JSON text just as one that is an object", () => {
    expect(decode({ ...simple, testScenario: JSON.stringify(simple.testScenario) })).toEqual(decode(simple));
  });

  it("takes a script for granted when a client says nothing of the file", () => {
    expect(decode({ ...jmeter, fileType: "" }).fileType).toBe("script");
    expect(decode({ ...jmeter, fileType: "zip" }).fileType).toBe("zip");
  });

  it("takes the load for AWS when Taurus' two places differ", () => {
    const { testScenario } = decode(withLoad({ concurrency: { local: 1, cloud: 50 } }));
    expect(executionOf(testScenario)).toMatchObject({ concurrency: 50 });
  });

  it("lets an uploaded Taurus file say everything", () => {
    const { testScenario: _left, ...rest } = { ...simple, testType: "taurus", fileType: "zip" };
    expect(decode(rest).testScenario).toBeNull();
    expect(fieldsOf({ ...simple, testType: "taurus", fileType: "zip" })).toEqual(["testScenario"]);
  });

  it.each([
    ["no object", [], [""]],
    ["nothing at all", {}, ["testName", "taskCount", "testScenario"]],
    ["an unknown type", { ...simple, testType: "gatling" }, ["testType"]],
    ["an unknown kind of file", { ...jmeter, fileType: "rar" }, ["fileType"]],
    ["a script without a file", { ...jmeter, fileType: "none" }, ["fileType"]],
    ["a file of no test", { ...jmeter, testId: "" }, ["testId"]],
    ["an id with a path in it", { ...simple, testId: "../../etc" }, ["testId"]],
    ["an empty name", { ...simple, testName: " " }, ["testName"]],
    ["a name that is a number", { ...simple, testName: 5 }, ["testName"]],
    ["a description without end", { ...simple, testDescription: "x".repeat(1001) }, ["testDescription"]],
    ["no tasks", { ...simple, taskCount: 0 }, ["taskCount"]],
    ["half a task", { ...simple, taskCount: 1.5 }, ["taskCount"]],
    ["tasks in words", { ...simple, taskCount: "five" }, ["taskCount"]],
    ["more tasks than any account has", { ...simple, taskCount: 10_001 }, ["taskCount"]],
    ["a scenario that is no JSON", { ...simple, testScenario: "{" }, ["testScenario"]],
    ["no execution", { ...simple, testScenario: { scenarios: {} } }, ["testScenario.execution"]],
    [
      "no scenarios",
      { ...simple, testScenario: { execution: simple.testScenario.execution } },
      ["testScenario.scenarios"],
    ],
    ["an execution that is none", { ...simple, testScenario: { execution: [5] } }, ["testScenario.execution[0]"]],
    ["no users", withLoad({ concurrency: 0 }), ["testScenario.execution[0].concurrency"]],
    ["users below 0", withLoad({ concurrency: -3 }), ["testScenario.execution[0].concurrency"]],
    ["users not given", withLoad({ concurrency: null }), ["testScenario.execution[0].concurrency"]],
    ["an unknown unit", withLoad({ "hold-for": "10 fortnights" }), ["testScenario.execution[0].hold-for"]],
    ["a load of no length", withLoad({ "hold-for": "0s", "ramp-up": "" }), ["testScenario.execution[0].hold-for"]],
    ["a load held for no time given", withLoad({ "hold-for": "" }), ["testScenario.execution[0].hold-for"]],
    ["a time below 0", withLoad({ "ramp-up": -1 }), ["testScenario.execution[0].ramp-up"]],
    ["a rate of 0", withLoad({ throughput: 0 }), ["testScenario.execution[0].throughput"]],
    ["a rate in words", withLoad({ throughput: "many" }), ["testScenario.execution[0].throughput"]],
    ["iterations of 0", withLoad({ iterations: 0 }), ["testScenario.execution[0].iterations"]],
  ] satisfies [string, JsonValue, string[]][])("names the fields of a body with %s", (_name, body, fields) => {
    expect(fieldsOf(body)).toEqual(fields);
  });

  it("says of every fault what the field has to be", () => {
    const { faults = [] } = decodeTestRequest({ taskCount: "x" });
    expect(faults.map(({ message }) => message)).toEqual([
      "It has to be a text that is not empty.",
      "It has to be a whole number from 1 to 10000.",
      "It has to be a Taurus configuration, as an object or as JSON text.",
    ]);
  });

  it("keeps every duration that Taurus can read, to the millisecond", () => {
    const part = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.constantFrom("ms", "s", "m", "h", "d"));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), fc.constantFrom("", " "), (parts, gap) => {
        const text = parts.map(([amount, unit]) => `${amount}${gap}${unit}`).join(gap);
        const { testScenario } = decode(withLoad({ "hold-for": text }));
        const [, kept = ""] = /"hold-for":"([^"]+)"/.exec(JSON.stringify(testScenario)) ?? [];
        expect(parseDuration(kept)).toBe(parseDuration(text));
      }),
    );
  });

  it("answers with a request or with named faults, whatever the body is", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(simple)), fc.jsonValue(), (key, value) => {
        const body: JsonValue = JSON.parse(JSON.stringify({ ...simple, [key]: value }));
        const decoded = decodeTestRequest(body);
        const isUsable = decoded.faults === undefined && decoded.request.taskCount > 0;
        expect(isUsable || (decoded.faults ?? []).every(({ field }) => field !== "")).toBe(true);
      }),
    );
  });
});

describe("scenarioConfig", () => {
  const testId = makeTestId("Xk29fLq0aZ");

  it("turns the load of a task into that of the run, and names the test", () => {
    const config = scenarioConfig(decode(withLoad({ throughput: 2.5, taskCount: 3 })), testId, undefined);
    expect(executionOf(config)).toEqual({
      concurrency: 100,
      throughput: 12.5,
      "ramp-up": "60s",
      "hold-for": "600s",
      scenario: "Home page",
    });
    expect(config["loadfleet"]).toEqual({ id: "xk29flq0az", name: "Home page", tasks: 5 });
  });

  it("gives any number of tasks exactly the users that each was to have", () => {
    const count = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(count, count, (tasks, users) => {
        const request = decode({ ...withLoad({ concurrency: String(users) }), taskCount: String(tasks) });
        expect(executionOf(scenarioConfig(request, testId, undefined))).toMatchObject({ concurrency: tasks * users });
        expect(executionOf(guideConfig(request, testId))).toMatchObject({ concurrency: users, taskCount: tasks });
      }),
    );
  });

  it("names the uploaded script as it is in the bundle, and leaves other scripts alone", () => {
    const config = scenarioConfig(decode(jmeter), testId, "plan/shop.jmx");
    expect(config["scenarios"]).toEqual({ "Home page": { script: "plan/shop.jmx" } });
    const scenarios = { "Home page": { script: "own.jmx" } };
    const other = decode({ ...jmeter, testScenario: { ...jmeter.testScenario, scenarios } });
    expect(scenarioConfig(other, testId, "plan/shop.jmx")["scenarios"]).toEqual(scenarios);
  });

  it("leaves out bodies that are empty and reports of single tasks, but not the rules", () => {
    const reporting = [{ module: "final-stats" }, { module: "passfail", criteria: ["fail>5%"] }];
    const request = decode({ ...simple, testScenario: { ...simple.testScenario, reporting } });
    const config = scenarioConfig(request, testId, undefined);
    expect(config["reporting"]).toEqual([{ module: "passfail", criteria: ["fail>5%"] }]);
    expect(config["scenarios"]).toEqual({
      "Home page": { requests: [{ url: "https://shop.example/", method: "GET", headers: {} }] },
    });
  });
});

describe("guideConfig", () => {
  it("is what an image of the guide's own kind runs: the script by the test's id, and the report that is parsed", () => {
    const config = guideConfig(decode(jmeter), makeTestId("Xk29fLq0aZ"));
    expect(config["scenarios"]).toEqual({ "Home page": { script: "xk29flq0az.jmx" } });
    expect(config["reporting"]).toMatchObject([{ module: "final-stats", "dump-xml": "/tmp/artifacts/results.xml" }]);
    expect(executionOf(config)).toMatchObject({ concurrency: 20, "ramp-up": "30s", "hold-for": "120s", taskCount: 5 });
  });
});
