import { describe, expect, test } from "vitest";
import { UserError } from "../../src/core/errors.ts";
import { driveRun } from "../../src/fleet/drive.ts";
import { inboxPrefix, resultsPrefix } from "../../src/fleet/keys.ts";
import { requestStop } from "../../src/fleet/stop.ts";
import { sweepRun, sweepRuns } from "../../src/fleet/sweep.ts";
import { makeTestId } from "../../src/core/run/ids.ts";
import { runIdOf } from "./records.ts";
import { pace, Simulation, type TaskScript } from "./simulation.ts";

const { signal } = new AbortController();
const everyTask = (script: TaskScript) => () => script;
const onlyTask =
  (number: number, script: TaskScript, others: TaskScript = {}) =>
  (task: number) =>
    task === number ? script : others;

async function stopAt(simulation: Simulation, ms: number): Promise<void> {
  if (ms > 0) await simulation.clock.sleep(ms, signal);
  const atMs = simulation.clock.now();
  await requestStop(
    simulation.runId,
    { atMs, by: "person", reason: "Stopped by a person." },
    simulation.ledger,
    signal,
  );
}

describe("a run", () => {
  test("of which every task reports is complete, whole and without a reason", async () => {
    const simulation = new Simulation(everyTask({ loadMs: 5000 }));
    await simulation.submit();
    const { run, result, failures } = await simulation.drive();
    expect(failures).toEqual([]);
    expect(run).toMatchObject({ status: "complete", isPartial: false, reason: null });
    expect(run.summary).toMatchObject({ count: 300, tasksReported: 3, maxUsers: 30, verdict: "not judged" });
    expect(result?.labels[""]?.count).toBe(300);
    expect(result?.series?.labels[""]?.count).toEqual([60, 60, 60, 60, 60]);
    expect(result?.startSkewMs).toBe(0);
  });

  test("goes through its statuses in order and ends free for the next one", async () => {
    const simulation = new Simulation(everyTask({ prepareMs: 1000 }));
    await simulation.submit();
    const seen = new Set<string>();
    const { ledger } = simulation;
    simulation.ledger = {
      ...ledger,
      getRun: async (runId) => {
        const run = await ledger.getRun(runId, signal);
        if (run) seen.add(run.status);
        return run;
      },
    };
    await simulation.drive();
    expect([...seen]).toEqual(["queued", "provisioning", "ready", "running", "collecting", "complete"]);
    expect((await ledger.getTest(makeTestId("shop"), signal))?.activeRunId).toBeNull();
    expect(await ledger.listOpenRuns(signal)).toEqual([]);
  });

  test("keeps reports, series and artifacts of each task, and empties the inboxes", async () => {
    const simulation = new Simulation(everyTask({ artifacts: ["logs/engine.log"] }));
    const { testId, runId } = await simulation.submit({ tasks: 2 });
    await simulation.drive();
    const kept = await simulation.store.list(resultsPrefix(testId, runId), signal);
    expect(kept.map(({ key }) => key.slice(resultsPrefix(testId, runId).length))).toEqual([
      "artifacts/0/logs/engine.log",
      "artifacts/1/logs/engine.log",
      "result.json.gz",
      "series-0.json.gz",
      "series-1.json.gz",
      "task-0.json.gz",
      "task-1.json.gz",
    ]);
    expect(await simulation.store.list(inboxPrefix(`${runId}-0-1`), signal)).toEqual([]);
  });

  test("of which nothing was reported leaves no inbox either", async () => {
    const simulation = new Simulation(everyTask({ artifacts: ["logs/engine.log"] }));
    const { runId } = await simulation.submit({ tasks: 2 });
    const { store } = simulation;
    simulation.store = {
      ...store,
      put: async (key, bytes) => store.put(key, key.endsWith("/report.json.gz") ? bytes.slice(0, 100) : bytes, signal),
    };
    const { run } = await simulation.drive();
    expect(run.status).toBe("failed");
    for (const task of [0, 1]) expect(await store.list(inboxPrefix(`${runId}-${task}-1`), signal)).toEqual([]);
  });

  test("with a task killed half-way completes with the others and says so", async () => {
    const simulation = new Simulation(onlyTask(1, { loadMs: 20_000, diesAfterMs: 8000 }, { loadMs: 20_000 }));
    await simulation.submit();
    const { run, result } = await simulation.drive();
    expect(run).toMatchObject({ status: "complete", isPartial: true });
    expect(run.reason).toBe("2 of 3 tasks reported. Task 1: It was lost. Its process was ended by SIGKILL.");
    expect(result?.tasks).toEqual({
      wanted: 3,
      reported: 2,
      missing: [{ task: 1, reason: "It was lost. Its process was ended by SIGKILL." }],
    });
  });

  test("with fewer tasks left than count as healthy is stopped and fails with its reason", async () => {
    const simulation = new Simulation((task) => ({ loadMs: 20_000, ...(task > 0 ? { diesAfterMs: 5000 } : {}) }));
    await simulation.submit();
    const { run, result } = await simulation.drive();
    expect(run).toMatchObject({ status: "failed", isPartial: true });
    expect(run.reason).toMatch(/^Only 1 of 3 tasks were left; task 2 was lost: .*SIGKILL\.$/);
    expect(result?.verdict.status).toBe("not judged");
    expect(run.endedAtMs ?? Infinity).toBeLessThan(run.createdAtMs + 10_000);
  });

  test("with a broken report completes with the others and names it", async () => {
    const simulation = new Simulation(everyTask({}));
    await simulation.submit();
    const { store } = simulation;
    simulation.store = {
      ...store,
      put: (key, bytes) => store.put(key, key.endsWith("-2-1/report.json.gz") ? bytes.slice(0, 100) : bytes, signal),
    };
    const { run } = await simulation.drive();
    expect(run).toMatchObject({ status: "complete", isPartial: true });
    expect(run.reason).toMatch(/^2 of 3 tasks reported\. Task 2: Its report cannot be used: /);
  });

  test("trusts the report of a task that was lost after its upload", async () => {
    const simulation = new Simulation(everyTask({}));
    await simulation.submit();
    const { ledger } = simulation;
    simulation.ledger = {
      ...ledger,
      putAgentState: async (...args) => {
        if (args[1].state === "done" && args[0].endsWith("-0-1")) {
          simulation.kill(0);
          return new Promise<void>(() => undefined);
        }
        return ledger.putAgentState(...args);
      },
    };
    const { run } = await simulation.drive();
    expect((await simulation.ledger.listTasks(run.runId, signal))[0]?.state).toBe("lost");
    expect(run).toMatchObject({ status: "complete", isPartial: false, reason: null });
  });

  test("leaves out a task that is ready too late, and divides the load among the others", async () => {
    const simulation = new Simulation(onlyTask(0, { prepareMs: 31_000 }, { loadMs: 6000 }));
    await simulation.submit();
    const { run, result } = await simulation.drive();
    const start = await simulation.ledger.getStart(run.runId, signal);
    expect(Object.keys(start?.roster ?? {})).toEqual(["1", "2"]);
    expect(Object.values(start?.roster ?? {}).map((share) => share.executions[0]?.users)).toEqual([15, 15]);
    expect(result?.tasks.missing).toEqual([
      { task: 0, reason: "It was ready only after the load had been divided among the others." },
    ]);
    expect(run).toMatchObject({ status: "complete", isPartial: true });
  });

  test.each([
    ["cannot be launched", { cannotLaunch: true }, "There is no room for it."],
    ["cannot prepare", { failsToPrepare: true }, "The engine is not there."],
    ["dies while it prepares", { prepareMs: 20_000, diesAfterMs: 1000 }, "Its process was ended by SIGKILL."],
  ])("of which too many tasks %s fails before any load", async (_what, script, why) => {
    const simulation = new Simulation((task) => (task === 0 ? {} : script));
    await simulation.submit();
    const { run, result } = await simulation.drive();
    expect(run).toMatchObject({ status: "failed", isPartial: false, startAtMs: null });
    expect(run.reason).toContain("Only 1 of 3 tasks became ready");
    expect(run.reason).toContain(why);
    expect(result).toBeUndefined();
  });

  test("does not wait for the limit when what is there is settled", async () => {
    const simulation = new Simulation(onlyTask(2, { failsToPrepare: true }));
    await simulation.submit();
    const { run } = await simulation.drive();
    expect((run.startAtMs ?? Infinity) - run.createdAtMs).toBeLessThan(5000);
    expect(run).toMatchObject({ status: "complete", isPartial: true });
  });

  test("cancelled under load keeps its figures and is not judged", async () => {
    const simulation = new Simulation(everyTask({ loadMs: 60_000, stopMs: 1000 }));
    await simulation.submit({ plannedMs: 60_000 });
    const { run, result } = await simulation.drive(() => stopAt(simulation, 10_000));
    expect(run).toMatchObject({ status: "cancelled", isPartial: true, reason: "Stopped by a person." });
    expect(result?.labels[""]?.count).toBeGreaterThan(0);
    expect((run.endedAtMs ?? Infinity) - run.createdAtMs).toBeLessThanOrEqual(13_000);
  });

  test("cancelled before its start never starts", async () => {
    const simulation = new Simulation(everyTask({ prepareMs: 10_000 }));
    await simulation.submit();
    const { run, result } = await simulation.drive(() => stopAt(simulation, 2000));
    expect(run).toMatchObject({ status: "cancelled", isPartial: false, startAtMs: null });
    expect(result).toBeUndefined();
  });

  test("cancelled before anything was launched is cancelled", async () => {
    const simulation = new Simulation(everyTask({}));
    await simulation.submit();
    await stopAt(simulation, 0);
    const { run } = await simulation.drive();
    expect(run).toMatchObject({ status: "cancelled", isPartial: false, reason: "Stopped by a person." });
    expect(simulation.launches).toBe(0);
  });

  test("stopped after everything had finished is complete", async () => {
    const simulation = new Simulation(everyTask({ loadMs: 2000 }));
    await simulation.submit();
    await simulation.drive(async () => {
      for (;;) {
        await simulation.clock.sleep(100, signal);
        const states = await simulation.ledger.getAgentStates([`${simulation.runId}-0-1`], signal);
        if (states.get(`${simulation.runId}-0-1`)?.state === "done") return stopAt(simulation, 0);
      }
    });
    expect((await simulation.ended()).run).toMatchObject({ status: "complete", isPartial: false, reason: null });
  });

  test("whose driver does not obey a stop ends by the agent's own limit", async () => {
    const simulation = new Simulation(onlyTask(0, { loadMs: 600_000, ignoresStop: true }, { loadMs: 600_000 }));
    await simulation.submit({ plannedMs: 600_000 });
    const { run, result } = await simulation.drive(() => stopAt(simulation, 6000));
    expect(run.status).toBe("cancelled");
    expect(result?.tasks.missing).toEqual([
      { task: 0, reason: "The load did not end within 5 s of the request to stop." },
    ]);
  });

  test("with an agent that hangs altogether is ended by force", async () => {
    const simulation = new Simulation(everyTask({ loadMs: 600_000 }));
    await simulation.submit({ plannedMs: 600_000 });
    const { ledger } = simulation;
    simulation.ledger = {
      ...ledger,
      putAgentState: (...args) =>
        args[1].state === "uploading" ? new Promise<void>(() => undefined) : ledger.putAgentState(...args),
    };
    const { run } = await simulation.drive(() => stopAt(simulation, 6000));
    expect(run).toMatchObject({ status: "cancelled", isPartial: false });
    const tasks = await simulation.ledger.listTasks(run.runId, signal);
    expect(tasks.map(({ state }) => state)).toEqual(["stopped", "stopped", "stopped"]);
    expect((await simulation.launcher.list(run.runId, signal)).some(({ isAlive }) => isAlive)).toBe(false);
  });

  test("past its deadline is stopped, collected and judged", async () => {
    const simulation = new Simulation(everyTask({ loadMs: 600_000 }));
    await simulation.submit({ plannedMs: 5000 });
    const { run, result } = await simulation.drive();
    expect(run.status).toBe("complete");
    expect(run.reason).toContain("deadline");
    expect(result?.tasks.reported).toBe(3);
    expect((run.endedAtMs ?? Infinity) - (run.startAtMs ?? 0)).toBeLessThan(5000 + pace.graceMs + 3000);
  });

  test("without a planned end is stopped at the longest run", async () => {
    const simulation = new Simulation(everyTask({ loadMs: 600_000 }));
    await simulation.submit({ plannedMs: null });
    const { run } = await simulation.drive();
    expect((run.deadlineAtMs ?? 0) - (run.startAtMs ?? 0)).toBe(pace.longestRunMs);
    expect(run.status).toBe("complete");
  });

  test("that only fails is stopped by the stop rule, which is its verdict", async () => {
    const simulation = new Simulation(everyTask({ loadMs: 600_000, errorRatio: 1 }));
    await simulation.submit({ plannedMs: 600_000, stopWhen: { errorRatio: 0.9, forMs: 20_000 } });
    const { run, result } = await simulation.drive();
    expect(run).toMatchObject({ status: "complete", isPartial: false });
    expect(run.reason).toBe("At least 90 % of all requests failed for 20s.");
    expect(run.summary?.verdict).toBe("failed");
    expect(result?.verdict.rules.at(-1)?.status).toBe("failed");
    expect((run.endedAtMs ?? Infinity) - (run.startAtMs ?? 0)).toBeLessThan(35_000);
  });

  test("fails when all drivers break under load", async () => {
    const simulation = new Simulation(everyTask({ breaksAfterMs: 2000 }));
    await simulation.submit();
    const { run } = await simulation.drive();
    expect(run).toMatchObject({ status: "failed", isPartial: true });
    expect(run.reason).toContain("It failed before its end: The engine broke.");
  });

  test("whose plan is gone is closed with the reason", async () => {
    const simulation = new Simulation(everyTask({}));
    const { runId } = await simulation.submit();
    await simulation.store.delete(`plans/${runId}.json`, signal);
    const { run, failures } = await simulation.drive();
    expect(run.status).toBe("failed");
    expect(run.reason).toBe(`The run could not go on: The plan of run ${runId} is not in the store.`);
    expect(failures.length).toBeGreaterThan(0);
  });

  test("of which a step fails is stopped, collected and closed with the reason", async () => {
    const simulation = new Simulation(everyTask({}));
    await simulation.submit();
    let calls = 0;
    const { launcher } = simulation;
    simulation.launcher = {
      ...launcher,
      list: async (...args) => {
        if (++calls === 2) throw new Error("The answer was lost.");
        return launcher.list(...args);
      },
    };
    const { run } = await simulation.drive();
    expect(run).toMatchObject({ status: "failed", reason: "The run could not go on: The answer was lost." });
    expect((await simulation.launcher.list(run.runId, signal)).some(({ isAlive }) => isAlive)).toBe(false);
  });

  test("driven by two drivers at once launches each task once and ends once", async () => {
    const simulation = new Simulation(everyTask({ prepareMs: 1000, loadMs: 4000 }));
    await simulation.submit();
    const [first, second] = [simulation.drive(), simulation.drive()];
    await Promise.all([first, second]);
    const { run, result } = await simulation.ended();
    expect(simulation.launches).toBe(3);
    expect(run).toMatchObject({ status: "complete", isPartial: false });
    expect(result?.labels[""]?.count).toBe(240);
  });

  test("of a thousand tasks starts them at one instant and merges all", async () => {
    const simulation = new Simulation((task) => ({ prepareMs: (task % 10) * 700, loadMs: 4000, requestsPerSecond: 5 }));
    await simulation.submit({ tasks: 1000, executions: [] });
    const { run, result } = await simulation.drive();
    expect(run).toMatchObject({ status: "complete", isPartial: false });
    expect(result?.labels[""]?.count).toBe(20_000);
    expect(result?.tasks.reported).toBe(1000);
    expect(result?.startSkewMs).toBe(0);
  }, 30_000);
});

