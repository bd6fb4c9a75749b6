import { describe, expect, test } from "vitest";
import { decideOutcome, type Harvest } from "../../src/fleet/outcome.ts";
import { healthyTasks } from "../../src/fleet/plan.ts";
import type { StopRequest } from "../../src/core/run/wire.ts";

type Outcome = Harvest["reports"][number]["outcome"];

/** Ten tasks: what each report says of its end; those that are not named are missing. */
function harvest(outcomes: Partial<Record<Outcome, number>>, stop?: StopRequest["by"], isFailure?: boolean): Harvest {
  const ends = Object.entries(outcomes).flatMap(([outcome, count]) => Array.from({ length: count }, () => outcome));
  const reports = ends.map((outcome, task) => ({ task, outcome: outcome as Outcome, reason: `Ended as ${outcome}.` }));
  const numbers = Array.from({ length: 10 - reports.length }, (_, index) => reports.length + index);
  return {
    plan: { tasks: 10, healthyRatio: 0.9 },
    stop: stop && {
      atMs: 0,
      by: stop,
      reason: `Stopped by ${stop}.`,
      ...(isFailure === undefined ? {} : { isFailure }),
    },
    reports,
    missing: numbers.map((task) => ({ task, reason: "It was lost." })),
  };
}

describe("how a run ended", () => {
  test.each<[string, Harvest, string, string | null, string | null]>([
    ["all reported", harvest({ finished: 10 }), "complete", null, null],
    ["enough reported", harvest({ finished: 9 }), "complete", "9 of 10 tasks reported. Task 9: It was lost.", null],
    [
      "too few reported",
      harvest({ finished: 5 }),
      "failed",
      "5 of 10 tasks reported. Task 5: It was lost. Task 6: It was lost. Task 7: It was lost. 2 more tasks have no complete report.",
      null,
    ],
    ["a person stopped it", harvest({ stopped: 10 }, "person"), "cancelled", "Stopped by person.", null],
    ["a person stopped it too late", harvest({ finished: 10 }, "person"), "complete", null, null],
    [
      "a person stopped it and tasks are gone",
      harvest({ stopped: 2 }, "person"),
      "cancelled",
      "Stopped by person.",
      null,
    ],
    ["a person stopped it before it began", harvest({}, "person"), "cancelled", "Stopped by person.", null],
    ["a step failed", harvest({ stopped: 10 }, "failure"), "failed", "Stopped by failure.", null],
    ["a rule stopped it", harvest({ stopped: 10 }, "rule"), "complete", "Stopped by rule.", "Stopped by rule."],
    ["a rule ended it well", harvest({ stopped: 10 }, "rule", false), "complete", "Stopped by rule.", null],
    ["the deadline stopped it", harvest({ stopped: 10 }, "deadline"), "complete", "Stopped by deadline.", null],
    [
      "AWS ended a task early",
      harvest({ stopped: 1, finished: 9 }),
      "complete",
      "1 of 10 tasks ended early, with what they had measured. Task 0: Ended as stopped.",
      null,
    ],
    ["agents ended at the deadline", harvest({ deadline: 10 }), "complete", "Ended as deadline.", null],
    [
      "one broke under load",
      harvest({ finished: 9, failed: 1 }),
      "complete",
      "10 of 10 tasks reported. Task 9: It failed before its end: Ended as failed.",
      null,
    ],
    [
      "a rule stopped it and a task is lost",
      harvest({ stopped: 9 }, "rule"),
      "complete",
      "Stopped by rule. 9 of 10 tasks reported. Task 9: It was lost.",
      "Stopped by rule.",
    ],
  ])("%s", (_name, given, status, reason, stoppedBy) => {
    expect(decideOutcome(given)).toEqual({ status, reason, stoppedBy });
  });

  test.each([
    [1, 0.9, 1],
    [2, 0.9, 1],
    [3, 0.9, 2],
    [10, 0.9, 9],
    [100, 0.9, 90],
    [10, 1, 10],
    [10, 0, 1],
    [10, 0.7, 7],
  ])("%i tasks at a healthy ratio of %d need %i", (tasks, healthyRatio, needed) => {
    expect(healthyTasks({ tasks, healthyRatio })).toBe(needed);
  });
});
