import { describe, expect, test } from "vitest";
import { makeTestId } from "../../src/core/run/ids.ts";
import type { RunPlan } from "../../src/core/run/plan.ts";
import { requestStop } from "../../src/fleet/stop.ts";
import { Simulation, type TaskScript } from "../fleet/simulation.ts";
import { makeRun, runIdOf } from "../fleet/records.ts";
import { Machine, noCaps, withTaskOf, type StateName } from "./machine.ts";

const { signal } = new AbortController();
const states: readonly StateName[] = ["ecr-checker", "before", "task-runner", "task-status-checker", "results-parser"];

async function submitted(
  scripts: (task: number) => TaskScript = () => ({ loadMs: 5000 }),
  changes: Partial<RunPlan> = {},
): Promise<Machine> {
  const simulation = new Simulation(scripts);
  await simulation.submit(changes);
  return new Machine(simulation);
}

async function stopAt({ simulation }: Machine, ms: number): Promise<void> {
  await simulation.clock.sleep(ms, signal);
  const stop = { atMs: simulation.clock.now(), by: "person" as const, reason: "Stopped by a person." };
  await requestStop(simulation.runId, stop, simulation.ledger, signal);
}

/** The run as it ended: closed, its test free, and none of its tasks alive. */
async function expectClosed({ simulation }: Machine) {
  const { run, result } = await simulation.ended();
  expect(["complete", "failed", "cancelled"]).toContain(run.status);
  expect(await simulation.ledger.listOpenRuns(signal)).toEqual([]);
  expect((await simulation.ledger.getTest(makeTestId("shop"), signal))?.activeRunId).toBeNull();
  const alive = (await simulation.launcher.list(run.runId, signal)).filter(({ isAlive }) => isAlive);
  expect(alive).toEqual([]);
  return { run, result };
}

