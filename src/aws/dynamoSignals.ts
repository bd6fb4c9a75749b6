import { randomUUID } from "node:crypto";
import { mapConcurrent } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import { parseStart, parseStop } from "../core/run/records.ts";
import type { StartSignal, StopRequest } from "../core/run/wire.ts";
import type { WriteOutcome } from "../fleet/ports.ts";
import { rosterKey, signalKey } from "./dynamoKeys.ts";
import { decodeItem } from "./dynamoRecords.ts";
import type { DynamoTable } from "./dynamoTable.ts";
import type { Item } from "./dynamoWire.ts";

/** A start signal of thousands of tasks fits no item, and an agent needs only its own share. */
const tasksPerPart = 25;
const partsAtATime = 16;
const mostKnown = 8;

/**
 * Start signals and stop requests. What the agents look at again and again is one small item; the roster stands in
 * parts beside it.
 */
export class DynamoSignals {
  readonly #table: DynamoTable;
  // A start signal is written once, so what was read stays true.
  readonly #starts = new Map<RunId, StartSignal>();

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async getStart(runId: RunId, signal: AbortSignal): Promise<StartSignal | undefined> {
    const known = this.#starts.get(runId);
    if (known !== undefined) return known;
    const item = await this.#table.get(signalKey(runId), signal);
    const parts = Array.from({ length: Number(item?.["parts"] ?? 0) }, (_, part) => part);
    const start = item && (await this.#readParts(runId, item, parts, signal));
    if (start === undefined) return undefined;
    if (this.#starts.size === mostKnown) this.#starts.clear();
    this.#starts.set(runId, start);
    return start;
  }

  /** The signal with only that part of the roster that a task is in, and as it was a moment ago: what its agent needs. */
  async getStartOf(runId: RunId, task: number, signal: AbortSignal): Promise<StartSignal | undefined> {
    const item = await this.#table.get(signalKey(runId), signal, false);
    return item && this.#readParts(runId, item, [partOf(task)], signal);
  }

  async putStart(runId: RunId, start: StartSignal, signal: AbortSignal): Promise<WriteOutcome> {
    const roster = randomUUID();
    const { startAtMs, deadlineAtMs } = start;
    const parts = 1 + Math.max(-1, ...Object.keys(start.roster).map((task) => partOf(Number(task))));
    const items = Array.from({ length: parts }, (_, part) => ({
      ...rosterKey(runId, roster, part),
      record: JSON.stringify(partOfSignal(start, part)),
    }));
    await this.#table.putMany(items, signal);
    const change = {
      text: "set #start = :start, #roster = :roster, #parts = :parts",
      values: { start: JSON.stringify({ startAtMs, deadlineAtMs, roster: {} }), roster, parts },
    };
    const isFirst = { text: "attribute_exists(#pk) and attribute_not_exists(#start) and attribute_not_exists(#stop)" };
    const outcome = await this.#table.update(signalKey(runId), change, signal, isFirst);
    if (outcome === "conflict") await this.#table.deleteMany(items, signal);
    return outcome;
  }

  /** @param isConsistent false for half the price and as it was a moment ago */
  async getStop(runId: RunId, signal: AbortSignal, isConsistent = true): Promise<StopRequest | undefined> {
    const item = await this.#table.get(signalKey(runId), signal, isConsistent);
    return item?.["stop"] === undefined ? undefined : decodeItem(item, parseStop, "stop");
  }

  async putStop(runId: RunId, stop: StopRequest, signal: AbortSignal): Promise<WriteOutcome> {
    const change = { text: "set #stop = :stop", values: { stop: JSON.stringify(stop) } };
    const isFirst = { text: "attribute_exists(#pk) and attribute_not_exists(#stop)" };
    return this.#table.update(signalKey(runId), change, signal, isFirst);
  }

  async #readParts(
    runId: RunId,
    item: Item,
    parts: readonly number[],
    signal: AbortSignal,
  ): Promise<StartSignal | undefined> {
    if (item["start"] === undefined) return undefined;
    const start = decodeItem(item, parseStart, "start");
    const read = (part: number) => this.#table.get(rosterKey(runId, String(item["roster"]), part), signal);
    const found = (await mapConcurrent(parts, partsAtATime, read, signal)).filter((part) => part !== undefined);
    const records = found.map((part) => decodeItem(part, parseStart));
    const identities = records.flatMap((record) => Object.entries(record.identities ?? {}));
    return {
      ...start,
      roster: Object.fromEntries(records.flatMap(({ roster }) => Object.entries(roster))),
      ...(identities.length === 0 ? {} : { identities: Object.fromEntries(identities) }),
    };
  }
}

function partOf(task: number): number {
  return Math.floor(task / tasksPerPart);
}

function partOfSignal(start: StartSignal, part: number): StartSignal {
  const own = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(record).filter(([task]) => partOf(Number(task)) === part));
  const { identities } = start;
  return { ...start, roster: own(start.roster), ...(identities === undefined ? {} : { identities: own(identities) }) };
}
