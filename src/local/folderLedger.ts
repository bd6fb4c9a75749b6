import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import { isRunId, type RunId, type TestId } from "../core/run/ids.ts";
import type { Signal } from "../core/run/records.ts";
import { isFinal, type RunRecord, type TaskRecord } from "../core/run/run.ts";
import type { AgentState, LiveRecord, StartSignal, StopRequest } from "../core/run/wire.ts";
import type { Ledger, Page, StoredLive, TestEntry, WriteOutcome } from "../fleet/ports.ts";
import { forgetRun, isSameTask, lockTest, mayAdvance, unlockTest } from "../fleet/records.ts";
import { AgentItems } from "./agentItems.ts";
import { createFile, namesIn } from "./files.ts";
import { decodeRun, decodeSignal, decodeTask, decodeTest, type Decode } from "./records.ts";
import { readVersion, readVersions, removeVersions, writeVersion, type Version } from "./versions.ts";

/** What a listing says of a file that it had to leave out. */
export type OnCorrupt = (sentence: string) => void;

interface Item<T> {
  readonly version: Version;
  readonly value: T | undefined;
}

/** Keeps what is true about runs in a folder that several processes share; nothing in it is ever locked. */
export class FolderLedger implements Ledger {
  readonly #folder: string;
  readonly #agents: AgentItems;
  readonly #onCorrupt: OnCorrupt;

  constructor(root: string, onCorrupt: OnCorrupt) {
    this.#folder = join(root, "ledger");
    this.#agents = new AgentItems(join(this.#folder, "agents"));
    this.#onCorrupt = onCorrupt;
  }

