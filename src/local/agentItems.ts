import { appendFile, mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AgentState, LiveRecord } from "../core/run/wire.ts";
import type { StoredLive, WriteOutcome } from "../fleet/ports.ts";
import { createFile, namesIn, readIfPresent, replaceFile } from "./files.ts";
import { decodeAgentState, decodeLive } from "./records.ts";

// A reader of the last seconds opens one or two files, however long the run is.
const secondsPerBlock = 60;

/** The items that an agent writes about itself, one folder per identity. */
export class AgentItems {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async claim(identity: string, claimant: string): Promise<WriteOutcome> {
    const path = join(this.#folder, identity, "claim");
    if (await createFile(path, claimant)) return "written";
    return (await readIfPresent(path))?.toString("utf8") === claimant ? "written" : "conflict";
  }

  async states(identities: readonly string[]): Promise<ReadonlyMap<string, AgentState>> {
    const states = new Map<string, AgentState>();
    for (const identity of identities) {
      const path = this.#statePath(identity);
      const bytes = await readIfPresent(path);
      if (bytes !== undefined) states.set(identity, decodeAgentState(bytes.toString("utf8"), path));
    }
    return states;
  }

  async putState(identity: string, state: AgentState): Promise<void> {
    await replaceFile(this.#statePath(identity), JSON.stringify(state));
  }

  async putLive(identity: string, record: LiveRecord): Promise<void> {
    const path = join(this.#liveFolder(identity), blockName(record.second));
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, `${JSON.stringify(record)}\n`);
  }

  async live(identities: readonly string[], fromSecond: number): Promise<readonly StoredLive[]> {
    const stored: StoredLive[] = [];
    for (const identity of identities) {
      const blocks = (await namesIn(this.#liveFolder(identity))).filter((name) => name >= blockName(fromSecond));
      for (const block of blocks) {
        const records = await readBlock(join(this.#liveFolder(identity), block));
        stored.push(...records.filter(({ second }) => second >= fromSecond).map((record) => ({ identity, record })));
      }
    }
    return stored;
  }

  async delete(identities: readonly string[]): Promise<void> {
    for (const identity of identities) await rm(join(this.#folder, identity), { recursive: true, force: true });
  }

  async deleteLive(identities: readonly string[]): Promise<void> {
    for (const identity of identities) await rm(this.#liveFolder(identity), { recursive: true, force: true });
  }

  #statePath(identity: string): string {
    return join(this.#folder, identity, "state.json");
  }

  #liveFolder(identity: string): string {
    return join(this.#folder, identity, "live");
  }
}

function blockName(second: number): string {
  return `${String(Math.floor(second / secondsPerBlock)).padStart(6, "0")}.ndjson`;
}

async function readBlock(path: string): Promise<readonly LiveRecord[]> {
  const text = (await readIfPresent(path))?.toString("utf8") ?? "";
  // What follows the last line break is still being written.
  const lines = text.slice(0, text.lastIndexOf("\n") + 1).split("\n");
  return lines.filter((line) => line !== "").map((line) => decodeLive(line, path));
}
