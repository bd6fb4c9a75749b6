import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeMemoryStore } from "../../src/fleet/memory/store.ts";
import { FolderStore } from "../../src/local/folderStore.ts";
import { describeStore } from "./storeContract.ts";

describeStore("memory", async () => ({ store: makeMemoryStore(), dispose: async () => undefined }));

describeStore("a folder", async () => {
  const root = await mkdtemp(join(tmpdir(), "loadfleet-store-"));
  return { store: new FolderStore(root), dispose: () => rm(root, { recursive: true }) };
});
