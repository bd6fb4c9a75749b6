import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

interface Output {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly imports: readonly { readonly path: string; readonly kind: string }[];
}

const metafile = join(import.meta.dirname, "../../dist/meta/src-cli-main.ts.json");
const { outputs }: { readonly outputs: Readonly<Record<string, Output>> } = JSON.parse(readFileSync(metafile, "utf8"));

/** What is loaded together with an output, without what waits for `import()`. */
function loadedWith(path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const { path: imported, kind } of outputs[path]?.imports ?? []) {
    if (kind === "import-statement" && outputs[imported] !== undefined) loadedWith(imported, seen);
  }
  return seen;
}

const sdkIn = (paths: Iterable<string>): readonly string[] =>
  [...paths]
    .flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}))
    .filter((input) => /node_modules\/(@aws-sdk|@smithy)\//.test(input));

it("starts without the SDK of AWS, which only commands that go there load", () => {
  expect(sdkIn(Object.keys(outputs)).length).toBeGreaterThan(100);
  expect(sdkIn(loadedWith("dist/cli.mjs"))).toEqual([]);
});
