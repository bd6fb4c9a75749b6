import { globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as bundle } from "esbuild";

const root = join(import.meta.dirname, "..", "..");

/**
 * Bundles the in-host tests and returns the path of the module whose `run` starts them. An extension host runs no
 * TypeScript, and its modules come from the editor's tools, not from the repository.
 * @param tools the folder of the editor's tools
 * @param filter part of a test file's name; empty: all
 */
export async function bundleHostTests(tools: string, filter: string): Promise<string> {
  const outdir = join(root, ".cache", "host");
  const tests = globSync("test/host/**/*.test.ts", { cwd: root }).filter((path) => path.includes(filter));
  if (tests.length === 0) throw new Error(`No file of test/host has "${filter}" in its name.`);
  rmSync(outdir, { recursive: true, force: true });
  await bundle({
    absWorkingDir: root,
    entryPoints: ["test/host/index.ts", ...tests],
    outbase: "test/host",
    outdir,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node22",
    external: ["vscode"],
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as createRequireOfBundle } from "node:module"; const require = createRequireOfBundle(import.meta.url);',
    },
    plugins: [
      {
        name: "mocha of the editor's tools",
        setup: (build) =>
          build.onResolve({ filter: /^mocha$/ }, () => {
            const path = pathToFileURL(join(tools, "node_modules", "mocha", "index.js")).href;
            return { path, external: true };
          }),
      },
    ],
  });
  return join(outdir, "index.js");
}
