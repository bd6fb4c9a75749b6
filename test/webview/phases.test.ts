import { expect, test } from "vitest";
import type { PlannedExecution } from "../../src/core/run/plan.ts";
import { phasesOf } from "../../webview/result/phases.ts";

function execution(changes: Partial<PlannedExecution>): PlannedExecution {
  const plain = { scenario: "a", executor: undefined, users: 10, ratePerSecond: null, iterations: null, steps: null };
  return { ...plain, rampUpMs: 5000, holdForMs: 15_000, delayMs: 0, ...changes };
}

const namesOf = (executions: readonly PlannedExecution[], end: number) =>
  phasesOf(executions, end).map(({ name, from, to }) => `${name} ${from}-${to}`);

test.each([
  ["ramp-up and hold", [execution({})], 20, ["ramp-up 0-5", "hold-for 5-20"]],
  ["what comes after the plan", [execution({})], 23, ["ramp-up 0-5", "hold-for 5-20", "after the plan 20-23"]],
  ["no ramp-up", [execution({ rampUpMs: 0 })], 15, ["hold-for 0-15"]],
  ["a run that ended early", [execution({})], 3, ["ramp-up 0-3"]],
  ["no planned end", [execution({ holdForMs: null })], 40, ["ramp-up 0-5", "hold-for 5-40"]],
  ["a delay", [execution({ delayMs: 2000 })], 22, ["delay 0-2", "ramp-up 2-7", "hold-for 7-22"]],
  [
    "two executions, one later",
    [execution({}), execution({ delayMs: 10_000 })],
    30,
    ["ramp-up 0-5", "hold-for 5-10", "ramp-up 10-15", "hold-for 15-30"],
  ],
] as const)("phases of %s", (_name, executions, end, expected) => {
  expect(namesOf(executions, end)).toEqual(expected);
});
