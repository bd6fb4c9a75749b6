import { describe, expect, test } from "vitest";
import { answerJson, startServer } from "../../servers/testServer.ts";
import { runYaml } from "../runs.ts";

describe("closed model", () => {
  test("every user does its iterations over a connection of its own", async () => {
    await using server = await startServer((_, response) => answerJson(response, {}));
    const { report } = await runYaml(`
execution: [{concurrency: 3, iterations: 4, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/a, /b]}
`);
    expect(report.outcome).toBe("finished");
    expect(report.labels[""]).toMatchObject({ count: 24, failed: 0, aborted: 0, codes: { 200: 24 } });
    expect(report.labels["/a"]?.count).toBe(12);
    expect(report.maxUsers).toBe(3);
    expect(server.connections()).toBe(3);
    expect(server.requests).toHaveLength(24);
  });

  test("seconds are delivered in order and add up to the whole", async () => {
    await using server = await startServer((_, response) => answerJson(response, {}));
    const { report, seconds } = await runYaml(`
execution: [{concurrency: 4, ramp-up: 1s, hold-for: 1s, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", think-time: 20ms, requests: [/a]}
loadfleet: {series-labels: [/a]}
`);
    expect(seconds.map(({ second }) => second)).toEqual(seconds.map((_, index) => index));
    const all = report.labels[""];
    const sum = (label: string): number =>
      seconds.reduce((total, { labels }) => total + (labels.get(label)?.count ?? 0), 0);
    expect(sum("")).toBe(all?.count);
    expect(sum("/a")).toBe(all?.count);
    for (const { labels } of seconds) {
      for (const label of ["", "/a"]) {
        const figures = labels.get(label);
        expect(figures?.histogram?.totalCount).toBe(figures?.count);
      }
    }
    expect(seconds[1]?.users).toBe(4);
  });

  test("users of several tasks take turns in the ramp-up", async () => {
    await using server = await startServer((_, response) => answerJson(response, {}));
    const yaml = `
execution: [{concurrency: 4, ramp-up: 400ms, iterations: 1, hold-for: 1s, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/a]}
`;
    const runs = await Promise.all(
      [0, 1].map((index) => runYaml(yaml, { share: { index, of: 2 }, choice: { tasks: 2 } })),
    );
    expect(runs.map(({ report }) => report.labels[""]?.count)).toEqual([2, 2]);
  });

  test("several executions run side by side, each after its delay", async () => {
    await using server = await startServer((_, response) => answerJson(response, {}));
    const { report } = await runYaml(`
execution:
- {concurrency: 1, iterations: 2, scenario: one}
- {concurrency: 2, iterations: 1, delay: 200ms, scenario: two}
scenarios:
  one: {default-address: "${server.address}", requests: [/one]}
  two: {default-address: "${server.address}", requests: [/two]}
`);
    expect(report.labels["/one"]?.count).toBe(2);
    expect(report.labels["/two"]?.count).toBe(2);
    expect(server.requests.map(({ url }) => url)).toEqual(["/one", "/one", "/two", "/two"]);
  });

  test("a stop ends the run at once and counts requests under way as aborted", async () => {
    const stop = new AbortController();
    await using server = await startServer(({ url }, response) => {
      if (url === "/fast") answerJson(response, {});
      else stop.abort();
    });
    const { report } = await runYaml(
      `
execution: [{concurrency: 2, hold-for: 1m, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/fast, /never]}
`,
      { stop: stop.signal },
    );
    expect(report.outcome).toBe("stopped");
    expect(report.labels["/fast"]).toMatchObject({ failed: 0 });
    const aborted = Object.entries(report.labels).map(([label, figures]) => (label === "" ? 0 : figures.aborted));
    expect(aborted.reduce((sum, count) => sum + count)).toBe(report.labels[""]?.aborted);
    expect(report.labels["/never"]).toMatchObject({ count: 0, failed: 0 });
    expect(report.labels["/never"]?.aborted).toBeGreaterThanOrEqual(1);
  });

  test("a request that is under way at the end of the hold-for may finish", async () => {
    await using server = await startServer((_, response) => void setTimeout(() => answerJson(response, {}), 700));
    const { report } = await runYaml(`
execution: [{concurrency: 1, hold-for: 300ms, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/slow]}
`);
    expect(report.labels[""]).toMatchObject({ count: 1, failed: 0, aborted: 0 });
  });

  test("a run that is stopped before it begins has nothing", async () => {
    const { report } = await runYaml(
      `
execution: [{concurrency: 1, hold-for: 1m, scenario: s}]
scenarios:
  s: {default-address: "http://127.0.0.1:1", requests: [/]}
`,
      { stop: AbortSignal.abort() },
    );
    expect(report).toMatchObject({ outcome: "stopped", firstSampleAtMs: null, lastSampleAtMs: null });
  });

  test("data rows are shared among users, and a user without a row ends", async () => {
    await using server = await startServer((_, response) => answerJson(response, {}));
    const { report } = await runYaml(
      `
execution: [{concurrency: 2, hold-for: 1m, scenario: s}]
scenarios:
  s:
    default-address: "${server.address}"
    data-sources: [{path: users.csv, loop: false}]
    requests: ["/\${user}"]
`,
      { files: { "users.csv": "user\nann\nbob\ncid\n" } },
    );
    expect(report.labels[""]?.count).toBe(3);
    expect(server.requests.map(({ url }) => url).toSorted()).toEqual(["/ann", "/bob", "/cid"]);
  });
});
