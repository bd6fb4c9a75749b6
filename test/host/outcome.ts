import { existsSync, readFileSync, writeFileSync } from "node:fs";

/** What the in-host suite found; it writes this for the process that started the editor. */
export interface HostOutcome {
  readonly passes: readonly string[];
  readonly failures: readonly { readonly title: string; readonly message: string }[];
  readonly skipped: number;
}

/** Prints the suite's outcome, writes its counts for scripts/test.mjs and returns the exit code. */
export function tellOutcome(outcomePath: string, countsPath: string | undefined): number {
  if (!existsSync(outcomePath)) {
    console.error("The in-host tests ended without an outcome: the extension host failed before or during them.");
    return 1;
  }
  const { passes, failures, skipped }: HostOutcome = JSON.parse(readFileSync(outcomePath, "utf8"));
  for (const title of passes) console.log(`ok     ${title}`);
  for (const { title, message } of failures) console.log(`FAILED ${title}\n${message.replaceAll(/^/gm, "       ")}`);
  if (countsPath !== undefined) {
    const counts = { numPassedTests: passes.length, numFailedTests: failures.length, numPendingTests: skipped };
    writeFileSync(countsPath, JSON.stringify(counts));
  }
  return failures.length === 0 ? 0 : 1;
}
