import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeMemoryLedger } from "../../src/fleet/memory/ledger.ts";
import type { Ledger } from "../../src/fleet/ports.ts";
import { FolderLedger } from "../../src/local/folderLedger.ts";
import { describeLedger } from "./ledgerContract.ts";

describeLedger("memory", async () => {
  const ledger = makeMemoryLedger();
  return { handles: [ledger, ledger, ledger], dispose: async () => undefined };
});

describeLedger("a folder", async () => {
  const root = await mkdtemp(join(tmpdir(), "loadfleet-ledger-"));
  const open = (): Ledger => new FolderLedger(root, () => undefined);
  return { handles: [open(), open(), open()], dispose: () => rm(root, { recursive: true }) };
});
