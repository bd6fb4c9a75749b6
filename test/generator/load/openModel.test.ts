import { describe, expect, test } from "vitest";
import { answerJson, startServer } from "../../servers/testServer.ts";
import { runYaml } from "../runs.ts";

describe("open model", () => {
  test("sends at the target rate, whatever the target's speed", async () => {
    await using server = await startServer((_, response) => void setTimeout(() => answerJson(response, {}), 100));
    const { report } = await runYaml(`
execution: [{throughput: 50, hold-for: 2s, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/a, /b]}
`);
    expect(report.latencyFrom).toBe("intended-start");
    expect(report.notes.filter((note) => note.includes("target rate"))).toEqual([]);
    expect(report.labels[""]?.count).toBeGreaterThanOrEqual(99);
    expect(report.labels[""]?.count).toBeLessThanOrEqual(101);
  });

  test("says when the users are too few for the rate, and what was reached", async () => {
    await using server = await startServer((_, response) => void setTimeout(() => answerJson(response, {}), 100));
    const { report } = await runYaml(`
execution: [{throughput: 100, concurrency: 2, hold-for: 1s, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/a]}
`);
    expect(report.maxUsers).toBe(2);
    expect(report.notes.join(" ")).toMatch(/100 requests per second was not held .* were reached .* all 2 users/);
  });

  test("counts the time that a request had to wait for a stalled target", async () => {
    let stalls = true;
    await using server = await startServer((_, response) => {
      const waitMs = stalls ? 800 : 0;
      stalls = false;
      setTimeout(() => answerJson(response, {}), waitMs);
    });
    const { report } = await runYaml(`
execution: [{throughput: 20, concurrency: 1, hold-for: 1500ms, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/a]}
`);
    // The 15 requests that were due while the only user stood still waited between 0 and 0.8 s.
    const all = report.labels[""];
    expect(all?.sumMs).toBeGreaterThan(800 + (15 * 800) / 2 - 1500);
    expect(all?.count).toBeGreaterThanOrEqual(28);
  });

  test("ends with the iterations of its users", async () => {
    await using server = await startServer((_, response) => answerJson(response, {}));
    const { report } = await runYaml(`
execution: [{throughput: 100, concurrency: 2, iterations: 3, hold-for: 1m, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", requests: [/a]}
`);
    expect(report.labels[""]?.count).toBe(6);
  });
});
