import { beforeEach, expect, test } from "vitest";
import type { AgentState } from "../../src/core/run/wire.ts";
import { stepMessageOf } from "../../src/fleet/guide.ts";
import { makeMemoryLedger } from "../../src/fleet/memory/ledger.ts";
import { makeMemoryStore } from "../../src/fleet/memory/store.ts";
import type { LaunchedTask, Ledger, Ports } from "../../src/fleet/ports.ts";
import { observeTasks } from "../../src/fleet/tasks.ts";
import { makePlan, makeRun, makeTask, runIdOf, startedAtMs } from "./records.ts";
import { pace } from "./simulation.ts";

const { signal } = new AbortController();
const runId = runIdOf(0);
const launched = makeTask({ state: "launched", launcherId: "arn", identity: "id" });
let ledger: Ledger;
let known: readonly LaunchedTask[];

beforeEach(async () => {
  ledger = makeMemoryLedger();
  await ledger.submit(makeRun(), signal);
  await ledger.putTask(runId, undefined, launched, signal);
  known = [];
});

async function observe(afterMs: number, extra: Partial<Ports["pace"]> = {}) {
  const ports: Ports = {
    ledger,
    store: makeMemoryStore(),
    launcher: { launch: () => Promise.reject(new Error("no")), list: async () => known, kill: async () => undefined },
    gzip: { pack: async (bytes) => bytes, unpack: async (bytes) => bytes },
    pace: { ...pace, guideReadyMs: 60_000, unseenMs: 60_000, ...extra },
  };
  const [task] = await observeTasks(runId, startedAtMs + afterMs, ports, signal);
  return task;
}

function running(changes: Partial<LaunchedTask> = {}): void {
  known = [
    {
      task: 0,
      attempt: 1,
      launcherId: "arn",
      identity: "id",
      isAlive: true,
      stopReason: undefined,
      runningSinceMs: startedAtMs,
      ...changes,
    },
  ];
}

test("a program that says nothing counts as ready after a minute, and as done when it ends well", async () => {
  running();
  expect(await observe(59_000)).toMatchObject({ state: "launched" });
  expect(await observe(60_000)).toMatchObject({ state: "ready" });
  expect(await observe(90_000)).toMatchObject({ state: "ready", changedAtMs: startedAtMs + 60_000 });
  running({ isAlive: false, exitCode: 0, stopReason: "Essential container in task exited" });
  expect(await observe(100_000)).toMatchObject({ state: "done", reason: null });
});

test("a program that says nothing and ends badly is lost, with the launcher's words", async () => {
  running({ isAlive: false, exitCode: 3, stopReason: "exit code 3." });
  expect(await observe(100_000)).toMatchObject({ state: "lost", reason: "exit code 3." });
});

test("an agent that prepares for long is not taken for a program that knows no ledger", async () => {
  running();
  const preparing: AgentState = { state: "preparing", atMs: startedAtMs };
  await ledger.putAgentState("id", preparing, signal);
  expect(await observe(120_000)).toMatchObject({ state: "launched" });
});

test("a task that was just launched is not lost because the launcher does not list it yet", async () => {
  expect(await observe(59_000)).toMatchObject({ state: "launched" });
  expect(await observe(60_000)).toMatchObject({ state: "lost", reason: "It vanished without a word." });
});

test("a launcher that lists everything at once is believed at once", async () => {
  expect(await observe(1, { unseenMs: 0 })).toMatchObject({ state: "lost" });
});

test("what the guide's image is told follows from the plan, or from what the API was told", () => {
  const plan = makePlan({ tasks: 3 });
  expect(stepMessageOf(makeRun(), plan)).toEqual({
    testId: "shop",
    runId,
    taskCount: 3,
    testType: "simple",
    fileType: "none",
    prefix: runId,
  });
  const origin = { ...makeRun().origin, test: { description: "", testType: "jmeter", fileType: "zip" } };
  expect(stepMessageOf({ runId, origin }, plan)).toMatchObject({ testType: "jmeter", fileType: "zip" });
});
