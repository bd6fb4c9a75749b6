import { globSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";
import type { HostOutcome } from "./outcome.ts";

/** Runs the bundled tests beside this module in the extension host; the editor calls it (`extensionTestsPath`). */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 30_000, reporter: "spec", color: false });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  for (const file of globSync("**/*.test.js", { cwd: import.meta.dirname }).toSorted()) {
    await import(pathToFileURL(join(import.meta.dirname, file)).href);
  }
  const outcome = await runMocha(mocha);
  const path = process.env["LOADFLEET_HOST_OUTCOME"];
  if (path !== undefined) writeFileSync(path, JSON.stringify(outcome));
  if (outcome.failures.length > 0) throw new Error(`${outcome.failures.length} tests failed.`);
}

function runMocha(mocha: Mocha): Promise<HostOutcome> {
  const passes: string[] = [];
  const failures: { title: string; message: string }[] = [];
  let skipped = 0;
  return new Promise((resolve) => {
    const runner = mocha.run(() => resolve({ passes, failures, skipped }));
    runner.on("pass", (test) => passes.push(test.fullTitle()));
    runner.on("pending", () => (skipped += 1));
    runner.on("fail", (test, error: Error) =>
      failures.push({ title: test.fullTitle(), message: error.stack ?? error.message }),
    );
  });
}
