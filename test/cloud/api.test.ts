import { readFileSync } from "node:fs";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startServer, type TestServer } from "../servers/testServer.ts";
import { callApi, signIn, type ApiReply } from "./apiClient.ts";
import { CloudStack, patience } from "./cloudStack.ts";

// The REST API as clients of version 1.2 call it, with tokens of the stack's user pool.

let stack: CloudStack;
let target: TestServer;
let runner: string;
let reader: string;
let admin: string;

beforeAll(async () => {
  target = await startServer((_, response) => setTimeout(() => response.end("answer"), 5));
  stack = await CloudStack.open();
  runner = await signIn(stack, "runner", "run");
  reader = await signIn(stack, "reader");
  admin = await signIn(stack, "boss", "admin");
});
afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await target[Symbol.asyncDispose]();
});

const call = (token: string | undefined, method: string, path: string, body?: unknown): Promise<ApiReply> =>
  callApi(stack, token, method, path, body);
const seen = (path: string): number => target.requests.filter(({ url }) => url.startsWith(path)).length;

/** A body that the console of version 1.2 sends. */
function simple(testId: string, holdFor = "3s", taskCount = 2): object {
  return {
    testId,
    testName: `Test ${testId}`,
    testDescription: "Of one address",
    testType: "simple",
    fileType: "none",
    taskCount,
    testScenario: {
      execution: [{ concurrency: 3, "ramp-up": "0s", "hold-for": holdFor, scenario: testId }],
      scenarios: { [testId]: { requests: [{ url: `${target.address}/${testId}`, method: "GET", headers: {} }] } },
    },
  };
}

interface Scenario {
  readonly status: string;
  readonly runId: string;
  readonly results: Readonly<Record<string, number>>;
  readonly errorReason?: string;
}

/** Asks for a test until it is running no more. */
async function ended(testId: string): Promise<Scenario> {
  const ask = async (): Promise<Scenario> => (await call(reader, "GET", `/scenarios/${testId}`)).body as Scenario;
  await vi.waitFor(async () => expect((await ask()).status).not.toBe("running"), patience(220_000));
  const scenario = await ask();
  const { items } = await stack.ledger().listRuns({ limit: 100 }, stack.signal);
  const run = items.find((item) => item.testId === testId);
  if (run !== undefined) await stack.expectClosed(run.runId);
  return scenario;
}

/** Uploads a file as the API says, in one part. */
async function upload(testId: string, fileName: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  const request = { testType: "jmeter", fileName, bytes: bytes.length };
  const begun = await call(runner, "POST", `/scenarios/${testId}/uploads`, request);
  expect(begun).toMatchObject({ status: 201, body: { isComplete: false } });
  const { uploadId, parts } = begun.body as { uploadId: string; parts: readonly { url: string }[] };
  for (const { url } of parts) expect((await fetch(url, { method: "PUT", body: bytes })).status).toBe(200);
  const finished = await call(runner, "POST", `/scenarios/${testId}/uploads`, { ...request, uploadId });
  expect(finished).toMatchObject({ status: 200, body: { isComplete: true } });
}

test("a request without a token, or with one that was tampered with, is refused", async () => {
  expect((await call(undefined, "GET", "/scenarios")).status).toBe(401);
  expect((await call(`${runner.slice(0, -6)}AAAAAA`, "GET", "/scenarios")).status).toBe(401);
});

test("who may only read starts and deletes nothing", async () => {
  expect((await call(reader, "GET", "/scenarios")).status).toBe(200);
  const refused = await call(reader, "POST", "/scenarios", simple("never"));
  expect(refused).toMatchObject({ status: 403, body: { status: 403 } });
  expect((await call(runner, "DELETE", "/scenarios/never")).status).toBe(403);
  expect(seen("/never")).toBe(0);
});

test("a bad body is answered with every field that is wrong", async () => {
  const reply = await call(runner, "POST", "/scenarios", { testName: "", taskCount: 0 });
  expect(reply.status).toBe(400);
  expect(reply.body).toMatchObject({ code: expect.any(String), fields: expect.any(Array) });
});

