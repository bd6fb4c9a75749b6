import { expect, test } from "vitest";
import { makeLocustDriver } from "../../src/agent/drivers/locust/driver.ts";
import { startServer } from "../servers/testServer.ts";
import { checkSeconds, runTask, sum } from "./tasks.ts";

const yaml = (load: string, address = ""): string => `
execution:
- {executor: locust, ${load} scenario: shop}
scenarios: {shop: {script: shop.py${address === "" ? "" : `, default-address: "${address}"`}}}
`;

const script = `
from locust import HttpUser, task, constant
import os

class Shopper(HttpUser):
    wait_time = constant(0.05)

    @task
    def shop(self):
        self.client.get("/quick")
        self.client.get("/sometimes", name="some, \\"times\\"")
        self.client.get("/" + os.environ.get("PLACE", "here"), name="place")
`;

async function startTarget() {
  let sometimes = 0;
  return startServer(({ url }, response) => {
    const isFailure = url.startsWith("/sometimes") && ++sometimes % 5 === 0;
    response.writeHead(isFailure ? 503 : 200).end(url.repeat(3));
  });
}

test("counts what the target saw, in every second and in the whole", async () => {
  await using target = await startTarget();
  const run = await runTask(makeLocustDriver(), yaml("concurrency: 4, ramp-up: 1s, hold-for: 2s,", target.address), {
    files: { "shop.py": script },
    environment: { PLACE: "there" },
  });
  const { report } = run;
  checkSeconds(run);
  expect(report).toMatchObject({ outcome: "finished", maxUsers: 4 });
  const all = report.labels[""];
  // What is under way when the load ends is seen by the target alone.
  expect(target.requests.length - (all?.count ?? 0)).toBeLessThanOrEqual(4);
  expect(all?.count).toBeGreaterThan(50);
  expect(report.labels["place"]?.bytesIn).toBe(18 * (report.labels["place"]?.count ?? 0));
  const some = report.labels['some, "times"'];
  expect(some?.failed).toBe(Math.floor((some?.count ?? 0) / 5));
  expect(some?.codes).toEqual({ 200: (some?.count ?? 0) - (some?.failed ?? 0), 503: some?.failed });
  expect(some?.errors).toEqual([{ code: "503", count: some?.failed, message: expect.stringContaining("503") }]);
  expect(sum([0, 1].map((index) => run.intervals[index]?.labels.get("")?.count ?? 0))).toBeGreaterThan(0);
  expect(report.firstSampleAtMs).toBeGreaterThanOrEqual(run.startAtMs);
});

test("runs each user's iterations", async () => {
  await using target = await startTarget();
  const { report } = await runTask(makeLocustDriver(), yaml("concurrency: 3, iterations: 4,", target.address), {
    files: { "shop.py": script },
  });
  expect(report).toMatchObject({ outcome: "finished", labels: { place: { count: 12 } } });
});

test("sends the requests of a scenario", async () => {
  await using target = await startTarget();
  const { report } = await runTask(
    makeLocustDriver(),
    `
execution:
- {executor: locust, concurrency: 2, iterations: 2, scenario: shop}
scenarios:
  shop:
    default-address: ${target.address}
    headers: {x-own: mine}
    requests:
    - /first
    - {label: order, url: /order, method: POST, body: {a: "1"}}
`,
  );
  expect(report.labels).toMatchObject({ "": { count: 8, failed: 0 }, order: { count: 4 }, "/first": { count: 4 } });
  expect(target.requests.find(({ method }) => method === "POST")).toMatchObject({
    url: "/order",
    body: "a=1",
    headers: { "x-own": "mine" },
  });
});

test("ends gracefully with its figures when it is stopped", async () => {
  await using target = await startTarget();
  const stop = new AbortController();
  let stoppedAtMs = 0;
  const { report } = await runTask(makeLocustDriver(), yaml("concurrency: 2, hold-for: 10m,", target.address), {
    files: { "shop.py": script },
    stop: stop.signal,
    onInterval: () => {
      stoppedAtMs ||= Date.now();
      stop.abort();
    },
  });
  expect(Date.now() - stoppedAtMs).toBeLessThan(2500);
  expect(report).toMatchObject({ outcome: "stopped", maxUsers: 2 });
  expect(report.labels[""]?.count).toBeGreaterThan(10);
});

test.each([
  ["cannot be read", "concurrency: 1, hold-for: 1s,", "def broken(:", /^Locust cannot run the scenario: SyntaxError/],
  ["has no users", "concurrency: 1, hold-for: 1s,", "x = 1", /it has no class that is a User/],
  ["gets no load", "", script, /the plan names no users, and the script has no LoadTestShape/],
  ["is to hold a rate", "concurrency: 1, throughput: 5, hold-for: 1s,", script, /^Locust does not hold a target rate/],
])("says why a script that %s does not start", async (_, load, text, message) => {
  await expect(runTask(makeLocustDriver(), yaml(load), { files: { "shop.py": text } })).rejects.toThrow(message);
});

test("masks secrets, counts exceptions and says when every request failed", async () => {
  const text = `${script}\n        print(os.environ["KEY"])\n        raise RuntimeError("oops " + os.environ["KEY"])\n`;
  const { report, artifact } = await runTask(
    makeLocustDriver(),
    `${yaml("concurrency: 1, iterations: 1,", "http://127.0.0.1:9")}loadfleet: {secrets: {KEY: "env:KEY"}}`,
    { files: { "shop.py": text }, environment: { KEY: "hunter2-secret" } },
  );
  expect(JSON.stringify(report) + artifact("locust.log")).not.toContain("hunter2");
  expect(artifact("locust.log")).toContain("***");
  expect(report.notes).toEqual([
    expect.stringContaining("connect time"),
    "The script threw 1 exceptions, the first of them: RuntimeError: oops ***",
    expect.stringMatching(/^Every one of 3 requests failed/),
  ]);
});

test("sends requests with whole addresses for a time, without a default address", async () => {
  await using target = await startTarget();
  const text = `
execution: [{executor: locust, concurrency: 3, hold-for: 2s, scenario: s}]
scenarios: {s: {requests: [{label: item, url: "${target.address}/item", think-time: 50ms}]}}
`;
  const { report } = await runTask(makeLocustDriver(), text);
  expect(report).toMatchObject({ outcome: "finished", maxUsers: 3 });
  expect(report.labels["item"]?.count).toBeGreaterThan(10);
});

test("says why users of a script cannot be started", async () => {
  const { report } = await runTask(makeLocustDriver(), yaml("concurrency: 1, hold-for: 5s,"), {
    files: { "shop.py": script },
  });
  expect(report.outcome).toBe("failed");
  expect(report.reason).toMatch(/^Locust cannot run the scenario: StopTest: You must specify the base host/);
});
