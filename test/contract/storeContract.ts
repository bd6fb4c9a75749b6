import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store } from "../../src/fleet/ports.ts";

const { signal } = new AbortController();
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** A store that holds nothing yet. */
export interface StoreAdapter {
  readonly store: Store;
  dispose(): Promise<void>;
}

/** What every store has to do. */
export function describeStore(place: string, open: () => Promise<StoreAdapter>): void {
  describe(`a store in ${place}`, () => {
    let adapter: StoreAdapter;
    let store: Store;

    beforeEach(async () => {
      adapter = await open();
      store = adapter.store;
    });
    afterEach(() => adapter.dispose());

    test("gives back what was put, and the last of what was put twice", async () => {
      await store.put("a/b.json", bytesOf("first"), signal);
      await store.put("a/b.json", bytesOf("second"), signal);
      expect(textOf(await store.get("a/b.json", signal))).toBe("second");
      expect(await store.get("a/c.json", signal)).toBeUndefined();
    });

    test("keeps empty objects", async () => {
      await store.put("empty", new Uint8Array(), signal);
      expect((await store.get("empty", signal))?.length).toBe(0);
      expect(await store.list("", signal)).toEqual([{ key: "empty", bytes: 0 }]);
    });

    test("lists by prefix, sorted, with sizes", async () => {
      for (const key of ["inbox/a/2", "inbox/a/1", "inbox/ab/3", "other/4"]) await store.put(key, bytesOf(key), signal);
      expect(await store.list("inbox/a/", signal)).toEqual([
        { key: "inbox/a/1", bytes: 9 },
        { key: "inbox/a/2", bytes: 9 },
      ]);
      expect((await store.list("inbox/a", signal)).map(({ key }) => key)).toEqual([
        "inbox/a/1",
        "inbox/a/2",
        "inbox/ab/3",
      ]);
      expect(await store.list("nothing/", signal)).toEqual([]);
    });

    test.each(["con", "nul.txt", "a:b?c*", "über 100%.log", "..", "x.", ".hidden", "COM1.log", "back\\slash"])(
      "takes any name: %s",
      async (name) => {
        const key = `artifacts/${name}/${name}`;
        await store.put(key, bytesOf(name), signal);
        expect(textOf(await store.get(key, signal))).toBe(name);
        expect(await store.list("artifacts/", signal)).toEqual([{ key, bytes: bytesOf(name).length }]);
      },
    );

    test("deletes, and deletes again", async () => {
      await store.put("a", bytesOf("a"), signal);
      await store.delete("a", signal);
      await store.delete("a", signal);
      expect(await store.get("a", signal)).toBeUndefined();
    });
  });
}
