import type { ErrorKind } from "../../src/core/run/wire.ts";

const mostKinds = 100;
const shownKinds = 10;

/** Counts errors by kind, in memory that does not grow with their number. */
export class ErrorCounts {
  readonly #kinds = new Map<string, ErrorKind>();

  /** Adds errors, or takes back what was added. */
  add(errors: readonly ErrorKind[], sign: 1 | -1): void {
    for (const { message, code, count } of errors) {
      const key = `${code} ${message}`;
      const known = this.#kinds.get(key);
      if (!known && this.#kinds.size === mostKinds) continue;
      this.#kinds.set(key, { message, code, count: (known?.count ?? 0) + sign * count });
    }
  }

  /** The most frequent kinds, the most frequent first. */
  get most(): readonly ErrorKind[] {
    const kinds = [...this.#kinds.values()].filter(({ count }) => count > 0);
    return kinds.toSorted((a, b) => b.count - a.count).slice(0, shownKinds);
  }
}
