import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { findPlan } from "../../../src/fleet/plan.ts";
import { unpackBundle } from "../../../src/core/run/bundleArchive.ts";
import type { RunId } from "../../../src/core/run/ids.ts";
import type { RunPlan } from "../../../src/core/run/plan.ts";
import { bundleKey } from "../../../src/fleet/keys.ts";
import { ApiClient, jmeterTest, jmx, simpleTest } from "./client.ts";

const { signal } = new AbortController();
const text = (content: string) => new TextEncoder().encode(content);

/** Plan and files of the run that was started last. */
async function lastRun(api: ApiClient): Promise<{ plan: RunPlan; files: ReadonlyMap<string, string> }> {
  const plan = await findPlan(api.started.at(-1) ?? ("none" as RunId), api.ports.store, signal);
  if (plan === undefined) throw new Error("Nothing was started.");
  const bundle = await api.ports.store.get(bundleKey(plan.bundleSha256), signal);
  const files = [...unpackBundle(bundle ?? new Uint8Array(), plan.files)];
  return { plan, files: new Map(files.map(([path, bytes]) => [path, new TextDecoder().decode(bytes)])) };
}

describe("POST /scenarios", () => {
  it("starts a test of one address that the console of version 1.2 sends", async () => {
    const api = new ApiClient();
    const answer = await api.ask("POST /scenarios", { body: simpleTest });
    expect(answer).toMatchObject({
      status: 200,
      headers: { "Access-Control-Allow-Origin": "*", "Content-Type": "application/json" },
      body: {
        testId: "xk29flq0az",
        testName: "Home page",
        testDescription: "The page that everybody sees.",
        testType: "simple",
        fileType: "none",
        status: "running",
        startTime: "2026-11-24 12:00:00",
        endTime: "running",
        taskCount: 5,
        taskIds: [],
        results: {},
        history: [],
      },
    });
    expect(answer.body["runId"]).toBe(api.started[0]);
    const { plan } = await lastRun(api);
    expect(plan).toMatchObject({
      testId: "xk29flq0az",
      name: "Home page",
      engine: "aws",
      driver: "embedded",
      tasks: 5,
      plannedMs: 660_000,
      executions: [{ users: 100, rampUpMs: 60_000, holdForMs: 600_000 }],
    });
    expect((await api.ports.ledger.getRun(api.started[0] ?? ("" as RunId), signal))?.origin).toMatchObject({
      startedBy: "maria",
      toolVersion: "1.2.3",
      test: { testType: "simple", fileType: "none" },
    });
  });

  it("keeps the test where images of the guide's own kind look for it, with the load of one task", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    const kept = JSON.parse((await api.kept("test-scenarios/xk29flq0az.json")) ?? "{}");
    expect(kept.execution).toEqual([
      { concurrency: 20, "ramp-up": "60s", "hold-for": "600s", scenario: "Home page", taskCount: 5 },
    ]);
    expect(kept.reporting[0]["dump-xml"]).toBe("/tmp/artifacts/results.xml");
  });

  it("reads a test scenario that arrives as JSON text", async () => {
    const api = new ApiClient();
    const body = { ...simpleTest, testScenario: JSON.stringify(simpleTest.testScenario) };
    expect((await api.ask("POST /scenarios", { body })).status).toBe(200);
    expect((await lastRun(api)).plan.executions).toMatchObject([{ users: 100 }]);
  });

  it("gives a test without an id one of its own", async () => {
    const api = new ApiClient();
    const { testId: _left, ...body } = simpleTest;
    const { body: test } = await api.ask("POST /scenarios", { body });
    expect(test["testId"]).toMatch(/^[0-9a-f]{20}$/);
    expect((await api.ask(`GET /scenarios/${String(test["testId"])}`)).status).toBe(200);
  });

  it("sends what needs JMeter's language to Taurus", async () => {
    const api = new ApiClient();
    const requests = [{ url: "https://shop.example/${__Random(1,9)}" }];
    const testScenario = { ...simpleTest.testScenario, scenarios: { "Home page": { requests } } };
    await api.ask("POST /scenarios", { body: { ...simpleTest, testScenario } });
    expect((await lastRun(api)).plan.driver).toBe("taurus");
  });

  it("runs an uploaded JMeter script, which then has the test's own name", async () => {
    const api = new ApiClient();
    await api.upload("public/test-scenarios/jmeter/Xk29fLq0aZ.jmx", jmx());
    expect((await api.ask("POST /scenarios", { body: jmeterTest })).status).toBe(200);
    const { plan, files } = await lastRun(api);
    expect(plan).toMatchObject({ driver: "taurus", tasks: 5, executions: [{ users: 100, holdForMs: 120_000 }] });
    expect(Object.values(plan.scenario.bodies)).toMatchObject([{ script: "xk29flq0az.jmx" }]);
    expect([...files.keys()].toSorted()).toEqual(["xk29flq0az.jmx", "xk29flq0az.json"]);
    expect(await api.kept("public/test-scenarios/jmeter/xk29flq0az.jmx")).toBe(jmx());
    expect(await api.kept("public/test-scenarios/jmeter/Xk29fLq0aZ.jmx")).toBeUndefined();
  });

  it("runs an uploaded script again without another upload", async () => {
    const api = new ApiClient();
    await api.upload("public/test-scenarios/jmeter/Xk29fLq0aZ.jmx", jmx());
    await api.ask("POST /scenarios", { body: jmeterTest });
    await api.end("complete");
    expect((await api.ask("POST /scenarios", { body: jmeterTest })).status).toBe(200);
    expect(api.started).toHaveLength(2);
  });

  it("runs the script of a zip with everything that lies beside it", async () => {
    const api = new ApiClient();
    const zip = zipSync({
      "plan/shop.jmx": text(jmx("data/users.csv")),
      "plan/data/users.csv": text("name\nmaria\n"),
      "plan/plugins/own.jar": text("jar"),
      "__MACOSX/plan/._shop.jmx": text("litter"),
    });
    await api.upload("public/test-scenarios/jmeter/Xk29fLq0aZ.zip", zip);
    const answer = await api.ask("POST /scenarios", { body: { ...jmeterTest, fileType: "zip" } });
    expect(answer.status).toBe(200);
    const { plan, files } = await lastRun(api);
    expect(Object.values(plan.scenario.bodies)).toMatchObject([{ script: "shop.jmx" }]);
    expect([...files.keys()].toSorted()).toEqual(["data/users.csv", "plugins/own.jar", "shop.jmx", "xk29flq0az.json"]);
  });

  it.each([
    { testType: "k6", ending: "js", driver: "k6" },
    { testType: "locust", ending: "py", driver: "locust" },
  ])("runs a script of $testType, also when it was uploaded as .jmx", async ({ testType, ending, driver }) => {
    for (const uploaded of [ending, "jmx"]) {
      const api = new ApiClient();
      await api.upload(`public/test-scenarios/${testType}/Xk29fLq0aZ.${uploaded}`, "pass");
      const scenarios = { "Home page": { script: `Xk29fLq0aZ.${ending}` } };
      const body = { ...jmeterTest, testType, testScenario: { ...jmeterTest.testScenario, scenarios } };
      expect((await api.ask("POST /scenarios", { body })).body).toMatchObject({ status: "running", testType });
      const { plan, files } = await lastRun(api);
      expect(plan.driver).toBe(driver);
      expect(files.get(`xk29flq0az.${ending}`)).toBe("pass");
    }
  });

  it("runs an uploaded Taurus file with its own load, and what lies beside it", async () => {
    const api = new ApiClient();
    const scenario = `
execution:
- {concurrency: 30, hold-for: 1m, scenario: shop}
scenarios:
  shop:
    data-sources: [users.csv]
    requests: [https://shop.example/]
loadfleet: {id: another, tasks: 9}
reporting:
- {module: passfail, criteria: ["p95>1s for 10s"]}
`;
    const zip = zipSync({ "shop/shop.loadtest.yml": text(scenario), "shop/users.csv": text("name\nmaria\n") });
    await api.upload("public/test-scenarios/taurus/shop.zip", zip);
    const body = { testId: "shop", testName: "Shop", taskCount: 3, testType: "taurus", fileType: "zip" };
    expect((await api.ask("POST /scenarios", { body })).body).toMatchObject({ testId: "shop", testScenario: null });
    const { plan, files } = await lastRun(api);
    expect(plan).toMatchObject({ testId: "shop", name: "Shop", tasks: 3, executions: [{ users: 30 }] });
    expect(plan.criteria).toHaveLength(1);
    expect([...files.keys()].toSorted()).toEqual(["shop.loadtest.yml", "users.csv"]);
  });

  it("answers the second of two starts with the run that is on, and changes nothing of it", async () => {
    const api = new ApiClient();
    const { body } = await api.ask("POST /scenarios", { body: simpleTest });
    const again = await api.ask("POST /scenarios", { body: { ...simpleTest, taskCount: 9 } });
    expect(again).toMatchObject({
      status: 409,
      headers: { "Content-Type": "application/problem+json" },
      body: { code: "run-active", status: 409, activeRunId: body["runId"] },
    });
    expect(JSON.parse((await api.kept("test-scenarios/xk29flq0az.json")) ?? "{}").execution[0].taskCount).toBe(5);
  });

  it("lets one of two starts at once win", async () => {
    const api = new ApiClient();
    const answers = await Promise.all(
      [1, 2, 3].map((taskCount) => api.ask("POST /scenarios", { body: { ...simpleTest, taskCount } })),
    );
    const refused = answers.filter(({ status }) => status === 409);
    expect(refused).toHaveLength(2);
    expect(api.started).toHaveLength(1);
    for (const { body } of refused) expect(body["activeRunId"]).toBe(api.started[0]);
    const left = (await api.ports.store.list("", signal)).map(({ key }) => key);
    expect(left.filter((key) => key.startsWith("plans/"))).toEqual([`plans/${String(api.started[0])}.json`]);
    expect(left.filter((key) => key.endsWith(".zip"))).toHaveLength(1);
    const winner = answers.find(({ status }) => status === 200);
    const kept = JSON.parse((await api.kept("test-scenarios/xk29flq0az.json")) ?? "{}");
    expect(kept.execution[0].taskCount).toBe(winner?.body["taskCount"]);
  });

  it("warns of what a plan risks", async () => {
    const api = new ApiClient();
    const execution = [{ concurrency: 500, "hold-for": "5m", scenario: "Home page" }];
    const body = { ...simpleTest, testScenario: { ...simpleTest.testScenario, execution } };
    const { body: test } = await api.ask("POST /scenarios", { body });
    expect(test["warnings"]).toEqual(expect.arrayContaining([expect.stringContaining("500 a task")]));
  });

  it("names every field that is wrong, and starts nothing", async () => {
    const api = new ApiClient();
    const answer = await api.ask("POST /scenarios", { body: { ...simpleTest, testName: "", taskCount: "many" } });
    expect(answer.status).toBe(400);
    expect(answer.headers["Content-Type"]).toBe("application/problem+json");
    expect(answer.body).toMatchObject({
      title: "The request cannot be used as it is: see testName, taskCount.",
      code: "bad-request",
      hint: "Change the fields that are named, and send it again.",
      fields: [
        { field: "testName", message: "It has to be a text that is not empty." },
        { field: "taskCount", message: "It has to be a whole number from 1 to 10000." },
      ],
    });
    expect(api.started).toEqual([]);
  });

  it.each([
    ["nothing", undefined, 400],
    ["no JSON", "{", 400],
    ["a list", [], 400],
    [
      "a scenario that names none",
      {
        ...simpleTest,
        testScenario: { execution: [{ concurrency: 1, "hold-for": "1m", scenario: "other" }], scenarios: {} },
      },
      400,
    ],
    ["a script that nobody uploaded", jmeterTest, 400],
    ["more than 1 MB", JSON.stringify({ ...simpleTest, padding: "x".repeat(1024 * 1024) }), 413],
  ])("refuses %s", async (_name, body, status) => {
    const api = new ApiClient();
    const answer = await api.ask("POST /scenarios", { body });
    expect(answer.status).toBe(status);
    expect(Object.keys(answer.body)).toEqual(expect.arrayContaining(["title", "code", "status", "hint"]));
    expect(await api.ports.ledger.listTests(signal)).toEqual([]);
  });

  it("says where a mistake stands in an uploaded file", async () => {
    const api = new ApiClient();
    await api.upload("public/test-scenarios/taurus/shop.yml", "execution:\n- {concurency: 5, scenario: shop}\n");
    const body = { testId: "shop", testName: "Shop", taskCount: 3, testType: "taurus" };
    const answer = await api.ask("POST /scenarios", { body });
    expect(answer.status).toBe(400);
    const fields: unknown = answer.body["fields"];
    expect(fields).toEqual(
      expect.arrayContaining([{ field: "shop.yml:2:4", message: expect.stringContaining('write "concurrency"') }]),
    );
  });

  const bomb = zipSync({ "shop.jmx": text(jmx()), "zeros.csv": new Uint8Array(3_000_000) }, { level: 9 });
  it.each([
    ["no zip", text("PK, but not really"), "not-a-zip", 400],
    ["a cut zip", zipSync({ "shop.jmx": text(jmx()) }).subarray(0, -30), "not-a-zip", 400],
    ["a path that leaves the folder", zipSync({ "../shop.jmx": text(jmx()) }), "bad-request", 400],
    ["an absolute path", zipSync({ "/etc/shop.jmx": text(jmx()) }), "bad-request", 400],
    ["a bomb", bomb, "bad-request", 400],
    [
      "a link",
      zipSync({ "shop.jmx": [text("/etc/passwd"), { os: 3, attrs: (0o120777 << 16) >>> 0 }] }),
      "bad-request",
      400,
    ],
    ["no script", zipSync({ "read.me": text("hello") }), "bad-request", 400],
    [
      "two scripts of which none counts more",
      zipSync({ "a.jmx": text(jmx()), "b.jmx": text(jmx()) }),
      "bad-request",
      400,
    ],
    ["more than 50 MB", new Uint8Array(50 * 1024 ** 2 + 1), "too-large", 413],
  ])("refuses a zip with %s", async (_name, zip, code, status) => {
    const api = new ApiClient();
    await api.upload("public/test-scenarios/jmeter/Xk29fLq0aZ.zip", zip);
    const answer = await api.ask("POST /scenarios", { body: { ...jmeterTest, fileType: "zip" } });
    expect(answer).toMatchObject({ status, body: { code } });
    expect(api.started).toEqual([]);
  });

  it("ends the run when the state machine cannot be started, and hides why", async () => {
    const starter = {
      start: async () => Promise.reject(new Error("arn:aws:states:eu-west-1:000000000000:stateMachine:x is gone")),
      isAlive: async () => false,
    };
    const api = new ApiClient({ starter });
    const answer = await api.ask("POST /scenarios", { body: simpleTest });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain("arn:");
    expect(api.log.at(-1)).toContain(String(answer.body["errorId"]));
    expect((await api.ask("GET /scenarios/Xk29fLq0aZ")).body).toMatchObject({ status: "failed" });
  });
});
