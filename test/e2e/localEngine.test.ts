import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { makeTestId, type RunId } from "../../src/core/run/ids.ts";
import type { RunView } from "../../src/core/run/run.ts";
import { buildPrograms, isGoneWithin, LocalRuns, scriptedAgentPath } from "./localRuns.ts";

const isUnderLoad = ({ points }: RunView): boolean => points.length > 0;

beforeAll(buildPrograms);

describe("runs on this machine", () => {
  test("go from start to a merged result, with live points on the way", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ loadMs: 3000 }]);
    const kinds = new Set<string>();
    const view = await runs.watch(runId, async ({ kind }) => void kinds.add(kind));
    expect([...kinds].toSorted()).toEqual(["point", "result", "run", "snapshot", "task"]);
    expect(view.run).toMatchObject({ status: "complete", isPartial: false, reason: null });
    expect(view.result?.labels[""]?.count).toBe(180);
    expect(view.points.map(({ second, tasksReporting }) => [second, tasksReporting])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(view.tasks.map(({ state }) => state)).toEqual(["done", "done", "done"]);
    const keys = (await runs.engine.artifacts(runId, runs.signal)).map(({ key }) => key.split("/").at(-1));
    expect(keys).toContain("task-2.json.gz");
  });

  test("with one of three agents killed half-way complete with the others and say so", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ loadMs: 5000 }]);
    await runs.until(runId, isUnderLoad);
    process.kill(await runs.agentPid(runId, 1), "SIGKILL");
    const { run, result } = await runs.watch(runId);
    expect(run).toMatchObject({ status: "complete", isPartial: true });
    expect(run.reason).toBe("2 of 3 tasks reported. Task 1: It was lost. Its process was ended by SIGKILL.");
    expect(result?.tasks.reported).toBe(2);
    expect(result?.labels[""]?.count).toBe(200);
  });

  test("refuse a second start of the same test, take one of another, and leave the running one alone", async () => {
    await using runs = await LocalRuns.open();
    const first = await runs.start([{ loadMs: 3000 }]);
    await expect(runs.start([{}])).rejects.toMatchObject({
      code: "run-active",
      message: expect.stringContaining(first),
      hint: expect.stringContaining("loadfleet watch"),
    });
    const second = await runs.start([{ loadMs: 1000 }], { testId: makeTestId("other"), tasks: 1 });
    const [one, other] = await Promise.all([runs.watch(first), runs.watch(second)]);
    expect(one.run).toMatchObject({ status: "complete", isPartial: false });
    expect(other.run).toMatchObject({ status: "complete", isPartial: false });
  });

  test("stopped gracefully keep their figures and do not wait for the end of the load", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ loadMs: 60_000 }], { plannedMs: 60_000 });
    await runs.until(runId, isUnderLoad);
    await runs.engine.stop(runId, "Ctrl-C.", runs.signal);
    const { run, result } = await runs.watch(runId);
    expect(run).toMatchObject({ status: "cancelled", isPartial: true, reason: "Ctrl-C." });
    expect(result?.labels[""]?.count).toBeGreaterThan(0);
    // How fast it is, test/bench/startSkew.ts prints; here it only has to be the request that ended the load.
    expect((run.endedAtMs ?? Infinity) - (run.startAtMs ?? 0)).toBeLessThan(30_000);
  });

  test("whose runner is killed leave no agent, and are closed with what there is at the next look", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ loadMs: 60_000 }], { plannedMs: 60_000 });
    await runs.until(runId, isUnderLoad);
    const pids = await Promise.all([0, 1, 2].map((task) => runs.agentPid(runId, task)));
    process.kill(await runs.runnerPid(runId), "SIGKILL");
    const gone = await Promise.all(pids.map((pid) => isGoneWithin(pid, 10_000)));
    expect(gone).toEqual([true, true, true]);
    const { items } = await runs.engine.list({ limit: 1 }, runs.signal);
    expect(items[0]).toMatchObject({ runId, status: "failed", isPartial: true });
    expect(items[0]?.reason).toBe("What drove the run ended unexpectedly, so the run was stopped.");
    expect((await runs.engine.result(runId, runs.signal))?.tasks.reported).toBe(3);
    // The test is free again.
    const next = await runs.start([{ loadMs: 500 }]);
    expect((await runs.watch(next)).run.status).toBe("complete");
  });

  test("whose runner is killed are closed by who is watching", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ loadMs: 60_000 }], { plannedMs: 60_000 });
    let isKilled = false;
    const { run } = await runs.watch(runId, async (_event, view) => {
      if (isKilled || !isUnderLoad(view)) return;
      isKilled = true;
      process.kill(await runs.runnerPid(runId), "SIGKILL");
    });
    expect(run).toMatchObject({ status: "failed", isPartial: true });
  });

  test.skipIf(process.platform === "win32")("whose runner is told to end keep their figures and say so", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ loadMs: 60_000 }], { plannedMs: 60_000 });
    await runs.until(runId, isUnderLoad);
    process.kill(await runs.runnerPid(runId), "SIGTERM");
    const { run, result } = await runs.watch(runId);
    expect(run).toMatchObject({ status: "failed", reason: "The runner on this machine was told to end." });
    expect(result?.tasks.reported).toBe(3);
  });

  test("outlive the process that started them", async () => {
    await using runs = await LocalRuns.open();
    const starter = spawn(process.execPath, [fileURLToPath(new URL("./startAndExit.ts", import.meta.url)), runs.root], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const chunks: string[] = [];
    starter.stdout.on("data", (chunk) => chunks.push(String(chunk)));
    const [code] = await once(starter, "close");
    expect(code).toBe(0);
    const { run, result } = await runs.watch(chunks.join("").trim() as RunId);
    expect(run).toMatchObject({ status: "complete", isPartial: false });
    expect(result?.tasks.reported).toBe(2);
  });

  test("leave out a task that is late", async () => {
    await using runs = await LocalRuns.open({ readyLimitMs: 2500 });
    const runId = await runs.start([{ prepareMs: 3500 }, { loadMs: 3000 }]);
    const { run, result } = await runs.watch(runId);
    expect(run).toMatchObject({ status: "complete", isPartial: true });
    expect(result?.tasks.missing).toEqual([
      { task: 0, reason: "It was ready only after the load had been divided among the others." },
    ]);
  });

  test("give a task's number to the first claimant only", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ loadMs: 3000 }], { tasks: 1 });
    await runs.until(runId, isUnderLoad);
    const job = ["--root", runs.root, "--run", runId, "--task", "0", "--identity", `${runId}-0-1`];
    const second = spawn(process.execPath, [scriptedAgentPath, ...job], { stdio: ["ignore", "pipe", "inherit"] });
    const chunks: string[] = [];
    second.stdout.on("data", (chunk) => chunks.push(String(chunk)));
    await once(second, "close");
    expect(chunks.join("").trim()).toMatch(/^\S+Z ended: duplicate$/);
    const { run, result } = await runs.watch(runId);
    expect(run).toMatchObject({ status: "complete", isPartial: false });
    expect(result?.labels[""]?.count).toBe(60);
  });

  test("past their deadline are stopped by the agents themselves", async () => {
    await using runs = await LocalRuns.open({ graceMs: 1000 });
    const runId = await runs.start([{ loadMs: 60_000 }], { plannedMs: 1000 });
    const { run, result } = await runs.watch(runId);
    expect(run.status).toBe("complete");
    expect(run.reason).toContain("deadline");
    expect(result?.labels[""]?.count).toBeGreaterThan(0);
  });

  test("whose agents cannot even start fail with their last words", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ failsToPrepare: true }]);
    const { run } = await runs.watch(runId);
    expect(run.status).toBe("failed");
    expect(run.reason).toBe(
      "Only 0 of 3 tasks became ready; task 0 failed: The engine is not there. Install the engine.",
    );
  });

  test("are deleted whole once they have ended, and refuse it before", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ loadMs: 1500 }], { tasks: 1 });
    await expect(runs.engine.delete(runId, runs.signal)).rejects.toMatchObject({ code: "run-active" });
    await runs.watch(runId);
    await runs.engine.delete(runId, runs.signal);
    await expect(runs.engine.plan(runId, runs.signal)).rejects.toMatchObject({ code: "no-run" });
    expect((await runs.engine.list({ limit: 9 }, runs.signal)).items).toEqual([]);
  });

  test("name a damaged report and use the others", async () => {
    await using runs = await LocalRuns.open();
    const runId = await runs.start([{ loadMs: 2000 }, { loadMs: 4000 }]);
    const inbox = join(runs.root, "store", "inbox", `${runId}-0-1`, "report.json.gz");
    await runs.until(runId, ({ tasks }) => tasks[0]?.state === "done");
    await writeFile(inbox, (await readFile(inbox)).subarray(0, 80));
    const { run } = await runs.watch(runId);
    expect(run).toMatchObject({ status: "complete", isPartial: true });
    expect(run.reason).toMatch(/^2 of 3 tasks reported\. Task 0: Its report cannot be used: /);
  });
});
