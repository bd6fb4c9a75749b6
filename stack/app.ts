import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeAssets } from "./assets.ts";
import { makeZips, root } from "./bundles.ts";
import { makeTemplate } from "./template.ts";

// Writes dist/stack: the template, and the files that it refers to by their hashes. No CDK command, no bootstrap.

const { version }: { version: string } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const folder = join(root, "dist", "stack");
const files = join(folder, "assets");

async function writeStack(): Promise<void> {
  const assets = makeAssets(await makeZips());
  mkdirSync(files, { recursive: true });
  for (const { sha256, bytes } of assets.list) replaceFile(join(files, `${sha256}.zip`), bytes);
  replaceFile(join(folder, "template.json"), `${JSON.stringify(makeTemplate(assets, version), undefined, 1)}\n`);
  const list = assets.list.map(({ name, sha256 }) => ({ name, file: `assets/${sha256}.zip`, sha256 }));
  const index = { schema: "loadfleet.assets.v1", version, assets: list };
  replaceFile(join(folder, "assets.json"), `${JSON.stringify(index, undefined, 2)}\n`);
  const wanted = new Set(list.map(({ sha256 }) => `${sha256}.zip`));
  for (const name of readdirSync(files)) if (!wanted.has(name)) rmSync(join(files, name), { force: true });
}

// Whoever reads during a build finds the old file or the new one, never half of one.
function replaceFile(path: string, content: string | Uint8Array): void {
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, content);
  renameSync(part, path);
}

try {
  await writeStack();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
