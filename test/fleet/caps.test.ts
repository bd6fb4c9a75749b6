import { describe, expect, test } from "vitest";
import { pricesOf } from "../../src/aws/prices.ts";
import { UserError } from "../../src/core/errors.ts";
import { formatUsd } from "../../src/core/run/cost.ts";
import { makeTestId } from "../../src/core/run/ids.ts";
import type { RunPlan } from "../../src/core/run/plan.ts";
import type { RunRecord } from "../../src/core/run/run.ts";
import type { Caps } from "../../src/core/stack/names.ts";
import { checkCaps } from "../../src/fleet/caps.ts";
import { makeMemoryLedger } from "../../src/fleet/memory/ledger.ts";
import { makeMemoryStore } from "../../src/fleet/memory/store.ts";
import { storePlan } from "../../src/fleet/plan.ts";
import { expectedCost, spentThisMonth, taskSeconds, type Tariff } from "../../src/fleet/spending.ts";
import { makePlan, makeRun, makeTask, runIdOf, startedAtMs } from "./records.ts";

const { signal } = new AbortController();
const none: Caps = {
  mostTasks: null,
  longestRunMs: null,
  mostCostPerRunUsd: null,
  mostCostPerMonthUsd: null,
  allowedTargets: [],
};
const tariff: Tariff = {
  prices: pricesOf("us-east-1"),
  architecture: "arm64",
  hasPublicIp: true,
  longestRunMs: 3_600_000,
};
const summary: NonNullable<RunRecord["summary"]> = {
  verdict: "passed",
  count: 1,
  failed: 0,
  errorRatio: 0,
  ratePerSecond: 1,
  meanMs: 1,
  p95Ms: 1,
  p99Ms: 1,
  maxUsers: 1,
  tasksReported: 1,
  costUsd: 3,
};

async function refusal(caps: Partial<Caps>, changes: Partial<RunPlan> = {}, runs: readonly RunRecord[] = []) {
  const ports = { ledger: makeMemoryLedger(), store: makeMemoryStore() };
  for (const run of runs) {
    await ports.ledger.submit(run, signal);
    await storePlan(run.runId, makePlan(), ports.store, signal);
  }
  try {
    await checkCaps(
      { runId: runIdOf(0), plan: makePlan(changes) },
      { ...none, ...caps },
      tariff,
      startedAtMs,
      ports,
      signal,
    );
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, message: error.message, hint: error.hint };
    throw error;
  }
}

const ofMonth = (number: number, changes: Partial<RunRecord> = {}): RunRecord =>
  makeRun({ runId: runIdOf(number), testId: makeTestId(`other ${number}`), ...changes });

describe("the owner's caps", () => {
  test("let pass what they do not limit", async () => {
    expect(await refusal({})).toBeUndefined();
    expect(
      await refusal({ mostTasks: 3, longestRunMs: 20_000, mostCostPerRunUsd: 1, mostCostPerMonthUsd: 1 }),
    ).toBeUndefined();
  });

  test.each<readonly [Partial<Caps>, Partial<RunPlan>, string, string]>([
    [{ mostTasks: 2 }, {}, "cap-tasks", "The run wants 3 tasks, and the stack allows 2 (cap on tasks)."],
    [
      { longestRunMs: 60_000 },
      { plannedMs: 90_000 },
      "cap-run-length",
      "The run is planned for 1m30s, and the stack allows 1m (cap on the length of a run).",
    ],
    [
      { mostCostPerRunUsd: 0.5 },
      { tasks: 100, plannedMs: 3_600_000 },
      "cap-run-cost",
      `The run would cost about ${formatUsd(
        expectedCost(makePlan({ tasks: 100, plannedMs: 3_600_000 }), tariff),
      )}, and the stack allows $0.50 (cap on the cost of a run).`,
    ],
  ])("%j refuse a run with %j", async (caps, changes, code, message) => {
    const found = await refusal(caps, changes);
    expect(found).toMatchObject({ code, message });
    expect(found?.hint).toContain("ask the stack's owner to raise its parameter ");
  });

  test("leave a run without a planned end to its deadline, and price it by the longest run", async () => {
    // 100 tasks for 3,690 s at 2 × 0.03238 + 4 × 0.00356 + 0.005 USD an hour, and some cents for logs and control.
    const ofHundred = expectedCost(makePlan({ tasks: 100, plannedMs: 3_600_000 }), tariff);
    expect(ofHundred - (100 * 3690 * 0.084) / 3600).toSatisfy((rest: number) => rest > 0 && rest < 0.5);
    expect(await refusal({ longestRunMs: 60_000 }, { plannedMs: null })).toBeUndefined();
    expect(expectedCost(makePlan({ plannedMs: null }), tariff)).toBe(
      expectedCost(makePlan({ plannedMs: 3_600_000 }), tariff),
    );
  });

  test("tell amounts below a cent apart", async () => {
    const found = await refusal({ mostCostPerRunUsd: 0.001 }, { tasks: 1 });
    expect(found?.message).toMatch(/ about \$0\.00\d\d?, and the stack allows \$0\.001 /);
  });

  test("count what the month's other runs have cost", async () => {
    const spent = [ofMonth(-2, { status: "complete", summary }), ofMonth(-1, { status: "complete", summary })];
    const found = await refusal({ mostCostPerMonthUsd: 6 }, {}, spent);
    expect(found?.message).toMatch(
      /^The run would cost about \$0\.01 after \$6\.00 for the other runs of this month, and the stack allows \$6\.00 a month/,
    );
    expect(await refusal({ mostCostPerMonthUsd: 7 }, {}, spent)).toBeUndefined();
  });

  test("do not count the runs of the month before", async () => {
    const october = Date.UTC(2026, 9, 31, 23, 59);
    const spent = [ofMonth(october - startedAtMs, { status: "complete", summary, createdAtMs: october })];
    expect(await refusal({ mostCostPerMonthUsd: 1 }, {}, spent)).toBeUndefined();
  });
});