describe.concurrent("a test by the API", () => {
  test("of one address runs on its tasks and shows its results as version 1.2 does", async () => {
    const started = await call(runner, "POST", "/scenarios", simple("address"));
    expect(started).toMatchObject({ status: 200, body: { testId: "address", status: "running" } });
    expect(await call(runner, "POST", "/scenarios", simple("address"))).toMatchObject({ status: 409 });
    expect(await call(admin, "DELETE", "/scenarios/address")).toMatchObject({ status: 409 });
    const { status, results, runId } = await ended("address");
    expect(status).toBe("complete");
    expect(results["throughput"]).toBe(seen("/address"));
    expect(results).toMatchObject({ fail: 0, succ: seen("/address") });
    expect(results["p95_0"]).toBeGreaterThan(0.004);
    const link = await call(reader, "GET", `/runs/${runId}/result`);
    expect(link.status).toBe(200);
    expect((await call(admin, "DELETE", "/scenarios/address")).status).toBe(200);
    expect((await call(reader, "GET", "/scenarios/address")).status).toBe(404);
  });

  test("with a JMeter script runs the script", async () => {
    const plan = readFileSync(new URL("../taurus/files/plan.jmx", import.meta.url), "utf8")
      .replace("${__P(port)}", String(target.port))
      .replace("${__P(data,data/users.csv)}", "users.csv")
      .replace("/login/${user}", "/script/nobody");
    // A script by itself has no data.
    const bare = plan.replace(/<CSVDataSet[\s\S]*?<\/CSVDataSet>\s*<hashTree\/>/, "");
    await upload("script", "script.jmx", new TextEncoder().encode(bare));
    const body = { testId: "script", testName: "A script", testType: "jmeter", fileType: "script", taskCount: 1 };
    const execution = [{ concurrency: 1, "hold-for": "5s", "ramp-up": "0s", scenario: "script" }];
    const testScenario = { execution, scenarios: { script: { script: "script.jmx" } } };
    expect(await call(runner, "POST", "/scenarios", { ...body, testScenario })).toMatchObject({ status: 200 });
    const { status, results, errorReason } = await ended("script");
    expect({ status, errorReason }).toEqual({ status: "complete", errorReason: undefined });
    expect(results["throughput"]).toBeGreaterThan(0);
    expect(seen("/script/")).toBeGreaterThan(0);
  });

  test("with a zip runs the script in it with its data", async () => {
    const plan = readFileSync(new URL("../taurus/files/plan.jmx", import.meta.url), "utf8")
      .replace("${__P(port)}", String(target.port))
      .replace("/login/", "/zip/");
    const files = { "plan.jmx": strToU8(plan), "data/users.csv": strToU8("user\nu0\nu1\n") };
    await upload("zip", "zip.zip", new Uint8Array(zipSync(files)));
    const body = { testId: "zip", testName: "A zip", testType: "jmeter", fileType: "zip", taskCount: 1 };
    const execution = [{ concurrency: 1, "hold-for": "5s", "ramp-up": "0s", scenario: "zip" }];
    const testScenario = { execution, scenarios: { zip: { script: "zip.zip" } } };
    expect(await call(runner, "POST", "/scenarios", { ...body, testScenario })).toMatchObject({ status: 200 });
    const { status, errorReason } = await ended("zip");
    expect({ status, errorReason }).toEqual({ status: "complete", errorReason: undefined });
    expect(seen("/zip/u0")).toBeGreaterThan(0);
    expect(seen("/zip/u1")).toBeGreaterThan(0);
  });

  test("is cancelled by the API with what it has measured", async () => {
    await call(runner, "POST", "/scenarios", simple("unwanted", "10m"));
    await vi.waitFor(() => expect(seen("/unwanted")).toBeGreaterThan(20), patience(120_000));
    expect((await call(runner, "POST", "/scenarios/unwanted")).status).toBe(200);
    const { status, results } = await ended("unwanted");
    expect(status).toBe("cancelled");
    expect(results["throughput"]).toBeGreaterThan(20);
  });
});
