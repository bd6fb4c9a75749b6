import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isStarted, root, sentenceOf } from "./script.mjs";

const sources = ["src", "stack", "webview", "media", "container", "esbuild.mjs", "package.json", "package-lock.json"];
const stampPath = join(root, "dist", ".stamp");

/** Tells whether dist/ was built from the sources as they are. */
export function isBuilt(stamp = stampSources()) {
  return existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp;
}

/** Builds dist/ unless it was built from the sources as they are. Rejects with a sentence when it cannot. */
export async function buildIfChanged() {
  const stamp = stampSources();
  if (isBuilt(stamp)) return;
  const { build } = await import("../esbuild.mjs");
  await build();
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stampPath, stamp);
}

function stampSources() {
  const hash = createHash("sha256");
  for (const path of sources.flatMap((source) => listFiles(join(root, source)))) {
    const { mtimeMs, size } = statSync(path);
    hash.update(`${path}\n${mtimeMs}\n${size}\n`);
  }
  return hash.digest("hex");
}

/** @param {string} path @returns {string[]} */
function listFiles(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .toSorted()
    .flatMap((name) => listFiles(join(path, name)));
}

if (isStarted(import.meta)) {
  await buildIfChanged().catch((error) => {
    console.error(sentenceOf(error));
    process.exitCode = 4;
  });
}
