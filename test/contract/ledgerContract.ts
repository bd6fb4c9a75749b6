import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeTestId } from "../../src/core/run/ids.ts";
import type { LiveRecord, StartSignal, StopRequest } from "../../src/core/run/wire.ts";
import type { Ledger } from "../../src/fleet/ports.ts";
import { makeRun, makeTask, runIdOf } from "../fleet/records.ts";

const { signal } = new AbortController();
const start: StartSignal = { startAtMs: 5, deadlineAtMs: 9, roster: { 0: { index: 0, of: 1, executions: [] } } };
const stop: StopRequest = { atMs: 7, by: "person", reason: "Asked for." };
const live = (second: number): LiveRecord => ({ second, seconds: 1, users: 1, labels: {} });

/** A ledger that holds nothing yet. */
export interface LedgerAdapter {
  /** Several handles on the same data, as several processes have them. */
  readonly handles: readonly [Ledger, Ledger, Ledger];
  dispose(): Promise<void>;
}

/** What every ledger has to do. */
export function describeLedger(name: string, open: () => Promise<LedgerAdapter>): void {
  describe(`a ledger in ${name}`, () => {
    let adapter: LedgerAdapter;
    let ledger: Ledger;

    beforeEach(async () => {
      adapter = await open();
      [ledger] = adapter.handles;
    });
    afterEach(() => adapter.dispose());

    test("keeps a submitted run, locks its test and lists it as open", async () => {
      const run = makeRun();
      expect(await ledger.submit(run, signal)).toBe("written");
      expect(await ledger.getRun(run.runId, signal)).toEqual(run);
      expect(await ledger.listOpenRuns(signal)).toEqual([run.runId]);
      expect(await ledger.getTest(run.testId, signal)).toEqual({
        testId: run.testId,
        name: "Shop",
        scenarioPath: "shop.loadtest.yml",
        activeRunId: run.runId,
        lastRunId: run.runId,
        baselineRunId: null,
        changedAtMs: run.createdAtMs,
      });
    });

    test("knows nothing of what was never written", async () => {
      expect(await ledger.getRun(runIdOf(9), signal)).toBeUndefined();
      expect(await ledger.getTest(makeTestId("nothing"), signal)).toBeUndefined();
      expect(await ledger.getStart(runIdOf(9), signal)).toBeUndefined();
      expect(await ledger.listTasks(runIdOf(9), signal)).toEqual([]);
      expect(await ledger.getAgentStates(["nobody"], signal)).toEqual(new Map());
      expect(await ledger.putStop(runIdOf(9), stop, signal)).toBe("conflict");
    });

    test("lets exactly one of many concurrent submitters win", async () => {
      const runs = Array.from({ length: 12 }, (_, index) => makeRun({ runId: runIdOf(index) }));
      const outcomes = await Promise.all(
        runs.map((run, index) => (adapter.handles[index % 3] ?? ledger).submit(run, signal)),
      );
      expect(outcomes.filter((outcome) => outcome === "written")).toHaveLength(1);
      const winner = runs[outcomes.indexOf("written")]?.runId;
      expect((await ledger.getTest(makeTestId("shop"), signal))?.activeRunId).toBe(winner);
      expect(await ledger.listOpenRuns(signal)).toEqual([winner]);
      expect((await ledger.listRuns({ limit: 100 }, signal)).items).toHaveLength(1);
    });

    test("refuses a second run of a test and takes one of another test", async () => {
      await ledger.submit(makeRun(), signal);
      expect(await ledger.submit(makeRun({ runId: runIdOf(1) }), signal)).toBe("conflict");
      expect(await ledger.getRun(runIdOf(1), signal)).toBeUndefined();
      expect(await ledger.submit(makeRun({ runId: runIdOf(2), testId: makeTestId("other") }), signal)).toBe("written");
    });

    test("takes the same submission twice", async () => {
      await ledger.submit(makeRun(), signal);
      expect(await ledger.submit(makeRun(), signal)).toBe("written");
      expect(await ledger.listOpenRuns(signal)).toHaveLength(1);
    });

    test("advances a run only forward and only from what the writer saw", async () => {
      const queued = makeRun();
      const ready = makeRun({ status: "ready" });
      await ledger.submit(queued, signal);
      expect(await ledger.advanceRun(queued, ready, signal)).toBe("written");
      expect(await ledger.advanceRun(queued, makeRun({ status: "running" }), signal)).toBe("conflict");
      expect(await ledger.advanceRun(ready, makeRun({ status: "provisioning" }), signal)).toBe("conflict");
      expect(await ledger.getRun(queued.runId, signal)).toEqual(ready);
    });

    test("lets exactly one of many concurrent writers advance a run", async () => {
      const queued = makeRun();
      await ledger.submit(queued, signal);
      const advance = (handle: Ledger, index: number) =>
        handle.advanceRun(queued, makeRun({ status: "provisioning", reason: `writer ${index}` }), signal);
      const outcomes = await Promise.all([...adapter.handles, ...adapter.handles].map(advance));
      expect(outcomes.filter((outcome) => outcome === "written")).toHaveLength(1);
      const stored = await ledger.getRun(queued.runId, signal);
      expect(stored?.reason).toBe(`writer ${outcomes.indexOf("written")}`);
    });

    test("closes a run once, releases its test and drops it from the open runs", async () => {
      const run = makeRun();
      await ledger.submit(run, signal);
      const closed = makeRun({ status: "complete", endedAtMs: 5 });
      expect(await ledger.closeRun(closed, signal)).toBe("written");
      expect(await ledger.closeRun(makeRun({ status: "failed", endedAtMs: 6 }), signal)).toBe("conflict");
      expect(await ledger.getRun(run.runId, signal)).toEqual(closed);
      expect(await ledger.listOpenRuns(signal)).toEqual([]);
      expect((await ledger.getTest(run.testId, signal))?.activeRunId).toBeNull();
      expect(await ledger.submit(makeRun({ runId: runIdOf(1) }), signal)).toBe("written");
    });

    test("closing an old run leaves the lock of a newer one alone", async () => {
      await ledger.submit(makeRun(), signal);
      await ledger.closeRun(makeRun({ status: "failed" }), signal);
      await ledger.submit(makeRun({ runId: runIdOf(1) }), signal);
      await ledger.closeRun(makeRun({ status: "failed" }), signal);
      expect((await ledger.getTest(makeTestId("shop"), signal))?.activeRunId).toBe(runIdOf(1));
    });

    test("lists runs newest first, in pages, by test", async () => {
      for (const number of [0, 1, 2, 3, 4]) {
        const testId = makeTestId(number % 2 === 0 ? "even" : "odd");
        await ledger.submit(makeRun({ runId: runIdOf(number), testId }), signal);
        await ledger.closeRun(makeRun({ runId: runIdOf(number), testId, status: "complete" }), signal);
      }
      const first = await ledger.listRuns({ limit: 2 }, signal);
      expect(first.items.map(({ runId }) => runId)).toEqual([runIdOf(4), runIdOf(3)]);
      const second = await ledger.listRuns({ limit: 3, after: first.next ?? "" }, signal);
      expect(second.items.map(({ runId }) => runId)).toEqual([runIdOf(2), runIdOf(1), runIdOf(0)]);
      expect(second.next).toBeUndefined();
      const odd = await ledger.listRuns({ testId: makeTestId("odd"), limit: 10 }, signal);
      expect(odd.items.map(({ runId }) => runId)).toEqual([runIdOf(3), runIdOf(1)]);
      expect((await ledger.listTests(signal)).map(({ testId }) => testId)).toEqual(["even", "odd"]);
    });

    test("replaces a task's record only for who saw the last one", async () => {
      await ledger.submit(makeRun(), signal);
      const { runId } = makeRun();
      const wanted = makeTask();
      const launched = makeTask({ state: "launched", launcherId: "4711", identity: "a-0-1" });
      expect(await ledger.putTask(runId, undefined, wanted, signal)).toBe("written");
      expect(await ledger.putTask(runId, undefined, wanted, signal)).toBe("conflict");
      expect(await ledger.putTask(runId, wanted, launched, signal)).toBe("written");
      expect(await ledger.putTask(runId, wanted, makeTask({ state: "lost" }), signal)).toBe("conflict");
      await ledger.putTask(runId, undefined, makeTask({ task: 10 }), signal);
      await ledger.putTask(runId, undefined, makeTask({ task: 2 }), signal);
      expect((await ledger.listTasks(runId, signal)).map(({ task }) => task)).toEqual([0, 2, 10]);
      expect((await ledger.listTasks(runId, signal))[0]).toEqual(launched);
    });

    test("writes the start signal once", async () => {
      const { runId } = makeRun();
      await ledger.submit(makeRun(), signal);
      expect(await ledger.putStart(runId, start, signal)).toBe("written");
      expect(await ledger.putStart(runId, { ...start, startAtMs: 6 }, signal)).toBe("conflict");
      expect(await ledger.getStart(runId, signal)).toEqual(start);
      expect(await ledger.putStop(runId, stop, signal)).toBe("written");
      expect(await ledger.getStart(runId, signal)).toEqual(start);
    });

    test("writes no start signal after a stop request, and keeps the first request", async () => {
      const { runId } = makeRun();
      await ledger.submit(makeRun(), signal);
      expect(await ledger.putStop(runId, stop, signal)).toBe("written");
      expect(await ledger.putStop(runId, { ...stop, by: "deadline" }, signal)).toBe("conflict");
      expect(await ledger.putStart(runId, start, signal)).toBe("conflict");
      expect(await ledger.getStop(runId, signal)).toEqual(stop);
      expect(await ledger.getStart(runId, signal)).toBeUndefined();
    });

    test("a start and a stop at the same moment never lose the stop", async () => {
      const { runId } = makeRun();
      await ledger.submit(makeRun(), signal);
      const [first, second] = adapter.handles;
      const [, stopped] = await Promise.all([
        first.putStart(runId, start, signal),
        second.putStop(runId, stop, signal),
      ]);
      expect(stopped).toBe("written");
      expect(await ledger.getStop(runId, signal)).toEqual(stop);
    });

    test("gives an identity to its first claimant only", async () => {
      expect(await ledger.claimIdentity("r-0-1", "first", signal)).toBe("written");
      expect(await ledger.claimIdentity("r-0-1", "second", signal)).toBe("conflict");
      expect(await ledger.claimIdentity("r-0-1", "first", signal)).toBe("written");
      expect(await ledger.claimIdentity("r-1-1", "second", signal)).toBe("written");
    });

    test("keeps the last state of each agent", async () => {
      await ledger.putAgentState("r-0-1", { state: "preparing", atMs: 1 }, signal);
      await ledger.putAgentState("r-0-1", { state: "failed", atMs: 2, reason: "No." }, signal);
      await ledger.putAgentState("r-1-1", { state: "ready", atMs: 3 }, signal);
      expect(await ledger.getAgentStates(["r-0-1", "r-1-1", "r-2-1"], signal)).toEqual(
        new Map([
          ["r-0-1", { state: "failed", atMs: 2, reason: "No." }],
          ["r-1-1", { state: "ready", atMs: 3 }],
        ]),
      );
    });

    test("finds live records from a second on", async () => {
      for (const second of [0, 59, 60, 119, 120, 3600]) await ledger.putLive("r-0-1", live(second), signal);
      await ledger.putLive("r-1-1", live(60), signal);
      const found = await ledger.getLive(["r-0-1", "r-1-1"], 60, signal);
      expect(found.filter(({ identity }) => identity === "r-0-1").map(({ record }) => record.second)).toEqual([
        60, 119, 120, 3600,
      ]);
      expect(found.filter(({ identity }) => identity === "r-1-1")).toEqual([{ identity: "r-1-1", record: live(60) }]);
    });

    test("marks a run of a known test as its baseline, and takes the mark away again", async () => {
      const run = makeRun();
      expect(await ledger.setBaseline(run.testId, run.runId, signal)).toBe("conflict");
      await ledger.submit(run, signal);
      expect(await ledger.setBaseline(run.testId, run.runId, signal)).toBe("written");
      expect((await ledger.getTest(run.testId, signal))?.baselineRunId).toBe(run.runId);
      expect(await ledger.setBaseline(run.testId, null, signal)).toBe("written");
      expect(await ledger.getTest(run.testId, signal)).toMatchObject({ baselineRunId: null, activeRunId: run.runId });
    });

    test("removes a test's entry, but not while it is running", async () => {
      const run = makeRun();
      await ledger.submit(run, signal);
      expect(await ledger.deleteTest(run.testId, signal)).toBe("conflict");
      await ledger.closeRun(makeRun({ status: "complete" }), signal);
      expect(await ledger.deleteTest(run.testId, signal)).toBe("written");
      expect(await ledger.deleteTest(run.testId, signal)).toBe("written");
      expect(await ledger.getTest(run.testId, signal)).toBeUndefined();
      expect(await ledger.listTests(signal)).toEqual([]);
      expect(await ledger.submit(makeRun({ runId: runIdOf(1) }), signal)).toBe("written");
    });

    test("forgets everything of a deleted run", async () => {
      const run = makeRun();
      await ledger.submit(run, signal);
      await ledger.putTask(run.runId, undefined, makeTask({ identity: "r-0-1", launcherId: "1" }), signal);
      await ledger.putAgentState("r-0-1", { state: "done", atMs: 1 }, signal);
      await ledger.putLive("r-0-1", live(1), signal);
      await ledger.closeRun(makeRun({ status: "complete" }), signal);
      await ledger.deleteRun(run.runId, signal);
      await ledger.deleteRun(run.runId, signal);
      expect(await ledger.getRun(run.runId, signal)).toBeUndefined();
      expect(await ledger.listTasks(run.runId, signal)).toEqual([]);
      expect(await ledger.getLive(["r-0-1"], 0, signal)).toEqual([]);
      expect((await ledger.getTest(run.testId, signal))?.lastRunId).toBeNull();
      expect((await ledger.listRuns({ limit: 5 }, signal)).items).toEqual([]);
    });
  });
}
