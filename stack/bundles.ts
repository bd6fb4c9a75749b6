import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { packContainer } from "../scripts/imageContext.mjs";
import { functionNames, type FunctionName } from "../src/core/stack/names.ts";
import { zipFiles, type AssetName } from "./assets.ts";

/** The repository's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Bundles the functions and packs everything that the template refers to. */
export async function makeZips(): Promise<Record<AssetName, Uint8Array>> {
  const missing = functionNames.map(entryOf).filter((entry) => !existsSync(join(root, entry)));
  if (missing.length > 0) throw new Error(`The stack cannot be built: there is no ${missing.join(", ")}.`);
  const bundles = await Promise.all(functionNames.map(async (name) => [name, await bundleFunction(name)] as const));
  const functions = new Map(bundles);
  const zipOf = (name: FunctionName) => zipFiles({ "index.mjs": functions.get(name) ?? new Uint8Array() });
  return {
    api: zipOf("api"),
    "ecr-checker": zipOf("ecr-checker"),
    "task-runner": zipOf("task-runner"),
    "task-status-checker": zipOf("task-status-checker"),
    "results-parser": zipOf("results-parser"),
    "run-closer": zipOf("run-closer"),
    "custom-resource": zipOf("custom-resource"),
    container: packContainer(),
    console: packConsole(),
  };
}

/** Path of a function's entry: src/lambda/taskRunner.ts of `task-runner`. */
function entryOf(name: FunctionName): string {
  return `src/lambda/${name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())}.ts`;
}

async function bundleFunction(name: FunctionName): Promise<Uint8Array> {
  const entry = entryOf(name);
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    logLevel: "warning",
    platform: "node",
    format: "esm",
    target: "node24",
    // The SDK's modules rather than its CommonJS, so that what is not used stays out.
    mainFields: ["module", "main"],
    minify: true,
    keepNames: true,
    charset: "utf8",
    legalComments: "none",
    // Bundled CommonJS packages call require() for Node's own modules, which an ES module does not have.
    banner: {
      js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);',
    },
  });
  const meta = join(root, "dist", "meta", `${entry.replaceAll("/", "-")}.json`);
  mkdirSync(dirname(meta), { recursive: true });
  writeFileSync(meta, JSON.stringify(metafile));
  const [bundle] = outputFiles;
  if (!bundle) throw new Error(`${entry} gave no bundle.`);
  return bundle.contents;
}

function packConsole(): Uint8Array {
  const folder = join(root, "stack", "console");
  const files = globSync("**/*.*", { cwd: folder }).map((path) => [path, readFileSync(join(folder, path))] as const);
  return zipFiles(Object.fromEntries(files));
}
