import { beforeEach, expect, test } from "vitest";
import { releaseBundle, restoreBundle, storeBundle } from "../../src/fleet/bundle.ts";
import { bundleKey, bundleUsesPrefix } from "../../src/fleet/keys.ts";
import { makeMemoryStore } from "../../src/fleet/memory/store.ts";
import { runIdOf } from "./records.ts";

const { signal } = new AbortController();
const sha256 = "a".repeat(64);
const bytes = new Uint8Array([1, 2, 3]);
const [first, second] = [runIdOf(0), runIdOf(1)];
let store = makeMemoryStore();

beforeEach(() => {
  store = makeMemoryStore();
});

test("a bundle stays as long as a run needs it, and goes with the last one", async () => {
  await storeBundle(first, sha256, bytes, store, signal);
  await storeBundle(second, sha256, bytes, store, signal);
  await releaseBundle(first, sha256, store, signal);
  expect(await store.get(bundleKey(sha256), signal)).toEqual(bytes);
  await releaseBundle(second, sha256, store, signal);
  expect(await store.get(bundleKey(sha256), signal)).toBeUndefined();
  expect(await store.list(bundleUsesPrefix(sha256), signal)).toEqual([]);
});

test("a bundle that a deletion took while its run was being submitted is put again", async () => {
  await storeBundle(first, sha256, bytes, store, signal);
  const racing = {
    ...store,
    delete: async (key: string) => {
      if (key === bundleKey(sha256)) await storeBundle(second, sha256, bytes, store, signal);
      await store.delete(key, signal);
    },
  };
  await releaseBundle(first, sha256, racing, signal);
  expect(await store.get(bundleKey(sha256), signal)).toBeUndefined();
  await restoreBundle(sha256, bytes, store, signal);
  expect(await store.get(bundleKey(sha256), signal)).toEqual(bytes);
});
