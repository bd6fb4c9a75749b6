import { describe, expect, it } from "vitest";
import type { RunId, TestId } from "../../../src/core/run/ids.ts";
import { resultKey } from "../../../src/fleet/keys.ts";
import { storeResult } from "../../../src/fleet/result.ts";
import { makeRun, makeTask, runIdOf, startedAtMs } from "../../fleet/records.ts";
import { healthyResult } from "../../webview/sampleResult.ts";
import { ApiClient, simpleTest } from "./client.ts";

const { signal } = new AbortController();
const home = "xk29flq0az" as TestId;

/** Ends the run that was started last with figures. */
async function finish(api: ApiClient): Promise<RunId> {
  const runId = await api.end("complete");
  await storeResult({ ...healthyResult(), runId, testId: home }, api.ports, signal);
  return runId;
}

describe("GET /scenarios", () => {
  it("lists the tests with the state of their last runs, by both names of the list", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    await api.end("failed", "No task started.");
    await api.ask("POST /scenarios", { body: { ...simpleTest, testId: "shop", testName: "Shop" } });
    const { status, body } = await api.ask("GET /scenarios");
    expect(status).toBe(200);
    expect(body["data"]).toEqual([
      expect.objectContaining({ testId: "shop", testName: "Shop", status: "running", endTime: "running" }),
      {
        testId: home,
        testName: "Home page",
        testDescription: "The page that everybody sees.",
        testType: "simple",
        status: "failed",
        startTime: "2026-11-24 12:00:00",
        endTime: "2026-11-24 12:01:00",
        runId: api.started[0],
      },
    ]);
    expect(body["Items"]).toEqual(body["data"]);
  });

  it("gives a long list in pages", async () => {
    const api = new ApiClient();
    for (const testId of ["a", "b", "c"]) await api.ask("POST /scenarios", { body: { ...simpleTest, testId } });
    const first = await api.ask("GET /scenarios", { query: { limit: "2" } });
    expect(first.body).toMatchObject({ data: [{ testId: "a" }, { testId: "b" }], next: "b" });
    const second = await api.ask("GET /scenarios", { query: { limit: "2", after: "b" } });
    expect(second.body["data"]).toMatchObject([{ testId: "c" }]);
    expect(second.body).not.toHaveProperty("next");
    expect(await api.ask("GET /scenarios", { query: { limit: "0" } })).toMatchObject({
      status: 400,
      body: { fields: [{ field: "limit" }] },
    });
  });
});

