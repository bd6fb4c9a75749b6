import type { LiveRecord } from "../core/run/wire.ts";
import type { Ledger, StoredLive } from "./ports.ts";

/** How far back a late task may still add to what was read. */
const reopenedSeconds = 15;
/** Longer than any window that steps judge. */
const keptSeconds = 900;

/** Live records of one task by their first second, all of them from `fromSecond` on. */
interface Known {
  fromSecond: number;
  lastSecond: number;
  readonly records: Map<number, LiveRecord>;
}

/**
 * Live records that are read once: steps judge windows of minutes at every look, of which only the last seconds are
 * new. What is asked for decides what is kept: tasks that are not asked for any more are forgotten.
 */
export class LiveCache {
  readonly #ledger: Pick<Ledger, "getLive">;
  readonly #known = new Map<string, Known>();
  /** Seconds of the widest record: those of large fleets come later. */
  #widest = 1;

  constructor(ledger: Pick<Ledger, "getLive">) {
    this.#ledger = ledger;
  }

  async getLive(
    identities: readonly string[],
    fromSecond: number,
    signal: AbortSignal,
  ): Promise<readonly StoredLive[]> {
    const wanted = new Set(identities);
    for (const identity of this.#known.keys()) if (!wanted.has(identity)) this.#known.delete(identity);
    const isKnown = (identity: string): boolean => (this.#known.get(identity)?.fromSecond ?? Infinity) <= fromSecond;
    const known = identities.filter(isKnown);
    const unknown = identities.filter((identity) => !isKnown(identity));
    const found = await this.#ledger.getLive(known, this.#recentSecond(), signal);
    const foundFirst = await this.#ledger.getLive(unknown, fromSecond, signal);
    for (const identity of unknown) this.#known.set(identity, { fromSecond, lastSecond: 0, records: new Map() });
    for (const { identity, record } of [...found, ...foundFirst]) this.#add(identity, record);
    const keptFrom = this.#lastSecond() - keptSeconds;
    return identities.flatMap((identity) => this.#take(identity, fromSecond, keptFrom));
  }

  /** What comes before it has been read, of every task that is known. */
  #recentSecond(): number {
    const from = [...this.#known.values()].reduce((first, { fromSecond }) => Math.min(first, fromSecond), Infinity);
    return Math.max(from === Infinity ? 0 : from, this.#lastSecond() - this.#reopenedSeconds());
  }

  #reopenedSeconds(): number {
    return Math.max(reopenedSeconds, 2 * this.#widest);
  }

  #lastSecond(): number {
    return [...this.#known.values()].reduce((last, { lastSecond }) => Math.max(last, lastSecond), 0);
  }

  #add(identity: string, record: LiveRecord): void {
    const known = this.#known.get(identity);
    if (known === undefined) return;
    known.records.set(record.second, record);
    this.#widest = Math.max(this.#widest, record.seconds);
    known.lastSecond = Math.max(known.lastSecond, record.second);
  }

  #take(identity: string, fromSecond: number, keptFrom: number): readonly StoredLive[] {
    const known = this.#known.get(identity);
    if (known === undefined) return [];
    known.fromSecond = Math.max(known.fromSecond, keptFrom);
    for (const second of known.records.keys()) if (second < known.fromSecond) known.records.delete(second);
    const wanted = [...known.records.values()].filter(({ second }) => second >= fromSecond);
    return wanted.map((record) => ({ identity, record }));
  }
}

/** The ledger with live records that are read once; keep it as long as a run is looked at. */
export function withLiveCache(ledger: Ledger): Ledger {
  const cache = new LiveCache(ledger);
  return new Proxy(ledger, {
    get(target, name) {
      if (name === "getLive") return cache.getLive.bind(cache);
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
