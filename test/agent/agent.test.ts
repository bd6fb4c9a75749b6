import { beforeEach, describe, expect, test } from "vitest";
import { runAgent, type AgentParts } from "../../src/agent/agent.ts";
import { resolveLocalSecrets } from "../../src/agent/secrets.ts";
import { packBundle } from "../../src/core/run/bundleArchive.ts";
import type { RunPlan } from "../../src/core/run/plan.ts";
import { decodeReport } from "../../src/core/results/report.ts";
import type { StartSignal, TaskReport } from "../../src/core/run/wire.ts";
import { bundleKey } from "../../src/fleet/keys.ts";
import { makeMemoryLedger } from "../../src/fleet/memory/ledger.ts";
import { makeMemoryStore } from "../../src/fleet/memory/store.ts";
import { storePlan } from "../../src/fleet/plan.ts";
import { makePlan, makeRun, startedAtMs } from "../fleet/records.ts";
import { VirtualClock } from "../fleet/virtualClock.ts";
import { makeScriptedDriver, type DriverScript } from "./scriptedDriver.ts";

const { signal } = new AbortController();
const { runId } = makeRun();
const identity = "r-0-1";
const job = { runId, task: 0, identity, claimant: "first" };
const share = { index: 0, of: 1, executions: [] };

let clock: VirtualClock;
let ledger: ReturnType<typeof makeMemoryLedger>;
let store: ReturnType<typeof makeMemoryStore>;

beforeEach(async () => {
  clock = new VirtualClock(startedAtMs);
  ledger = makeMemoryLedger();
  store = makeMemoryStore();
  await ledger.submit(makeRun(), signal);
  await putPlan({});
});

async function putPlan(changes: Partial<RunPlan>): Promise<void> {
  const plan = makePlan(changes);
  await storePlan(runId, plan, store, signal);
  await store.put(bundleKey(plan.bundleSha256), packBundle([]), signal);
}

function parts(script: DriverScript, changes: Partial<AgentParts> = {}): AgentParts {
  return {
    ledger,
    store,
    gzip: { pack: async (bytes) => bytes, unpack: async (bytes) => bytes },
    clock,
    folder: { path: "work", fill: async () => undefined, read: async () => new Uint8Array(3), nameOf: (path) => path },
    pace: { startPollMs: 100, stopPollMs: 250, startLimitMs: 60_000, driverStopMs: 5000 },
    makeDriver: () => makeScriptedDriver(script, clock),
    resolveSecrets: async () => ({}),
    makeUsageMeter: () => ({
      now: { cpuRatio: 0.3, memoryMiB: 55 },
      stop: () => ({ cpuPeakRatio: 0.4, memoryPeakMiB: 60 }),
    }),
    ...changes,
  };
}

const start = (changes: Partial<StartSignal> = {}) =>
  ledger.putStart(
    runId,
    { startAtMs: clock.now() + 1000, deadlineAtMs: clock.now() + 60_000, roster: { 0: share }, ...changes },
    signal,
  );

const stateOf = async () => (await ledger.getAgentStates([identity], signal)).get(identity);

async function reportOf(): Promise<TaskReport> {
  const decoded = decodeReport((await store.get(`inbox/${identity}/report.json.gz`, signal)) ?? new Uint8Array());
  if ("fault" in decoded) throw new Error(decoded.fault);
  return decoded.report;
}

