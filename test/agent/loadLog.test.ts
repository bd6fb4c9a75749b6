import { expect, test } from "vitest";
import { LoadLog } from "../../src/agent/loadLog.ts";
import type { DriverReport, Interval } from "../../src/agent/driver.ts";
import type { PlannedExecution, RunPlan } from "../../src/core/run/plan.ts";
import type { ErrorKind } from "../../src/core/run/wire.ts";
import { makePlan } from "../fleet/records.ts";

const usage = { cpuRatio: 0.314, memoryMiB: 96 };
const execution: PlannedExecution = {
  scenario: "checkout",
  executor: undefined,
  users: 30,
  ratePerSecond: null,
  rampUpMs: 10_000,
  holdForMs: 50_000,
  delayMs: 0,
  iterations: null,
  steps: null,
};

function logOf(changes: Partial<RunPlan> = {}): { readonly log: LoadLog; readonly lines: string[] } {
  const lines: string[] = [];
  const plan = makePlan({ tasks: 3, executions: [execution], ...changes });
  const share = { index: 0, of: 3, executions: [{ users: 10, firstUser: 0, ratePerSecond: null }] };
  const log = new LoadLog({ plan, task: 1, share, startAtMs: Date.UTC(2026, 0, 2) }, (line) => lines.push(line));
  return { log, lines };
}

function second(at: number, errors: readonly ErrorKind[] = []): Interval {
  const failed = errors.reduce((sum, { count }) => sum + count, 0);
  const all = { count: 40, failed, bytes: 0, sumMs: 400, histogram: undefined, errors };
  return { second: at, users: 10, labels: new Map([["", all]]) };
}

test("says who begins, with what and against which hosts", () => {
  const { log, lines } = logOf();
  log.begin();
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^Task 1, one of 3: driver embedded, up to 10 users, target .+2026-01-02T00:00:00/);
});

test("says when the ramp-up has ended and when the planned time is over, once each", () => {
  const { log, lines } = logOf();
  for (let at = 0; at < 70; at++) log.add(second(at), usage);
  const at = (start: string): number => lines.findIndex((line) => line.startsWith(start));
  const phases = lines.filter((line) => line.includes("checkout"));
  expect(phases).toEqual([
    'The ramp-up of "checkout" has ended; it holds for 50s.',
    'The planned time of "checkout" is over.',
  ]);
  expect(at("The ramp-up")).toBeLessThan(at("30s:"));
  expect(at("The planned time")).toBeGreaterThan(at("30s:"));
});

test("writes a line of progress each 30 s, with what the task uses", () => {
  const { log, lines } = logOf({ executions: [] });
  for (let at = 0; at < 61; at++) {
    log.add(second(at, at === 5 ? [{ message: "Bad Gateway", code: "502", count: 3 }] : []), usage);
  }
  expect(lines.slice(1)).toEqual([
    "30s: 10 users, 1,200 requests (40 RPS lately), 3 errors (3 lately), CPU 31.4 % of a core, memory 96 MiB",
    "1m: 10 users, 2,400 requests (40 RPS lately), 3 errors (0 lately), CPU 31.4 % of a core, memory 96 MiB",
  ]);
  expect(lines[0]).toBe("First error of its kind, in second 5: 502: Bad Gateway");
});

test("names each kind of error once, in one line of bounded length, and at most twenty of them", () => {
  const { log, lines } = logOf({ executions: [] });
  log.add(second(0, [{ message: `${"x".repeat(1000)}\nmore`, code: "", count: 2 }]), usage);
  for (let at = 1; at < 29; at++) log.add(second(at, [{ message: `Kind ${at % 25}`, code: "500", count: 1 }]), usage);
  expect(lines[0]).toBe(`First error of its kind, in second 0: ${"x".repeat(300)}`);
  expect(lines.filter((line) => line.startsWith("First error"))).toHaveLength(20);
  expect(lines.filter((line) => line.startsWith("There are more kinds"))).toHaveLength(1);
});

test("stays small however long the run is", () => {
  const { log, lines } = logOf({ executions: [] });
  for (let at = 0; at < 24 * 3600; at++) log.add(second(at), usage);
  expect(lines.length).toBeLessThan(600);
});

test("says that a stop was asked for, and how it ended with which totals", () => {
  const { log, lines } = logOf();
  log.stopAsked("It was stopped by a person.");
  const report: DriverReport = {
    outcome: "stopped",
    reason: "It was stopped by a person.",
    startedAtMs: 0,
    firstSampleAtMs: 0,
    lastSampleAtMs: 0,
    latencyFrom: "send",
    notes: ["The rate was not held."],
    maxUsers: 10,
    labels: {},
    artifacts: [],
  };
  log.add(second(0, [{ message: "Oops", code: "500", count: 1 }]), usage);
  log.end(report, { cpuPeakRatio: 0.5, memoryPeakMiB: 120 });
  expect(lines).toEqual([
    "Asked to stop: It was stopped by a person.",
    "First error of its kind, in second 0: 500: Oops",
    "The load has been stopped (It was stopped by a person): 40 requests, 1 error; CPU up to 50 % of a core, memory up to 120 MiB.",
    "The rate was not held.",
  ]);
});