describe("GET /scenarios/{testId}", () => {
  it("tells of a running test which tasks it has", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    const runId = api.started[0] ?? runIdOf(0);
    await api.ports.ledger.putTask(
      runId,
      undefined,
      makeTask({ task: 0, state: "running", launcherId: "task/0" }),
      signal,
    );
    await api.ports.ledger.putTask(
      runId,
      undefined,
      makeTask({ task: 1, state: "failed", launcherId: "task/1" }),
      signal,
    );
    await api.ports.ledger.putTask(runId, undefined, makeTask({ task: 2 }), signal);
    expect((await api.ask("GET /scenarios/xk29flq0az")).body).toMatchObject({
      status: "running",
      taskIds: ["task/0"],
      results: {},
    });
    expect((await api.ask("GET /tasks")).body).toEqual({ tasks: ["task/0"], taskIds: ["task/0"] });
    await api.end("complete");
    expect((await api.ask("GET /tasks")).body).toEqual({ tasks: [], taskIds: [] });
  });

  it("shows the results of the last run and of those before it, in the shape of version 1.2", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    const first = await finish(api);
    api.now += 3_600_000;
    await api.ask("POST /scenarios", { body: simpleTest });
    const second = await finish(api);
    const { body } = await api.ask("GET /scenarios/Xk29fLq0aZ");
    const results = {
      avg_rt: expect.any(Number),
      throughput: healthyResult().labels[""]?.count,
      p95_0: expect.any(Number),
      labels: expect.arrayContaining([expect.objectContaining({ label: "GET /cart", rps: expect.any(Number) })]),
    };
    expect(body).toMatchObject({
      testId: home,
      status: "complete",
      startTime: "2026-11-24 13:00:00",
      endTime: "2026-11-24 13:01:00",
      taskCount: 5,
      testScenario: { scenarios: { "Home page": { requests: [{ url: "https://shop.example/" }] } } },
      taskIds: [],
      results,
      history: [
        { id: second, status: "complete", results },
        { id: first, startTime: "2026-11-24 12:00:00", endTime: "2026-11-24 12:01:00", results },
      ],
    });
    expect(body).not.toHaveProperty("errorReason");
  });

  it("gives the history in pages", async () => {
    const api = new ApiClient();
    for (let run = 0; run < 3; run++) {
      await api.ask("POST /scenarios", { body: simpleTest });
      await api.end("cancelled");
      api.now += 1000;
    }
    const first = await api.ask("GET /scenarios/xk29flq0az", { query: { limit: "2" } });
    expect(first.body["history"]).toMatchObject([{ id: api.started[2] }, { id: api.started[1] }]);
    const query = { limit: "2", after: String(first.body["next"]) };
    const second = await api.ask("GET /scenarios/xk29flq0az", { query });
    expect(second.body["history"]).toMatchObject([{ id: api.started[0], status: "cancelled", results: {} }]);
    expect(second.body).not.toHaveProperty("next");
  });

  it("says why the last run failed", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    await api.end("failed", "No task started: the image is missing.");
    expect((await api.ask("GET /scenarios/xk29flq0az")).body).toMatchObject({
      status: "failed",
      errorReason: "No task started: the image is missing.",
    });
  });

  it("shows tests that were started by other tools", async () => {
    const api = new ApiClient();
    await api.ports.ledger.submit(makeRun({ engine: "aws", status: "queued" }), signal);
    expect((await api.ask("GET /scenarios/shop")).body).toMatchObject({
      testName: "Shop",
      testType: "simple",
      status: "running",
      taskCount: 3,
      testScenario: {},
    });
  });

  it("knows no test that was never started", async () => {
    const api = new ApiClient();
    for (const what of ["GET /scenarios/nothing", "POST /scenarios/nothing", "DELETE /scenarios/nothing"]) {
      expect(await api.ask(what)).toMatchObject({
        status: 404,
        body: { code: "no-test", title: "There is no test nothing." },
      });
    }
    expect((await api.ask("GET /scenarios/nothing/runs")).status).toBe(404);
  });
});

describe("POST /scenarios/{testId}", () => {
  it("asks the run for a graceful end, once", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    const [runId = runIdOf(0)] = api.started;
    const answer = await api.ask("POST /scenarios/xk29flq0az");
    expect(answer).toMatchObject({ status: 200, body: { testId: home, runId, status: "cancelling" } });
    await api.ask("POST /scenarios/xk29flq0az");
    expect(await api.ports.ledger.getStop(runId, signal)).toEqual({
      atMs: startedAtMs,
      by: "person",
      reason: "maria cancelled it through the API.",
    });
  });

  it("is harmless when the run has ended", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    const runId = await api.end("complete");
    expect((await api.ask("POST /scenarios/xk29flq0az")).body).toEqual({ testId: home, runId, status: "complete" });
    expect(await api.ports.ledger.getStop(runId, signal)).toBeUndefined();
  });
});

