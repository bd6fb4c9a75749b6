import type { RunId, TestId } from "../../core/run/ids.ts";
import { isFinal, type RunRecord, type TaskRecord } from "../../core/run/run.ts";
import type { AgentState, LiveRecord, StartSignal, StopRequest } from "../../core/run/wire.ts";
import type { Ledger, StoredLive, TestEntry, WriteOutcome } from "../ports.ts";
import { forgetRun, isSameTask, lockTest, mayAdvance, unlockTest } from "../records.ts";

interface RunItems {
  run: RunRecord;
  readonly tasks: Map<number, TaskRecord>;
  start?: StartSignal;
  stop?: StopRequest;
}

interface AgentItems {
  claimant?: string;
  state?: AgentState;
  readonly live: LiveRecord[];
}

/** Keeps what is true about runs in memory; each write is one turn of the event loop, so it is a transaction. */
export function makeMemoryLedger(): Ledger {
  const tests = new Map<TestId, TestEntry>();
  const runs = new Map<RunId, RunItems>();
  const open = new Set<RunId>();
  const agents = new Map<string, AgentItems>();

  const setTest = (entry: TestEntry | undefined): void => {
    if (entry !== undefined) tests.set(entry.testId, entry);
  };
  const agentOf = (identity: string): AgentItems => {
    const agent = agents.get(identity) ?? { live: [] };
    agents.set(identity, agent);
    return agent;
  };
  const write = (isAllowed: boolean, apply: () => void): WriteOutcome => {
    if (!isAllowed) return "conflict";
    apply();
    return "written";
  };

  return {
    async submit(run) {
      const entry = tests.get(run.testId);
      const isFree = entry === undefined || entry.activeRunId === null || entry.activeRunId === run.runId;
      return write(isFree, () => {
        if (!runs.has(run.runId)) runs.set(run.runId, { run, tasks: new Map() });
        tests.set(run.testId, lockTest(entry, run));
        open.add(run.runId);
      });
    },
    async getRun(runId) {
      return runs.get(runId)?.run;
    },
    async advanceRun(from, to) {
      const items = runs.get(from.runId);
      if (items === undefined) return "conflict";
      return write(mayAdvance(items.run, from, to), () => {
        items.run = to;
      });
    },
    async closeRun(run) {
      const items = runs.get(run.runId);
      if (items === undefined) return "conflict";
      return write(!isFinal(items.run.status), () => {
        items.run = run;
        setTest(unlockTest(tests.get(run.testId), run.runId, run.endedAtMs ?? run.createdAtMs));
        open.delete(run.runId);
      });
    },
    async deleteRun(runId) {
      const items = runs.get(runId);
      if (items === undefined) return;
      for (const { identity } of items.tasks.values()) if (identity !== null) agents.delete(identity);
      setTest(forgetRun(tests.get(items.run.testId), runId));
      runs.delete(runId);
      open.delete(runId);
    },

    async listTests() {
      return [...tests.values()].toSorted((a, b) => (a.testId < b.testId ? -1 : 1));
    },
    async getTest(testId) {
      return tests.get(testId);
    },
    async setBaseline(testId, runId) {
      const entry = tests.get(testId);
      return write(entry !== undefined, () => setTest(entry && { ...entry, baselineRunId: runId }));
    },
    async deleteTest(testId) {
      return write((tests.get(testId)?.activeRunId ?? null) === null, () => {
        tests.delete(testId);
      });
    },
    async listRuns({ testId, limit, after }) {
      const matching = [...runs.values()]
        .map(({ run }) => run)
        .filter((run) => (testId === undefined || run.testId === testId) && (after === undefined || run.runId < after))
        .toSorted((a, b) => (a.runId < b.runId ? 1 : -1));
      const items = matching.slice(0, limit);
      return { items, next: matching.length > limit ? items.at(-1)?.runId : undefined };
    },
    async listOpenRuns() {
      return [...open].toSorted();
    },

    async listTasks(runId) {
      return [...(runs.get(runId)?.tasks.values() ?? [])].toSorted((a, b) => a.task - b.task);
    },
    async putTask(runId, from, to) {
      const tasks = runs.get(runId)?.tasks;
      const stored = tasks?.get(to.task);
      const isExpected = stored === undefined || from === undefined ? stored === from : isSameTask(stored, from);
      return write(tasks !== undefined && isExpected, () => tasks?.set(to.task, to));
    },

    async getStart(runId) {
      return runs.get(runId)?.start;
    },
    async putStart(runId, start) {
      const items = runs.get(runId);
      if (items === undefined) return "conflict";
      return write(items.start === undefined && items.stop === undefined, () => {
        items.start = start;
      });
    },
    async getStop(runId) {
      return runs.get(runId)?.stop;
    },
    async putStop(runId, stop) {
      const items = runs.get(runId);
      if (items === undefined) return "conflict";
      return write(items.stop === undefined, () => {
        items.stop = stop;
      });
    },

    async claimIdentity(identity, claimant) {
      const agent = agentOf(identity);
      return write(agent.claimant === undefined || agent.claimant === claimant, () => {
        agent.claimant = claimant;
      });
    },
    async getAgentStates(identities) {
      const states = new Map<string, AgentState>();
      for (const identity of identities) {
        const state = agents.get(identity)?.state;
        if (state !== undefined) states.set(identity, state);
      }
      return states;
    },
    async putAgentState(identity, state) {
      agentOf(identity).state = state;
    },
    async putLive(identity, record) {
      agentOf(identity).live.push(record);
    },
    async getLive(identities, fromSecond) {
      return identities.flatMap((identity): readonly StoredLive[] => {
        const live = agents.get(identity)?.live ?? [];
        return live.filter(({ second }) => second >= fromSecond).map((record) => ({ identity, record }));
      });
    },
  };
}
