import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { RunId, TestId } from "../core/run/ids.ts";
import { parseTask } from "../core/run/records.ts";
import type { RunRecord, TaskRecord } from "../core/run/run.ts";
import type { AgentState, LiveRecord, StartSignal, StopRequest } from "../core/run/wire.ts";
import type { Ledger, Page, StoredLive, TestEntry, WriteOutcome } from "../fleet/ports.ts";
import { isSameTask } from "../fleet/records.ts";
import { DynamoAgents } from "./dynamoAgents.ts";
import { openKey, partitions, runPartition, signalPartition, taskKey, taskPrefix, testKey } from "./dynamoKeys.ts";
import { decodeItem, decodeTest } from "./dynamoRecords.ts";
import { DynamoRuns } from "./dynamoRuns.ts";
import { DynamoSignals } from "./dynamoSignals.ts";
import { DynamoTable } from "./dynamoTable.ts";

/** Where a ledger is. */
export interface DynamoPlace {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** The instant, in epoch ms; items of agents expire some time after it. */
  readonly now?: () => number;
}

/** Keeps what is true about runs in the stack's table; every write of steps is conditional or a transaction. */
export class DynamoLedger implements Ledger {
  readonly #table: DynamoTable;
  readonly #runs: DynamoRuns;
  readonly #signals: DynamoSignals;
  readonly #agents: DynamoAgents;

  constructor({ client, table, now = Date.now }: DynamoPlace) {
    this.#table = new DynamoTable(client, table);
    this.#runs = new DynamoRuns(this.#table);
    this.#signals = new DynamoSignals(this.#table);
    this.#agents = new DynamoAgents(this.#table, now);
  }

  submit(run: RunRecord, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#runs.submit(run, signal);
  }

  getRun(runId: RunId, signal: AbortSignal): Promise<RunRecord | undefined> {
    return this.#runs.get(runId, signal);
  }

  advanceRun(from: RunRecord, to: RunRecord, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#runs.advance(from, to, signal);
  }

  closeRun(run: RunRecord, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#runs.close(run, signal);
  }

  async deleteRun(runId: RunId, signal: AbortSignal): Promise<void> {
    const run = await this.getRun(runId, signal);
    const tasks = await this.listTasks(runId, signal);
    const identities = tasks.map(({ identity }) => identity).filter((identity) => identity !== null);
    await this.#agents.delete(identities, signal);
    if (run !== undefined) await this.#forget(run.testId, runId, signal);
    for (const partition of [signalPartition(runId), runPartition(runId)]) {
      const items = await this.#table.query({ partition, only: ["pk", "sk"] }, signal);
      await this.#table.deleteMany(items, signal);
    }
    await this.#table.delete(openKey(runId), signal);
  }

  async listTests(signal: AbortSignal): Promise<readonly TestEntry[]> {
    return (await this.#table.query({ partition: partitions.tests }, signal)).map(decodeTest);
  }

  async getTest(testId: TestId, signal: AbortSignal): Promise<TestEntry | undefined> {
    const item = await this.#table.get(testKey(testId), signal);
    return item && decodeTest(item);
  }

  async setBaseline(testId: TestId, runId: RunId | null, signal: AbortSignal): Promise<WriteOutcome> {
    const change =
      runId === null
        ? { text: "remove #baselineRunId" }
        : { text: "set #baselineRunId = :run", values: { run: runId } };
    return this.#table.update(testKey(testId), change, signal, { text: "attribute_exists(#pk)" });
  }

  async deleteTest(testId: TestId, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#table.delete(testKey(testId), signal, { text: "attribute_not_exists(#activeRunId)" });
  }

  listRuns(
    filter: { readonly testId?: TestId; readonly limit: number; readonly after?: string },
    signal: AbortSignal,
  ): Promise<Page<RunRecord>> {
    return this.#runs.list(filter, signal);
  }

  listOpenRuns(signal: AbortSignal): Promise<readonly RunId[]> {
    return this.#runs.listOpen(signal);
  }

  async listTasks(runId: RunId, signal: AbortSignal): Promise<readonly TaskRecord[]> {
    const items = await this.#table.query({ partition: runPartition(runId), prefix: taskPrefix }, signal);
    return items.map((item) => decodeItem(item, parseTask));
  }

  async putTask(
    runId: RunId,
    from: TaskRecord | undefined,
    to: TaskRecord,
    signal: AbortSignal,
  ): Promise<WriteOutcome> {
    const key = taskKey(runId, to.task);
    const put = (isExpected: Parameters<DynamoTable["put"]>[2]) =>
      this.#table.put({ ...key, record: textOf(to) }, signal, isExpected);
    if (from === undefined) return put({ text: "attribute_not_exists(#pk)" });
    if ((await put({ text: "#record = :from", values: { from: textOf(from) } })) === "written") return "written";
    // Another version may have written the same record in other words.
    const item = await this.#table.get(key, signal);
    if (item === undefined || !isSameTask(decodeItem(item, parseTask), from)) return "conflict";
    return put({ text: "#record = :from", values: { from: String(item["record"]) } });
  }

  getStart(runId: RunId, signal: AbortSignal): Promise<StartSignal | undefined> {
    return this.#signals.getStart(runId, signal);
  }

  putStart(runId: RunId, start: StartSignal, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#signals.putStart(runId, start, signal);
  }

  getStop(runId: RunId, signal: AbortSignal): Promise<StopRequest | undefined> {
    return this.#signals.getStop(runId, signal);
  }

  putStop(runId: RunId, stop: StopRequest, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#signals.putStop(runId, stop, signal);
  }

  claimIdentity(identity: string, claimant: string, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#agents.claim(identity, claimant, signal);
  }

  getAgentStates(identities: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, AgentState>> {
    return this.#agents.states(identities, signal);
  }

  putAgentState(identity: string, state: AgentState, signal: AbortSignal): Promise<void> {
    return this.#agents.putState(identity, state, signal);
  }

  putLive(identity: string, record: LiveRecord, signal: AbortSignal): Promise<void> {
    return this.#agents.putLive(identity, record, signal);
  }

  getLive(identities: readonly string[], fromSecond: number, signal: AbortSignal): Promise<readonly StoredLive[]> {
    return this.#agents.live(identities, fromSecond, signal);
  }

  async #forget(testId: TestId, runId: RunId, signal: AbortSignal): Promise<void> {
    for (const name of ["activeRunId", "lastRunId", "baselineRunId"]) {
      const condition = { text: `#${name} = :run`, values: { run: runId } };
      await this.#table.update(testKey(testId), { text: `remove #${name}` }, signal, condition);
    }
  }
}

/** A record's JSON, always with its keys in the same order: conditions compare it as text. */
function textOf({ task, attempt, launcherId, identity, state, reason, changedAtMs }: TaskRecord): string {
  return JSON.stringify({ task, attempt, launcherId, identity, state, reason, changedAtMs });
}