describe("DELETE /scenarios/{testId}", () => {
  it("refuses while the test is running", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    expect(await api.ask("DELETE /scenarios/xk29flq0az")).toMatchObject({
      status: 409,
      body: { code: "run-active", activeRunId: api.started[0] },
    });
  });

  it("leaves nothing of the test, and everything of others", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    await finish(api);
    await api.ask("POST /scenarios", { body: { ...simpleTest, testId: "shop" } });
    await api.end("complete");
    await api.upload("public/test-scenarios/jmeter/xk29flq0az.jmx", "old");
    await api.upload("results/xk29flq0az/prefix-uuid.xml", "old");
    const others = ["plans/", "tests/", "test-scenarios/"];
    expect(await api.ask("DELETE /scenarios/xk29flq0az")).toMatchObject({
      status: 200,
      body: { testId: home, status: "deleted" },
    });
    expect((await api.ask("GET /scenarios/xk29flq0az")).status).toBe(404);
    expect((await api.ask("GET /scenarios")).body["data"]).toMatchObject([{ testId: "shop" }]);
    const left = (await api.ports.store.list("", signal)).map(({ key }) => key);
    expect(left.filter((key) => key.includes(home))).toEqual([]);
    expect(left.filter((key) => key.endsWith(".zip"))).toHaveLength(1);
    for (const prefix of others) expect(left.filter((key) => key.startsWith(prefix))).toHaveLength(1);
  });

  it("asks to be repeated when there is more than it can delete at once", async () => {
    const api = new ApiClient();
    for (let run = 0; run < 3; run++) {
      await api.ask("POST /scenarios", { body: simpleTest });
      await api.end("complete");
      api.now += 1000;
    }
    const { ledger } = api.ports;
    const deleteRun = ledger.deleteRun.bind(ledger);
    ledger.deleteRun = async (runId, ...rest) => {
      api.now += 15_000;
      await deleteRun(runId, ...rest);
    };
    expect(await api.ask("DELETE /scenarios/xk29flq0az")).toMatchObject({
      status: 202,
      body: { status: "deleting", runsLeft: true },
    });
    expect((await api.ask("DELETE /scenarios/xk29flq0az")).status).toBe(200);
    expect((await api.ask("GET /scenarios")).body["data"]).toEqual([]);
  });
});

describe("runs of a test", () => {
  it("are listed with the figures that lists show", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    await api.end("complete");
    expect((await api.ask("GET /scenarios/xk29flq0az/runs")).body).toEqual({
      runs: [expect.objectContaining({ runId: api.started[0], status: "complete", startedBy: "maria", summary: null })],
    });
  });

  it("are shown whole, with an address of the result and of every artifact", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    const [runId = runIdOf(0)] = api.started;
    expect(await api.ask(`GET /runs/${runId}/result`)).toMatchObject({ status: 404, body: { code: "no-result" } });
    await finish(api);
    await api.upload(`results/${home}/${runId}/artifacts/0/bzt.log`, "log");
    expect((await api.ask(`GET /runs/${runId}`)).body).toMatchObject({
      runId,
      phase: "complete",
      results: { throughput: healthyResult().labels[""]?.count },
      verdictRules: healthyResult().verdict.rules,
      run: { schema: "loadfleet.run.v1" },
    });
    expect((await api.ask(`GET /runs/${runId}/result`)).body).toMatchObject({
      url: `https://store.example/${resultKey(home, runId)}?signed`,
      expiresInSeconds: 900,
    });
    const first = await api.ask(`GET /runs/${runId}/artifacts`, { query: { limit: "1" } });
    expect(first.body).toMatchObject({
      artifacts: [{ name: "artifacts/0/bzt.log", bytes: 3 }],
      next: "artifacts/0/bzt.log",
    });
    const second = await api.ask(`GET /runs/${runId}/artifacts`, { query: { after: "artifacts/0/bzt.log" } });
    expect(second.body["artifacts"]).toMatchObject([{ name: "result.json.gz" }]);
  });

  it("can be the baseline when they are complete", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    const runId = await api.end("complete");
    const marked = await api.ask("PUT /scenarios/xk29flq0az/baseline", { body: { runId } });
    expect(marked).toMatchObject({ status: 200, body: { testId: home, baselineRunId: runId } });
    expect((await api.ask("GET /scenarios/xk29flq0az")).body).toMatchObject({ baselineRunId: runId });
    expect((await api.ask("DELETE /scenarios/xk29flq0az/baseline")).body).toEqual({
      testId: home,
      baselineRunId: null,
    });
    expect((await api.ask("GET /scenarios/xk29flq0az")).body).toMatchObject({ baselineRunId: null });
  });

  it("cannot be the baseline when they are cancelled, of another test, or no runs", async () => {
    const api = new ApiClient();
    await api.ask("POST /scenarios", { body: simpleTest });
    const runId = await api.end("cancelled");
    const put = async (testId: string, body: unknown) =>
      (await api.ask(`PUT /scenarios/${testId}/baseline`, { body })).status;
    expect(await put("xk29flq0az", { runId })).toBe(409);
    expect(await put("shop", { runId })).toBe(404);
    expect(await put("xk29flq0az", { runId: "5" })).toBe(400);
    expect(await put("xk29flq0az", {})).toBe(400);
    expect((await api.ask("DELETE /scenarios/shop/baseline")).status).toBe(404);
  });
});
