import { describe, expect, it, test } from "vitest";
import type { PlannedExecution, RunChoice } from "../../../src/core/run/plan.ts";
import { planRun } from "../../../src/core/run/planRun.ts";
import { readScenario } from "../../../src/core/scenario/readScenario.ts";

const noFiles = { exists: () => false, size: () => undefined, readText: () => undefined };

/** Plans a scenario whose only execution has this load, written on one line. */
function plan(load: string, choice: RunChoice = { engine: "local" }) {
  const text = `execution: [{scenario: s, ${load}}]\nscenarios: {s: {requests: [http://127.0.0.1/]}}\n`;
  const { scenario } = readScenario("one.loadtest.yml", text, noFiles);
  if (scenario === undefined) throw new Error(`nothing was read from ${text}`);
  return planRun(scenario, choice, { files: [], sha256: "" });
}

describe("a line of load", () => {
  const rows: readonly [string, Partial<PlannedExecution>][] = [
    ["concurrency: 5, hold-for: 1m", { users: 5, rampUpMs: 0, holdForMs: 60_000, iterations: null }],
    ["concurrency: 5, hold-for: 90", { holdForMs: 90_000 }],
    ["concurrency: 5, hold-for: 1h2m3s", { holdForMs: 3_723_000 }],
    ["concurrency: 5, hold-for: 1.5h", { holdForMs: 5_400_000 }],
    ["concurrency: 5, hold-for: 500ms", { holdForMs: 500 }],
    ["concurrency: 5, hold-for: 1d 2h", { holdForMs: 93_600_000 }],
    ['concurrency: "5", hold-for: "10s"', { users: 5, holdForMs: 10_000 }],
    ["concurrency: 5, ramp-up: 30s", { rampUpMs: 30_000, holdForMs: 0 }],
    ["concurrency: 5, ramp-up: 30s, steps: 3, hold-for: 1s", { steps: 3 }],
    ["concurrency: 5, iterations: 10", { iterations: 10, holdForMs: null }],
    ["iterations: 10", { users: 1, iterations: 10 }],
    ["hold-for: 10s", { users: 1, iterations: null }],
    ["concurrency: 5", { users: 5, iterations: 1, holdForMs: null }],
    ["throughput: 50, hold-for: 10s", { users: null, ratePerSecond: 50 }],
    ["throughput: 2.5, concurrency: 3, hold-for: 10s", { users: 3, ratePerSecond: 2.5 }],
    ["delay: 15s, hold-for: 10s", { delayMs: 15_000 }],
    ["concurrency: {local: 3, cloud: 300}, hold-for: 1s", { users: 3 }],
    ["throughput: {local: 3, cloud: 300}, hold-for: 1s", { ratePerSecond: 3 }],
    ['concurrency: "${__P(users,12)}", hold-for: "${__P(hold,2m)}"', { users: 12, holdForMs: 120_000 }],
    ['concurrency: "${__P(users,12)}", ramp-up: "${__P(ramp,20)}"', { users: 12, rampUpMs: 20_000 }],
  ];
  test.each(rows)("%s", (load, expected) => {
    expect(plan(load).plan?.executions[0]).toMatchObject(expected);
  });

  it("takes its variables from the choice", () => {
    const choice: RunChoice = { engine: "local", environment: { users: "40", hold: "5m" } };
    expect(plan('concurrency: "${__P(users,1)}", hold-for: "${__P(hold,1s)}"', choice).plan).toMatchObject({
      executions: [{ users: 40, holdForMs: 300_000 }],
      plannedMs: 300_000,
    });
  });

  it("takes the cloud's part of a pair on AWS", () => {
    const { plan: planned } = plan("concurrency: {local: 3, cloud: 300}, hold-for: 1s", { engine: "aws" });
    expect(planned?.executions[0]?.users).toBe(300);
  });
});