describe("an execution", () => {
  test("of a run whose tasks all report succeeds, with the cost in result and summary", async () => {
    const machine = await submitted();
    expect(await machine.execute()).toBe("SUCCEEDED");
    const { run, result } = await expectClosed(machine);
    expect(run).toMatchObject({ status: "complete", isPartial: false, reason: null });
    expect(run.summary?.count).toBe(300);
    expect(result?.costUsd).toBeGreaterThan(0);
    expect(run.summary?.costUsd).toBe(result?.costUsd);
    expect(machine.states).toEqual([...states, "run-closer"]);
    expect(machine.usage).toMatchObject([{ UUID: "3c7a", TestType: "simple", TaskCount: 3, TestResult: "complete" }]);
  });

  test("of a long run is watched one invocation after the other, and its metrics are put minute by minute, each once", async () => {
    const machine = await submitted(() => ({ loadMs: 180_000 }), { plannedMs: 180_000 });
    expect(await machine.execute()).toBe("SUCCEEDED");
    await expectClosed(machine);
    expect(machine.states.filter((state) => state === "task-status-checker")).toHaveLength(3);
    const minutes = machine.put.map(({ atMs }) => atMs);
    expect(minutes).toEqual([...new Set(minutes)]);
    const responseTimes = machine.put.flatMap(({ distributions }) =>
      distributions.filter(({ metric }) => metric === "ResponseTime"),
    );
    const counted = responseTimes.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count, 0);
    expect(counted).toBe((await machine.simulation.ended()).run.summary?.count);
  });

  test.each(states)("goes on when %s fails once before its work, and again after it", async (state) => {
    const machine = await submitted();
    machine.fault = (name, attempt) => (name !== state || attempt > 2 ? undefined : attempt === 1 ? "before" : "after");
    expect(await machine.execute()).toBe("SUCCEEDED");
    const { run } = await expectClosed(machine);
    expect(run).toMatchObject({ status: "complete", isPartial: false, reason: null });
    expect(run.summary?.count).toBe(300);
    expect(machine.simulation.launches).toBe(3);
  });

  test.each(["ecr-checker", "before", "task-runner", "task-status-checker"] as const)(
    "in which %s fails for ever ends in a failed run that says so",
    async (state) => {
      const machine = await submitted(() => ({ loadMs: 60_000 }), { plannedMs: 60_000 });
      machine.fault = (name) => (name === state ? "before" : undefined);
      expect(await machine.execute()).toBe("FAILED");
      const { run } = await expectClosed(machine);
      expect(run).toMatchObject({
        status: "failed",
        reason: "The run could not go on: Cannot read properties of undefined.",
      });
    },
  );

  test("in which results-parser fails for ever is collected by run-closer and keeps its result", async () => {
    const machine = await submitted();
    machine.fault = (name) => (name === "results-parser" ? "before" : undefined);
    expect(await machine.execute()).toBe("FAILED");
    const { run } = await expectClosed(machine);
    expect(run).toMatchObject({ status: "complete", isPartial: false });
    expect(run.summary?.count).toBe(300);
    expect(run.summary?.costUsd).toBeGreaterThan(0);
  });

  test("in which task-status-checker fails for ever under load keeps what was measured", async () => {
    const machine = await submitted(() => ({ loadMs: 180_000 }), { plannedMs: 180_000 });
    // The first invocation watches a minute.
    machine.fault = (name, attempt) => (name === "task-status-checker" && attempt > 1 ? "before" : undefined);
    expect(await machine.execute()).toBe("FAILED");
    const { run } = await expectClosed(machine);
    expect(run).toMatchObject({ status: "failed", isPartial: true });
    expect(run.summary?.count).toBeGreaterThan(3000);
    expect(run.summary?.costUsd).toBeGreaterThan(0);
  });

  test("aborted by hand is closed by EventBridge's word of it, with what was measured", async () => {
    const machine = await submitted(() => ({ loadMs: 180_000 }), { plannedMs: 180_000 });
    machine.abortAtMs = machine.simulation.clock.now() + 90_000;
    expect(await machine.execute()).toBe("ABORTED");
    await machine.tellEnd("ABORTED");
    const { run } = await expectClosed(machine);
    expect(run).toMatchObject({ status: "failed", isPartial: true });
    expect(run.reason).toBe("The execution that drove the run was aborted in Step Functions, so the run was stopped.");
  });

  test("whose end nobody heard of is closed by the hourly sweep", async () => {
    const machine = await submitted(() => ({ loadMs: 180_000 }), { plannedMs: 180_000 });
    machine.abortAtMs = machine.simulation.clock.now() + 90_000;
    await machine.execute();
    await machine.tell({ source: "aws.events", "detail-type": "Scheduled Event", detail: {} });
    const { run } = await expectClosed(machine);
    expect(run).toMatchObject({ status: "failed", isPartial: true });
    expect(run.reason).toContain("ended unexpectedly");
  });

  test("that is still on is left alone by the sweep, as is a run whose execution is about to begin", async () => {
    const machine = await submitted(() => ({ loadMs: 150_000 }), { plannedMs: 150_000 });
    const sweepEvent = { source: "aws.events", "detail-type": "Scheduled Event", detail: {} };
    await machine.tell(sweepEvent);
    expect((await machine.simulation.ended()).run.status).toBe("queued");
    let status = "";
    await machine.execute(async () => {
      await machine.simulation.clock.sleep(125_000, signal);
      await machine.tell(sweepEvent);
      status = (await machine.simulation.ended()).run.status;
    });
    expect(status).toBe("running");
    expect((await expectClosed(machine)).run.status).toBe("complete");
  });

  test("that ended well is left alone by EventBridge's word of it", async () => {
    const machine = await submitted();
    await machine.execute();
    const before = await machine.simulation.ended();
    await machine.tellEnd("SUCCEEDED");
    expect(await machine.simulation.ended()).toEqual(before);
  });

  test("ends tasks that outlived their run in the sweep", async () => {
    const machine = await submitted(() => ({ loadMs: 600_000 }));
    const { simulation } = machine;
    await simulation.launcher.launch(simulation.runId, 0, 1, signal);
    const { run } = await simulation.ended();
    await simulation.ledger.closeRun({ ...run, status: "failed", endedAtMs: simulation.clock.now() }, signal);
    await machine.tell({ source: "aws.events", "detail-type": "Scheduled Event", detail: {} });
    expect((await expectClosed(machine)).run.status).toBe("failed");
  });

  test.each<readonly [string, (task: number) => TaskScript, string, RegExp]>([
    [
      "killed",
      (task) => (task === 1 ? { loadMs: 20_000, diesAfterMs: 8000 } : { loadMs: 20_000 }),
      "complete",
      /^2 of 3 tasks reported\. Task 1: It was lost\./,
    ],
    [
      "refused",
      (task) => (task === 2 ? { cannotLaunch: true } : {}),
      "complete",
      /^2 of 3 tasks reported\. Task 2: There is no room for it\./,
    ],
    ["never ready", (task) => (task === 0 ? { prepareMs: 600_000 } : {}), "complete", /^2 of 3 tasks reported\./],
    ["refused for all", () => ({ cannotLaunch: true }), "failed", /^Only 0 of 3 tasks became ready; .*no room/],
  ])("with a task %s ends as the healthy share decides", async (_what, scripts, status, reason) => {
    const machine = await submitted(scripts, { healthyRatio: 0.6 });
    expect(await machine.execute()).toBe("SUCCEEDED");
    const { run } = await expectClosed(machine);
    expect(run.status).toBe(status);
    expect(run.reason).toMatch(reason);
  });

  test("past its deadline is collected and says so", async () => {
    const machine = await submitted(() => ({ loadMs: 600_000 }));
    expect(await machine.execute()).toBe("SUCCEEDED");
    expect((await expectClosed(machine)).run.reason).toContain("deadline");
  });

  test("cancelled under load keeps its figures", async () => {
    const machine = await submitted(() => ({ loadMs: 60_000 }), { plannedMs: 60_000 });
    expect(await machine.execute(() => stopAt(machine, 12_000))).toBe("SUCCEEDED");
    const { run } = await expectClosed(machine);
    expect(run).toMatchObject({ status: "cancelled", isPartial: true, reason: "Stopped by a person." });
  });

  test("waits for the image in steps of a minute", async () => {
    const machine = await submitted();
    let builds = 0;
    const newestBuild = async () => ({
      id: "b1",
      status: ++builds < 4 ? "IN_PROGRESS" : "SUCCEEDED",
      reason: undefined,
    });
    machine.image = { ...machine.image, newestBuild };
    const from = machine.simulation.clock.now();
    expect(await machine.execute()).toBe("SUCCEEDED");
    const { run } = await expectClosed(machine);
    expect((run.startAtMs ?? 0) - from).toBeGreaterThan(180_000);
    expect(run.status).toBe("complete");
  });

  test("cancelled while the image is built does not wait for it", async () => {
    const machine = await submitted();
    machine.image = {
      ...machine.image,
      newestBuild: async () => ({ id: "b1", status: "IN_PROGRESS", reason: undefined }),
    };
    expect(await machine.execute(() => stopAt(machine, 90_000))).toBe("SUCCEEDED");
    const { run } = await expectClosed(machine);
    expect(run).toMatchObject({ status: "cancelled", reason: "Stopped by a person." });
    expect(machine.simulation.launches).toBe(0);
  });

  test("without an image ends in a failed run that says why", async () => {
    const machine = await submitted();
    const build = { id: "image:1", status: "FAILED", reason: "Phase BUILD: exit status 2" };
    machine.image = { ...machine.image, newestBuild: async () => build };
    expect(await machine.execute()).toBe("FAILED");
    const { run } = await expectClosed(machine);
    expect(run).toMatchObject({
      status: "failed",
      reason: 'The newest build of the image (image:1) ended as "failed". Phase BUILD: exit status 2.',
    });
    expect(machine.states).toEqual(["ecr-checker", "run-closer"]);
  });

  test("of a run that exceeds a cap ends in a failed run that names it, and launches nothing", async () => {
    const machine = await submitted();
    machine.caps = { ...noCaps, mostTasks: 2 };
    expect(await machine.execute()).toBe("FAILED");
    const { run } = await expectClosed(machine);
    expect(run).toMatchObject({
      status: "failed",
      reason: "The run wants 3 tasks, and the stack allows 2 (cap on tasks).",
    });
    expect(machine.simulation.launches).toBe(0);
    expect(run.summary?.costUsd ?? 0).toBe(0);
  });

  describe("of a test of which another run has a task", () => {
    async function beside(status: "complete" | "running") {
      const machine = await submitted();
      const { simulation } = machine;
      const { ledger } = simulation;
      const run = makeRun({ runId: runIdOf(-1) });
      const other = { ...run, status, endedAtMs: status === "running" ? null : run.createdAtMs };
      const listRuns: typeof ledger.listRuns = async (...args) => {
        const { items, next } = await ledger.listRuns(...args);
        return { items: [...items, other], next };
      };
      simulation.ledger = { ...ledger, listRuns };
      const launcher = withTaskOf(other.runId, simulation.launcher);
      simulation.launcher = launcher;
      return { machine, launcher, other };
    }

    test("ends that task when its run has ended, and goes on", async () => {
      const { machine, launcher } = await beside("complete");
      expect(await machine.execute()).toBe("SUCCEEDED");
      expect(launcher.isLeft()).toBe(false);
      expect((await expectClosed(machine)).run.status).toBe("complete");
    });

    test("ends in a failed run when that one is on", async () => {
      const { machine, other } = await beside("running");
      expect(await machine.execute()).toBe("FAILED");
      const { run } = await expectClosed(machine);
      const reason = `The test "Shop" is already running: run ${other.runId} has one task.`;
      expect(run).toMatchObject({ status: "failed", reason });
      expect(machine.simulation.launches).toBe(0);
    });
  });
});