describe("submitting", () => {
  test("refuses a second run of an active test and names the running one", async () => {
    const simulation = new Simulation(everyTask({}));
    await simulation.submit();
    simulation.runId = runIdOf(1);
    const refusal = await simulation.submit().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(UserError);
    expect(refusal).toMatchObject({ code: "run-active", message: expect.stringContaining("is already running: run ") });
  });

  test("closes a run whose starter cannot start it", async () => {
    const simulation = new Simulation(everyTask({}));
    const start = async () => Promise.reject(new UserError("no-runner", "There is no runner."));
    simulation.starter = { ...simulation.starter, start };
    await expect(simulation.submit()).rejects.toThrow("There is no runner.");
    const { run } = await simulation.ended();
    expect(run).toMatchObject({ status: "failed", reason: "The run could not be set going: There is no runner." });
  });
});

describe("the sweep", () => {
  test("stops, collects and closes a run whose driver is gone", async () => {
    const simulation = new Simulation(everyTask({ loadMs: 600_000 }));
    const { runId } = await simulation.submit({ plannedMs: 600_000 });
    const gone = new AbortController();
    const driving = driveRun(runId, simulation.ports, simulation.clock, gone.signal, () => undefined);
    const crash = simulation.clock.sleep(10_000, signal).then(() => gone.abort());
    await simulation.clock.run(Promise.allSettled([driving, crash]));
    await simulation.clock.run(sweepRun(runId, simulation.ports, simulation.clock, signal));
    const { run, result } = await simulation.ended();
    expect(run).toMatchObject({ status: "failed", isPartial: true });
    expect(run.reason).toBe("What drove the run ended unexpectedly, so the run was stopped.");
    expect(result?.tasks.reported).toBe(3);
  });

  test("closes a run that was submitted but never driven", async () => {
    const simulation = new Simulation(everyTask({}));
    const { runId } = await simulation.submit();
    await simulation.clock.run(sweepRuns(simulation.ports, simulation.clock, signal));
    const { run } = await simulation.ended();
    expect(run).toMatchObject({ runId, status: "failed", isPartial: false });
    expect(run.reason).toBe("What drove the run ended unexpectedly, so the run was stopped.");
    expect(simulation.launches).toBe(0);
  });

  test("only collects a run whose load had ended when its driver died", async () => {
    const simulation = new Simulation(everyTask({}));
    await simulation.submit();
    const gone = new AbortController();
    const { store } = simulation;
    simulation.store = {
      ...store,
      list: async (...args) => {
        gone.abort(new Error("The driver died."));
        return store.list(...args);
      },
    };
    const driving = driveRun(simulation.runId, simulation.ports, simulation.clock, gone.signal, () => undefined);
    await expect(simulation.clock.run(driving)).rejects.toThrow("The driver died.");
    await simulation.clock.run(sweepRuns(simulation.ports, simulation.clock, signal));
    expect((await simulation.ended()).run).toMatchObject({ status: "complete", isPartial: false, reason: null });
  });

  test("leaves a run alone whose driver lives", async () => {
    const simulation = new Simulation(everyTask({}));
    const { runId } = await simulation.submit();
    simulation.starter = { ...simulation.starter, isAlive: async () => true };
    await sweepRun(runId, simulation.ports, simulation.clock, signal);
    expect((await simulation.ended()).run.status).toBe("queued");
  });
});
