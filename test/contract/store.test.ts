import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeMemoryStore } from "../../src/fleet/memory/store.ts";
import { FolderStore } from "../../src/local/folderStore.ts";
import { describeStore } from "./storeContract.ts";

describeStore("memory", async () => ({ store: makeMemoryStore(), dispose: async () => undefined }));

describeStore("a folder", async () => {
  const root = await mkdtemp(join(tmpdir(), "loadfleet-store-"));
  return { store: new FolderStore(root), dispose: () => rm(root, { recursive: true }) };
});

test("a store in a folder keeps no folder that has become empty, and takes new objects meanwhile", async () => {
  const root = await mkdtemp(join(tmpdir(), "loadfleet-store-"));
  const store = new FolderStore(root);
  const bytes = new Uint8Array(1);
  await store.put("inbox/kept", bytes);
  // Each of them removes the folder in which another is about to put something.
  await Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let round = 0; round < 100; round++) {
        await store.put(`inbox/agent/artifacts/${worker}`, bytes);
        await store.delete(`inbox/agent/artifacts/${worker}`);
      }
    }),
  );
  expect(await readdir(join(root, "store", "inbox"))).toEqual(["kept"]);
  await store.delete("inbox/kept");
  expect(await readdir(root, { recursive: true })).toEqual(["store"]);
  await rm(root, { recursive: true });
});
