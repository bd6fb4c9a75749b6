import { mapConcurrent } from "../core/async.ts";
import { parseAgentState, parseLive } from "../core/run/records.ts";
import type { AgentState, LiveRecord } from "../core/run/wire.ts";
import type { StoredLive, WriteOutcome } from "../fleet/ports.ts";
import { agentKey, agentPartition, liveKey, livePrefix } from "./dynamoKeys.ts";
import { decodeItem } from "./dynamoRecords.ts";
import type { DynamoTable } from "./dynamoTable.ts";

const day = 24 * 3600;
/** Live figures serve the watchers of a run; the longest run lasts a week. */
const liveLastsSeconds = 2 * day;
const stateLastsSeconds = 30 * day;
const readsAtATime = 32;

/** The items that agents write about themselves. */
export class DynamoAgents {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor(table: DynamoTable, now: () => number) {
    this.#table = table;
    this.#now = now;
  }

  async claim(identity: string, claimant: string, signal: AbortSignal): Promise<WriteOutcome> {
    const item = { ...agentKey(identity, "CLAIM"), claimant, expiresAt: this.#after(stateLastsSeconds) };
    const isFree = { text: "attribute_not_exists(#pk) or #claimant = :claimant", values: { claimant } };
    return this.#table.put(item, signal, isFree);
  }

  async states(identities: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, AgentState>> {
    const keys = [...new Set(identities)].map((identity) => agentKey(identity, "STATE"));
    const items = await this.#table.getMany(keys, signal);
    return new Map(items.map((item) => [identityOf(item.pk), decodeItem(item, parseAgentState)]));
  }

  async putState(identity: string, state: AgentState, signal: AbortSignal): Promise<void> {
    const item = { ...agentKey(identity, "STATE"), record: JSON.stringify(state) };
    await this.#table.put({ ...item, expiresAt: this.#after(stateLastsSeconds) }, signal);
  }

  async putLive(identity: string, record: LiveRecord, signal: AbortSignal): Promise<void> {
    const item = { ...liveKey(identity, record.second), record: JSON.stringify(record) };
    await this.#table.put({ ...item, expiresAt: this.#after(liveLastsSeconds) }, signal);
  }

  async live(identities: readonly string[], fromSecond: number, signal: AbortSignal): Promise<readonly StoredLive[]> {
    const read = async (identity: string): Promise<readonly StoredLive[]> => {
      const range = {
        partition: agentPartition(identity),
        from: liveKey(identity, fromSecond).sk,
        isConsistent: false,
      };
      const items = (await this.#table.query(range, signal)).filter(({ sk }) => sk.startsWith(livePrefix));
      return items.map((item) => ({ identity, record: decodeItem(item, parseLive) }));
    };
    return (await mapConcurrent(identities, readsAtATime, read, signal)).flat();
  }

  async delete(identities: readonly string[], signal: AbortSignal): Promise<void> {
    const remove = async (identity: string): Promise<void> => {
      const items = await this.#table.query({ partition: agentPartition(identity), only: ["pk", "sk"] }, signal);
      await this.#table.deleteMany(items, signal);
    };
    await mapConcurrent(identities, readsAtATime, remove, signal);
  }

  #after(seconds: number): number {
    return Math.floor(this.#now() / 1000) + seconds;
  }
}

function identityOf(partition: string): string {
  return partition.slice(agentPartition("").length);
}