  async submit(run: RunRecord): Promise<WriteOutcome> {
    // The open entry comes first: whatever a crash leaves half done, the sweep finds.
    const openEntry = join(this.#folder, "open", run.runId);
    await createFile(openEntry, "");
    const { version, value } = await this.#readRun(run.runId);
    if (value === undefined) await writeVersion(this.#runFolder(run.runId), version, run);
    const before = (await this.#readTest(run.testId)).value?.lastRunId;
    if ((await this.#lock(run)) === "written") {
      if (before && before !== run.runId) await this.#forgetLive(before);
      return "written";
    }
    await rm(this.#runFolder(run.runId), { recursive: true, force: true });
    await rm(openEntry, { force: true });
    return "conflict";
  }

  async getRun(runId: RunId): Promise<RunRecord | undefined> {
    return (await this.#readRun(runId)).value;
  }

  async advanceRun(from: RunRecord, to: RunRecord): Promise<WriteOutcome> {
    const { version, value } = await this.#readRun(from.runId);
    if (value === undefined || !mayAdvance(value, from, to)) return "conflict";
    return writeVersion(this.#runFolder(from.runId), version, to);
  }

  async closeRun(run: RunRecord): Promise<WriteOutcome> {
    for (;;) {
      const { version, value } = await this.#readRun(run.runId);
      const isClosable = value !== undefined && !isFinal(value.status);
      if (isClosable && (await writeVersion(this.#runFolder(run.runId), version, run)) === "conflict") continue;
      // Repeated for a run that is final already: a closer may have died between these writes.
      await this.#updateTest(run.testId, (entry) => unlockTest(entry, run.runId, run.endedAtMs ?? run.createdAtMs));
      await rm(join(this.#folder, "open", run.runId), { force: true });
      return isClosable ? "written" : "conflict";
    }
  }

  async deleteRun(runId: RunId): Promise<void> {
    const { value } = await this.#readRun(runId);
    await this.#agents.delete(await this.#identitiesOf(runId));
    if (value !== undefined) await this.#updateTest(value.testId, (entry) => forgetRun(entry, runId));
    await rm(this.#runFolder(runId), { recursive: true, force: true });
    await rm(join(this.#folder, "open", runId), { force: true });
  }

  /**
   * Drops what a run before said while it went on: the result tells more than live records of hours, which may be many
   * megabytes. Nobody follows that run any more once the next one begins.
   */
  async #forgetLive(runId: RunId): Promise<void> {
    // One that cannot be read is named when somebody asks for it, and keeps no other from beginning.
    const run = await this.getRun(runId).catch(() => undefined);
    if (run?.summary) await this.#agents.deleteLive(await this.#identitiesOf(runId));
  }

  async #identitiesOf(runId: RunId): Promise<readonly string[]> {
    const tasks = await this.listTasks(runId);
    return tasks.map(({ identity }) => identity).filter((identity) => identity !== null);
  }

  async listTests(): Promise<readonly TestEntry[]> {
    const versions = await readVersions(join(this.#folder, "tests"));
    return versions.map(({ text, path }) => this.#decodeListed(decodeTest, text, path)).filter((entry) => !!entry);
  }

  async getTest(testId: TestId): Promise<TestEntry | undefined> {
    return (await this.#readTest(testId)).value;
  }

  async setBaseline(testId: TestId, runId: RunId | null): Promise<WriteOutcome> {
    let outcome: WriteOutcome = "conflict";
    await this.#updateTest(testId, (entry) => {
      outcome = entry === undefined ? "conflict" : "written";
      return entry && { ...entry, baselineRunId: runId };
    });
    return outcome;
  }

  async deleteTest(testId: TestId): Promise<WriteOutcome> {
    const { version, value } = await this.#readTest(testId);
    if (value !== undefined && value.activeRunId !== null) return "conflict";
    await removeVersions(join(this.#folder, "tests"), version);
    return "written";
  }

  async listRuns(filter: {
    readonly testId?: TestId;
    readonly limit: number;
    readonly after?: string;
  }): Promise<Page<RunRecord>> {
    const { testId, limit, after } = filter;
    const runIds = (await namesIn(join(this.#folder, "runs"))).filter(isRunId).toReversed();
    const items: RunRecord[] = [];
    for (const runId of runIds) {
      if (after !== undefined && runId >= after) continue;
      const version = await readVersion(this.#runFolder(runId), "run");
      const run = version && this.#decodeListed(decodeRun, version.text, version.path);
      if (run === undefined || (testId !== undefined && run.testId !== testId)) continue;
      if (items.length === limit) return { items, next: items.at(-1)?.runId };
      items.push(run);
    }
    return { items, next: undefined };
  }

  async listOpenRuns(): Promise<readonly RunId[]> {
    return (await namesIn(join(this.#folder, "open"))).filter(isRunId);
  }

  async listTasks(runId: RunId): Promise<readonly TaskRecord[]> {
    const versions = await readVersions(this.#taskFolder(runId));
    return versions.map(({ text, path }) => decodeTask(text, path)).toSorted((a, b) => a.task - b.task);
  }

  async putTask(runId: RunId, from: TaskRecord | undefined, to: TaskRecord): Promise<WriteOutcome> {
    const folder = this.#taskFolder(runId);
    const { version, value } = await readItem(folder, String(to.task).padStart(5, "0"), decodeTask);
    const isExpected = value === undefined || from === undefined ? value === from : isSameTask(value, from);
    return isExpected ? writeVersion(folder, version, to) : "conflict";
  }

  async getStart(runId: RunId): Promise<StartSignal | undefined> {
    return (await this.#readSignal(runId)).value?.start;
  }

  putStart(runId: RunId, start: StartSignal): Promise<WriteOutcome> {
    return this.#updateSignal(runId, (signal) => (signal.start || signal.stop ? undefined : { start }));
  }

  async getStop(runId: RunId): Promise<StopRequest | undefined> {
    return (await this.#readSignal(runId)).value?.stop;
  }

  putStop(runId: RunId, stop: StopRequest): Promise<WriteOutcome> {
    return this.#updateSignal(runId, (signal) => (signal.stop ? undefined : { ...signal, stop }));
  }

  claimIdentity(identity: string, claimant: string): Promise<WriteOutcome> {
    return this.#agents.claim(identity, claimant);
  }

  getAgentStates(identities: readonly string[]): Promise<ReadonlyMap<string, AgentState>> {
    return this.#agents.states(identities);
  }

  putAgentState(identity: string, state: AgentState): Promise<void> {
    return this.#agents.putState(identity, state);
  }

  putLive(identity: string, record: LiveRecord): Promise<void> {
    return this.#agents.putLive(identity, record);
  }

  getLive(identities: readonly string[], fromSecond: number): Promise<readonly StoredLive[]> {
    return this.#agents.live(identities, fromSecond);
  }

  /** Takes the lock of the run's test; one that a run left behind which has ended or never came to be counts as free. */
  async #lock(run: RunRecord): Promise<WriteOutcome> {
    for (;;) {
      const { version, value } = await this.#readTest(run.testId);
      const holder = value?.activeRunId ?? null;
      if (holder === run.runId) return "written";
      const held = holder === null ? undefined : await this.getRun(holder);
      if (held !== undefined && !isFinal(held.status)) return "conflict";
      const outcome = await writeVersion(join(this.#folder, "tests"), version, lockTest(value, run));
      if (outcome === "written") return outcome;
    }
  }

  async #updateTest(testId: TestId, change: (entry: TestEntry | undefined) => TestEntry | undefined): Promise<void> {
    for (;;) {
      const { version, value } = await this.#readTest(testId);
      const changed = change(value);
      if (changed === undefined) return;
      if ((await writeVersion(join(this.#folder, "tests"), version, changed)) === "written") return;
    }
  }

  async #updateSignal(runId: RunId, change: (signal: Signal) => Signal | undefined): Promise<WriteOutcome> {
    if ((await this.getRun(runId)) === undefined) return "conflict";
    for (;;) {
      const { version, value } = await this.#readSignal(runId);
      const changed = change(value ?? {});
      if (changed === undefined) return "conflict";
      if ((await writeVersion(this.#runFolder(runId), version, changed)) === "written") return "written";
    }
  }

  #decodeListed<T>(decode: Decode<T>, text: string, path: string): T | undefined {
    try {
      return decode(text, path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#onCorrupt(error.message);
      return undefined;
    }
  }

  #runFolder(runId: RunId): string {
    return join(this.#folder, "runs", runId);
  }

  #taskFolder(runId: RunId): string {
    return join(this.#runFolder(runId), "tasks");
  }

  #readRun(runId: RunId): Promise<Item<RunRecord>> {
    return readItem(this.#runFolder(runId), "run", decodeRun);
  }

  #readSignal(runId: RunId): Promise<Item<Signal>> {
    return readItem(this.#runFolder(runId), "signal", decodeSignal);
  }

  // The prefix keeps a test named like a device of Windows (con, nul) from being one.
  #readTest(testId: TestId): Promise<Item<TestEntry>> {
    return readItem(join(this.#folder, "tests"), `test-${testId}`, decodeTest);
  }
}

async function readItem<T>(folder: string, name: string, decode: Decode<T>): Promise<Item<T>> {
  const version = await readVersion(folder, name);
  if (version === undefined) return { version: { name, number: 0 }, value: undefined };
  return { version, value: decode(version.text, version.path) };
}
