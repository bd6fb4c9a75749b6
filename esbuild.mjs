import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { execFile } from "node:child_process";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import * as esbuild from "esbuild";
import { isStarted, root } from "./scripts/script.mjs";

// Bundled CommonJS packages call require() for Node's own modules, which an ES module does not have.
const requireBanner =
  'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);';

/** @type {esbuild.BuildOptions} */
const program = {
  platform: "node",
  format: "esm",
  target: "node22",
  banner: { js: requireBanner },
  // Agents start side by side and compile all of it; names are kept for readable stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
};

/** @type {esbuild.BuildOptions} */
const page = { platform: "browser", format: "iife", target: "es2022", minify: true };

// Chunks, so that what activates loads little and each feature its own part. Names are kept for readable stack traces.
/** @type {esbuild.BuildOptions} */
const extension = {
  ...program,
  splitting: true,
  external: ["vscode"],
  chunkNames: "chunks/[name]-[hash]",
};

/** @type {{ entry: string, outfile: string, options: esbuild.BuildOptions }[]} */
const bundles = [
  {
    entry: "src/cli/main.ts",
    outfile: "dist/cli.mjs",
    // Chunks, so that only commands that go to AWS load its SDK.
    options: {
      ...program,
      banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
      splitting: true,
      entryNames: "cli",
      outExtension: { ".js": ".mjs" },
      chunkNames: "cli/[name]-[hash]",
    },
  },
  {
    entry: "src/agent/main.ts",
    outfile: "dist/agent.mjs",
    // Chunks, so that agents on this machine do not load what only those in AWS need.
    options: {
      ...program,
      splitting: true,
      entryNames: "agent",
      outExtension: { ".js": ".mjs" },
      chunkNames: "agent/[name]-[hash]",
    },
  },
  { entry: "src/local/runner.ts", outfile: "dist/runner.mjs", options: program },
  { entry: "src/extension/main.ts", outfile: "dist/extension/main.js", options: extension },
  { entry: "webview/report/main.tsx", outfile: "dist/webview/report.js", options: page },
  { entry: "webview/panel/main.tsx", outfile: "dist/webview/panel.js", options: page },
];

// What the set-up and the drivers run with the programs of others, by its name in container/.
const support = [
  "versions.json",
  "jmeter/assemble.mjs",
  "jmeter/jars.sha256",
  "jmeter/jmeter.sh",
  "locust/loadfleet_locust.py",
  "reporter/loadfleet_channel.py",
  "reporter/loadfleet_jmeter.py",
  "reporter/loadfleet_reporter.py",
  "reporter/loadfleet_taurus.py",
  "reporter/requirements.txt",
];

/** Builds every bundle whose entry exists into dist/. Rejects with a sentence after esbuild printed why. */
export async function build() {
  const present = bundles.filter(({ entry }) => existsSync(join(root, entry)));
  for (const bundle of bundles) {
    if (!present.includes(bundle)) console.error(`Skipped ${bundle.outfile}: ${bundle.entry} does not exist yet.`);
  }
  await Promise.all(present.map(buildBundle));
  for (const file of support)
    replaceFile(join(root, "dist", "taurus", file), readFileSync(join(root, "container", file)));
  await buildStack();
}

// A process of its own: CDK is large, and whoever imports this file does not want it in memory.
async function buildStack() {
  await promisify(execFile)(process.execPath, [join(root, "stack", "app.ts")], { cwd: root }).catch((cause) => {
    throw new Error(`Could not build the stack: ${String(cause.stderr).trim()}`, { cause });
  });
}

/** @param {(typeof bundles)[number]} bundle */
async function buildBundle({ entry, outfile, options }) {
  const fixed = /** @type {const} */ ({ absWorkingDir: root, bundle: true, logLevel: "warning", write: false });
  const target = options.splitting ? { outdir: dirname(outfile) } : { outfile };
  const made = { ...fixed, ...target, metafile: true, charset: /** @type {const} */ ("utf8"), entryPoints: [entry] };
  const { outputFiles, metafile } = await esbuild.build({ ...options, ...made }).catch((cause) => {
    throw new Error(`Could not build ${outfile} from ${entry}.`, { cause });
  });
  for (const { path, contents } of outputFiles) replaceFile(path, contents);
  // What went into the bundle: the notices and the tests of its weight read it.
  replaceFile(join(root, "dist", "meta", `${entry.replaceAll("/", "-")}.json`), Buffer.from(JSON.stringify(metafile)));
  if (options.splitting) {
    const chunks = join(dirname(outfile), dirname(options.chunkNames ?? ""));
    removeOthers(chunks, new Set(outputFiles.map(({ path }) => path)));
  }
}

// The name of a chunk changes with its content, so each build would leave the last one's behind.
/** @param {string} folder @param {Set<string>} kept */
function removeOthers(folder, kept) {
  for (const path of globSync(`${folder}/*.{js,mjs}`, { cwd: root }).map((name) => join(root, name))) {
    if (!kept.has(path)) rmSync(path, { force: true });
  }
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
