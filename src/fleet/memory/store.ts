import type { Store } from "../ports.ts";

/** Keeps named bytes in memory. */
export function makeMemoryStore(): Store {
  const objects = new Map<string, Uint8Array>();
  return {
    async put(key, bytes) {
      objects.set(key, bytes.slice());
    },
    async get(key) {
      return objects.get(key)?.slice();
    },
    async list(prefix) {
      return [...objects]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, bytes]) => ({ key, bytes: bytes.length }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    },
    async delete(key) {
      objects.delete(key);
    },
  };
}
