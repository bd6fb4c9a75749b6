import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createShop } from "../../examples/shop.ts";

const samples = join(import.meta.dirname, "..", "fixtures", "workspace");
const examples = join(import.meta.dirname, "..", "..", "examples");

/** A folder of its own for an editor's window, in a git repository with one commit; gone when disposed. */
export interface Workspace extends AsyncDisposable {
  readonly folder: string;
}

/** Makes a workspace with the scenarios of test/fixtures/workspace and a JMeter script, and opens the shop that they load. */
export async function makeWorkspace(): Promise<Workspace> {
  const shop = createShop(1);
  shop.listen(0, "127.0.0.1");
  await once(shop, "listening");
  const { port } = shop.address() as AddressInfo;
  const parent = mkdtempSync(join(tmpdir(), "loadfleet-workspace-"));
  const folder = join(parent, "shop-api");
  cpSync(samples, folder, { recursive: true });
  for (const path of ["peak.jmx", "data/users.csv"]) cpSync(join(examples, path), join(folder, path));
  for (const path of globSync("**/*.{yml,jmx}", { cwd: folder }).map((name) => join(folder, name))) {
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("8080", String(port)));
  }
  commitAll(folder);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      shop.closeAllConnections();
      shop.close();
      await once(shop, "close");
      rmSync(parent, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function commitAll(folder: string): void {
  const author = ["-c", "user.name=Sam", "-c", "user.email=sam@shop.example"];
  const git = (...args: readonly string[]) => execFileSync("git", [...author, ...args], { cwd: folder });
  git("init", "--quiet");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Load tests of the shop");
}
