import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** What the in-host suite found; it writes this for the process that started the editor. */
export interface HostOutcome {
  readonly passes: readonly string[];
  readonly failures: readonly { readonly title: string; readonly message: string }[];
  readonly skipped: number;
}

/** Prints the outcomes of each window's tests, writes their counts for scripts/test.mjs and returns the exit code. */
export function tellOutcome(outcomePaths: readonly string[], countsPath: string | undefined): number {
  if (!outcomePaths.every((path) => existsSync(path))) {
    console.error("The in-host tests ended without an outcome: the extension host failed before or during them.");
    return 1;
  }
  const outcomes = outcomePaths.map((path): HostOutcome => JSON.parse(readFileSync(path, "utf8")));
  const passes = outcomes.flatMap((outcome) => outcome.passes);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  const skipped = outcomes.reduce((sum, outcome) => sum + outcome.skipped, 0);
  for (const title of passes) console.log(`ok     ${title}`);
  for (const { title, message } of failures) console.log(`FAILED ${title}\n${message.replaceAll(/^/gm, "       ")}`);
  if (countsPath !== undefined) {
    const counts = { numPassedTests: passes.length, numFailedTests: failures.length, numPendingTests: skipped };
    writeFileSync(countsPath, JSON.stringify(counts));
  }
  return failures.length === 0 ? 0 : 1;
}
