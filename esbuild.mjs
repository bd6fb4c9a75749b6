import { existsSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import * as esbuild from "esbuild";
import { isStarted, root } from "./scripts/script.mjs";

// Bundled CommonJS packages call require() for Node's own modules, which an ES module does not have.
const requireBanner =
  'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);';

/** @type {esbuild.BuildOptions} */
const program = { platform: "node", format: "esm", target: "node22", banner: { js: requireBanner } };

/** @type {esbuild.BuildOptions} */
const page = { platform: "browser", format: "iife", target: "es2022", minify: true };

/** @type {{ entry: string, outfile: string, options: esbuild.BuildOptions }[]} */
const bundles = [
  {
    entry: "src/cli/main.ts",
    outfile: "dist/cli.mjs",
    options: { ...program, banner: { js: `#!/usr/bin/env node\n${requireBanner}` } },
  },
  { entry: "src/agent/main.ts", outfile: "dist/agent.mjs", options: program },
  { entry: "src/local/runner.ts", outfile: "dist/runner.mjs", options: program },
  { entry: "webview/report/main.tsx", outfile: "dist/webview/report.js", options: page },
];

/** Builds every bundle whose entry exists into dist/. Rejects with a sentence after esbuild printed why. */
export async function build() {
  const present = bundles.filter(({ entry }) => existsSync(join(root, entry)));
  for (const bundle of bundles) {
    if (!present.includes(bundle)) console.error(`Skipped ${bundle.outfile}: ${bundle.entry} does not exist yet.`);
  }
  await Promise.all(present.map(buildBundle));
}

/** @param {(typeof bundles)[number]} bundle */
async function buildBundle({ entry, outfile, options }) {
  const fixed = /** @type {const} */ ({ absWorkingDir: root, bundle: true, logLevel: "warning", write: false });
  const built = esbuild.build({ ...options, ...fixed, charset: "utf8", entryPoints: [entry], outfile });
  const { outputFiles } = await built.catch((cause) => {
    throw new Error(`Could not build ${outfile} from ${entry}.`, { cause });
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
}

// A program that starts during a build finds the old file or the new one, never half of one.
/** @param {string} path @param {Uint8Array} contents */
function replaceFile(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.part`;
  writeFileSync(part, contents, { mode: relative(root, path) === join("dist", "cli.mjs") ? 0o755 : 0o644 });
  renameSync(part, path);
}

if (isStarted(import.meta)) await build();
