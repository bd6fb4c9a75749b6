import { describe, expect, test } from "vitest";
import { decodeReport } from "../../../src/core/results/report.ts";
import type { LabelFigures, TaskReport } from "../../../src/core/run/wire.ts";
import { figuresOf, reportOf } from "./taskReport.ts";

const all = figuresOf([1000, 2000, 7000]);
const good = reportOf(3, { "": all, Home: figuresOf([1000, 2000]) });

function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function faultOf(value: unknown): string {
  const decoded = decodeReport(bytesOf(value), { runId: "run", task: 3 });
  return "fault" in decoded ? decoded.fault : "";
}

function withAll(changes: Partial<LabelFigures>): TaskReport {
  return { ...good, labels: { "": { ...all, ...changes } } };
}

test("takes a whole report, with fields that it does not know", () => {
  const value = { ...good, later: true };
  expect(decodeReport(bytesOf(value), { runId: "run", task: 3 })).toEqual({ report: value });
});

test("takes a report of a task that had no requests", () => {
  expect(faultOf(reportOf(3, { "": figuresOf([]) }, { firstSampleAtMs: null, lastSampleAtMs: null }))).toBe("");
});

describe("broken reports", () => {
  test.each([0, 1, 100, bytesOf(good).length - 1])("says that JSON of %d bytes is not whole", (length) => {
    expect(decodeReport(bytesOf(good).subarray(0, length))).toEqual({
      fault: "The report is not whole: its JSON ends too early or is damaged.",
    });
  });

  test.each([
    ["another schema", { ...good, schema: "loadfleet.task.v2" }, /form of loadfleet.task.v1: \/schema/],
    ["no object", [], /form of loadfleet.task.v1/],
    ["a missing field", { ...good, maxUsers: undefined }, /form of loadfleet.task.v1.*maxUsers/],
    ["a negative count", withAll({ count: -1 }), /form of loadfleet.task.v1: \/labels\/\/count/],
    ["another run", { ...good, runId: "other" }, /of the run other/],
    ["another task", { ...good, task: 4 }, /task 4, not of task 3/],
    ["a task beyond the fleet", { ...good, tasks: 3 }, /task 3, but the run has 3 tasks/],
    ["a fleet that nobody has", { ...good, tasks: 2_000_000_000 }, /2000000000 tasks, which no run has/],
    ["an end before the beginning", { ...good, endedAtMs: 5 }, /ends before it begins/],
    ["no figures of all requests", { ...good, labels: { Home: all } }, /no figures of all requests/],
    ["no instant of the first request", { ...good, firstSampleAtMs: null }, /not the instants/],
    ["more failures than requests", withAll({ failed: 4 }), /all requests cannot be true: 4 of 3 requests failed/],
    ["a minimum above the maximum", withAll({ minMs: 8 }), /shortest response time, 8 ms, is above the longest, 7 ms/],
    ["a sum that is too high", withAll({ sumMs: 100 }), /do not add up to 100 ms/],
    ["a sum that is too low", withAll({ sumMs: 1 }), /do not add up to 1 ms/],
    ["a histogram of other requests", withAll({ histogram: figuresOf([1]).histogram }), /holds 1 of 3 requests/],
    [
      "a damaged histogram",
      withAll({ histogram: { unit: "us", v2: "AAAA" } }),
      /a histogram cannot be read: it is not Hdr/,
    ],
    [
      "a mistake in one label",
      { ...good, labels: { "": all, Home: { ...figuresOf([1000]), failed: 2 } } },
      /figures of "Home" cannot be true: 2 of 1/,
    ],
  ])("names %s", (_name, value, sentence) => {
    expect(faultOf(value)).toMatch(sentence);
  });
});