describe("an agent", () => {
  test("reports what it measured, and what it used", async () => {
    await start();
    expect(await clock.run(runAgent(job, parts({ loadMs: 3000 }), signal))).toBe("done");
    expect(await reportOf()).toMatchObject({
      runId,
      task: 0,
      tasks: 3,
      outcome: "finished",
      startAtMs: startedAtMs + 1000,
      startedAtMs: startedAtMs + 1000,
      cpuPeakRatio: 0.4,
      memoryPeakMiB: 60,
    });
    expect(await stateOf()).toMatchObject({ state: "done" });
    const live = await ledger.getLive([identity], 0, signal);
    expect(live.map(({ record }) => [record.second, record.seconds, record.labels[""]?.count])).toEqual([
      [0, 1, 20],
      [1, 1, 20],
      [2, 1, 20],
    ]);
  });

  test("tells in its live records which task it is and what it uses", async () => {
    await start();
    await clock.run(runAgent(job, parts({ loadMs: 1000 }), signal));
    const [live] = await ledger.getLive([identity], 0, signal);
    expect(live?.record).toMatchObject({ task: 0, usage: { cpuRatio: 0.3, memoryMiB: 55 } });
  });

  test("tells in its log how it goes, with secrets masked", async () => {
    await putPlan({ secrets: { TOKEN: "env:TOKEN" }, executions: [] });
    await start();
    const lines: string[] = [];
    const script = { loadMs: 31_000, errorRatio: 0.1, errorMessage: "401 for s3cret" };
    const resolveSecrets = async () => ({ TOKEN: "s3cret" });
    await clock.run(runAgent(job, parts(script, { log: (line) => lines.push(line), resolveSecrets }), signal));
    expect(lines.map((line) => line.replace(/target .*/, "target"))).toEqual([
      "preparing",
      "ready",
      "running",
      "Task 0, one of 3: driver embedded, users as the script has them, target",
      "First error of its kind, in second 0: 500: 401 for ***",
      "30s: 10 users, 600 requests (20 RPS lately), 60 errors (60 lately), CPU 30 % of a core, memory 55 MiB",
      "The load has finished: 620 requests, 62 errors; CPU up to 40 % of a core, memory up to 60 MiB.",
      "uploading",
      "done",
    ]);
    const live = await ledger.getLive([identity], 0, signal);
    expect(live[0]?.record.errors).toEqual([{ message: "401 for ***", code: "500", count: 2 }]);
  });

  test("of a large fleet adds up seconds, so that the fleet writes no more than a small one", async () => {
    await putPlan({ tasks: 1000 });
    await start();
    await clock.run(runAgent(job, parts({ loadMs: 6000 }), signal));
    const live = await ledger.getLive([identity], 0, signal);
    expect(live.map(({ record }) => [record.second, record.seconds, record.labels[""]?.count])).toEqual([
      [0, 4, 80],
      [4, 2, 40],
    ]);
  });

  test("that comes second to an identity says nothing and is a duplicate", async () => {
    await ledger.claimIdentity(identity, "somebody else", signal);
    expect(await clock.run(runAgent(job, parts({}), signal))).toBe("duplicate");
    expect(await stateOf()).toBeUndefined();
  });

  test("whose number another identity holds is a duplicate", async () => {
    await start({ identities: { 0: "r-0-2" } });
    expect(await clock.run(runAgent(job, parts({}), signal))).toBe("duplicate");
    expect(await stateOf()).toMatchObject({ state: "duplicate", reason: "Another task holds its number." });
  });

  test("that is not in the roster is late and loads nothing", async () => {
    await start({ roster: { 1: share } });
    expect(await clock.run(runAgent(job, parts({}), signal))).toBe("late");
    expect(await store.list(`inbox/${identity}/`, signal)).toEqual([]);
  });

  test("that reads the signal late starts at once", async () => {
    await start({ startAtMs: clock.now() - 5000 });
    await clock.run(runAgent(job, parts({ loadMs: 8000 }), signal));
    expect((await reportOf()).startedAtMs).toBe(startedAtMs);
  });

  test("gives up when no start signal comes", async () => {
    expect(await clock.run(runAgent(job, parts({}), signal))).toBe("done");
    expect((await stateOf())?.reason).toBe("Stopped before the load began: no start signal came in time.");
    expect(clock.now() - startedAtMs).toBeLessThan(61_000);
  });

  test("ends gracefully when its process has to, and uploads what it has", async () => {
    await start();
    const end = new AbortController();
    const ending = clock.sleep(5000, signal).then(() => end.abort("The process was told to end."));
    await clock.run(Promise.all([runAgent(job, parts({ loadMs: 60_000 }), end.signal), ending]));
    expect(await reportOf()).toMatchObject({ outcome: "stopped", reason: "The process was told to end." });
    expect((await reportOf()).labels[""]?.count).toBeGreaterThan(0);
  });

  test("reacts to a stop request within half a second", async () => {
    await start();
    const stop = clock
      .sleep(5000, signal)
      .then(() => ledger.putStop(runId, { atMs: clock.now(), by: "person", reason: "Enough." }, signal));
    await clock.run(Promise.all([runAgent(job, parts({ loadMs: 60_000 }), signal), stop]));
    expect(await reportOf()).toMatchObject({ outcome: "stopped", reason: "Enough." });
    expect(clock.now() - startedAtMs).toBeLessThanOrEqual(5500);
  });

  test("hears a stop request while it prepares", async () => {
    await ledger.putStop(runId, { atMs: clock.now(), by: "person", reason: "Enough." }, signal);
    expect(await clock.run(runAgent(job, parts({ prepareMs: 30_000 }), signal))).toBe("done");
    expect((await stateOf())?.reason).toBe("Stopped before the load began: Enough.");
    expect(clock.now() - startedAtMs).toBeLessThan(1000);
  });

  test("ends by itself at its deadline", async () => {
    await start({ deadlineAtMs: clock.now() + 8000 });
    await clock.run(runAgent(job, parts({ loadMs: 60_000 }), signal));
    expect((await reportOf()).outcome).toBe("deadline");
    expect(clock.now() - startedAtMs).toBe(8000);
  });

  test.each<[string, DriverScript, string]>([
    ["cannot prepare", { failsToPrepare: true }, "The engine is not there. Install the engine."],
    ["dies", { failsToRun: true }, "The engine died."],
  ])("whose driver %s fails with its sentence and reports no figures", async (_what, script, reason) => {
    await start();
    expect(await clock.run(runAgent(job, parts(script), signal))).toBe("failed");
    expect(await stateOf()).toMatchObject({ state: "failed", reason });
    expect(await store.list(`inbox/${identity}/`, signal)).toEqual([]);
  });

  test("whose driver cannot prepare keeps the engine's logs, and the lines of them that tell why", async () => {
    const remains = {
      artifacts: ["logs/engine.log"],
      logLines: ["engine.log: ERROR no such script", "engine.log: gone"],
    };
    const heard: string[] = [];
    const changes = { onFailedStart: (lines: readonly string[]) => void heard.push(...lines) };
    await clock.run(runAgent(job, parts({ failsToPrepare: true, remains }, changes), signal));
    const inbox = `inbox/${identity}/artifacts`;
    const keys = (await store.list(`inbox/${identity}/`, signal)).map(({ key }) => key);
    expect(keys.toSorted()).toEqual([`${inbox}/failure.log`, `${inbox}/logs/engine.log`]);
    const text = new TextDecoder().decode(await store.get(`${inbox}/failure.log`, signal));
    expect(text).toBe("engine.log: ERROR no such script\nengine.log: gone\n");
    expect(heard).toEqual(remains.logLines);
  });

  test("whose driver breaks reports the figures until then", async () => {
    await start();
    await clock.run(runAgent(job, parts({ breaksAfterMs: 2000 }), signal));
    expect(await reportOf()).toMatchObject({ outcome: "failed", reason: "The engine broke." });
    expect((await reportOf()).labels[""]?.count).toBe(40);
  });

  test("goes on when the live view and stop requests cannot be reached, and says so", async () => {
    await start();
    const broken = async (): Promise<never> => Promise.reject(new Error("The network is gone."));
    await clock.run(runAgent(job, parts({}, { ledger: { ...ledger, putLive: broken, getStop: broken } }), signal));
    const report = await reportOf();
    expect(report.outcome).toBe("finished");
    expect(report.notes).toEqual([
      "Some live figures could not be written: The network is gone.",
      "Requests to stop could not be read for a while: The network is gone.",
    ]);
  });

  test("keeps its figures when an artifact is gone, and says so", async () => {
    await start();
    const { folder } = parts({});
    const read = async (): Promise<never> => Promise.reject(new Error("There is no such file."));
    await clock.run(runAgent(job, parts({ artifacts: ["kpi.jtl"] }, { folder: { ...folder, read } }), signal));
    expect((await reportOf()).notes).toEqual(["Could not keep kpi.jtl: There is no such file."]);
  });

  test("without a bundle in the store fails", async () => {
    await store.delete(bundleKey(makePlan().bundleSha256), signal);
    expect(await clock.run(runAgent(job, parts({}), signal))).toBe("failed");
    expect((await stateOf())?.reason).toBe(`The bundle of run ${runId} is not in the store.`);
  });
});

describe("secrets of a local run", () => {
  test("come from this machine's environment", () => {
    expect(resolveLocalSecrets({ TOKEN: "env:SHOP_TOKEN" }, { SHOP_TOKEN: "abc" })).toEqual({ TOKEN: "abc" });
  });

  test.each([
    ["env:SHOP_TOKEN", "secret-missing"],
    ["ssm:/loadfleet/shop/token", "secret-elsewhere"],
  ])("are refused when they are not there: %s", (reference, code) => {
    expect(() => resolveLocalSecrets({ TOKEN: reference }, {})).toThrow(expect.objectContaining({ code }));
  });
});
