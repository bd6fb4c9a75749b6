import type { RunId } from "../core/run/ids.ts";
import type { AgentState, LiveRecord, StartSignal, StopRequest } from "../core/run/wire.ts";
import type { AgentLedger, WriteOutcome } from "../fleet/ports.ts";
import { DynamoAgents } from "./dynamoAgents.ts";
import type { DynamoPlace } from "./dynamoLedger.ts";
import { DynamoSignals } from "./dynamoSignals.ts";
import { DynamoTable } from "./dynamoTable.ts";

/** The stack's table as the agent of one task may use it: writes of its own items, and reads by key. */
export class DynamoAgentLedger implements AgentLedger {
  readonly #task: number;
  readonly #signals: DynamoSignals;
  readonly #agents: DynamoAgents;

  constructor({ client, table, now = Date.now }: DynamoPlace, task: number) {
    const items = new DynamoTable(client, table);
    this.#task = task;
    this.#signals = new DynamoSignals(items);
    this.#agents = new DynamoAgents(items, now);
  }

  claimIdentity(identity: string, claimant: string, signal: AbortSignal): Promise<WriteOutcome> {
    return this.#agents.claim(identity, claimant, signal);
  }

  putAgentState(identity: string, state: AgentState, signal: AbortSignal): Promise<void> {
    return this.#agents.putState(identity, state, signal);
  }

  putLive(identity: string, record: LiveRecord, signal: AbortSignal): Promise<void> {
    return this.#agents.putLive(identity, record, signal);
  }

  /** The signal with the part of the roster that the task belongs to. */
  getStart(runId: RunId, signal: AbortSignal): Promise<StartSignal | undefined> {
    return this.#signals.getStartOf(runId, this.#task, signal);
  }

  // Thousands look again and again; a moment's delay does no harm.
  getStop(runId: RunId, signal: AbortSignal): Promise<StopRequest | undefined> {
    return this.#signals.getStop(runId, signal, false);
  }
}
