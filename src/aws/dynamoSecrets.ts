import { agentKey } from "./dynamoKeys.ts";
import type { DynamoPlace } from "./dynamoLedger.ts";
import { DynamoTable } from "./dynamoTable.ts";

/** A task that has not taken its secrets by then never will. */
const lastsSeconds = 24 * 3600;

/** The encrypted secrets of tasks, each readable by its task alone. */
export class DynamoSecrets {
  readonly #table: DynamoTable;
  readonly #now: () => number;

  constructor({ client, table, now = Date.now }: DynamoPlace) {
    this.#table = new DynamoTable(client, table);
    this.#now = now;
  }

  async put(identity: string, sealed: string, signal: AbortSignal): Promise<void> {
    const expiresAt = Math.floor(this.#now() / 1000) + lastsSeconds;
    await this.#table.put({ ...agentKey(identity, "SECRETS"), sealed, expiresAt }, signal);
  }

  /** Undefined when there are none, or not yet. */
  async get(identity: string, signal: AbortSignal): Promise<string | undefined> {
    const sealed = (await this.#table.get(agentKey(identity, "SECRETS"), signal))?.["sealed"];
    return typeof sealed === "string" ? sealed : undefined;
  }

  async delete(identity: string, signal: AbortSignal): Promise<void> {
    await this.#table.delete(agentKey(identity, "SECRETS"), signal);
  }
}
