import { globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as bundle } from "esbuild";

const root = join(import.meta.dirname, "..", "..");

/**
 * The kinds of window that in-host tests run in, each with its tests in a folder of this name: one with a folder on a
 * disk, and one whose folder is nowhere but in the memory of its tests.
 */
export const hostWindows = ["window", "virtual"] as const;
export type HostWindow = (typeof hostWindows)[number];

/** Lists the tests for a kind of window. @param filter part of a test file's name; empty: all */
export function hostTests(kind: HostWindow, filter: string): string[] {
  return globSync(`test/host/${kind}/*.test.ts`, { cwd: root }).filter((path) => path.includes(filter));
}

/**
 * Bundles in-host tests and returns the path of the module whose `run` starts them. An extension host runs no
 * TypeScript, and its modules come from the editor's tools, not from the repository.
 * @param tools the folder of the editor's tools
 * @param tests paths of the tests in the repository
 */
export async function bundleHostTests(tools: string, tests: readonly string[]): Promise<string> {
  const outdir = join(root, ".cache", "host");
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