describe("what a month has cost", () => {
  test("counts runs that are on with their estimate, and those that failed by the tasks they had launched", async () => {
    const ports = { ledger: makeMemoryLedger(), store: makeMemoryStore() };
    const plan = makePlan();
    const [open, failed] = [ofMonth(-3, { status: "running" }), ofMonth(-2)];
    for (const run of [open, failed]) {
      await ports.ledger.submit(run, signal);
      await storePlan(run.runId, plan, ports.store, signal);
    }
    const lost = { launcherId: "t0", state: "lost" as const, changedAtMs: startedAtMs + 7_200_000 };
    await ports.ledger.putTask(failed.runId, undefined, makeTask(lost), signal);
    await ports.ledger.closeRun({ ...failed, status: "failed", endedAtMs: startedAtMs + 7_300_000 }, signal);
    const usd = await spentThisMonth(undefined, startedAtMs, tariff, ports, signal);
    // Two hours of 2 vCPU and 4 GB on Graviton, and of an address.
    const ofFailed = 2 * (2 * 0.03238 + 4 * 0.00356 + 0.005);
    expect(usd).toBeGreaterThan(ofFailed + expectedCost(plan, tariff));
    expect(usd).toBeLessThan(ofFailed + expectedCost(plan, tariff) + 0.15);
  });

  test("reads page by page until the month before", async () => {
    const ports = { ledger: makeMemoryLedger(), store: makeMemoryStore() };
    for (let number = 1; number <= 230; number++) {
      await ports.ledger.submit(ofMonth(-number, { status: "complete", summary: { ...summary, costUsd: 1 } }), signal);
    }
    expect(await spentThisMonth(undefined, startedAtMs, tariff, ports, signal)).toBe(230);
    expect(await spentThisMonth(runIdOf(-5), startedAtMs, tariff, ports, signal)).toBe(229);
  });
});

test("seconds of tasks are ECS' where it knows them, else those between submission and the last news", () => {
  const run = makeRun();
  const at = (seconds: number): number => startedAtMs + seconds * 1000;
  const tasks = [
    makeTask({ task: 0, launcherId: "a", state: "done", changedAtMs: at(100) }),
    makeTask({ task: 1, launcherId: "b", state: "done", changedAtMs: at(100) }),
    makeTask({ task: 2, launcherId: "c", state: "running", changedAtMs: at(30) }),
    makeTask({ task: 3, launcherId: null, state: "failed" }),
  ];
  const times = [{ launcherId: "a", startedAtMs: at(20), stoppedAtMs: at(110) }];
  expect(taskSeconds(run, tasks, times, at(140))).toEqual([90, 100, 140]);
});
