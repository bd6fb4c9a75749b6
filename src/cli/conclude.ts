import { relative } from "node:path";
import { formatResultText } from "../core/results/format.ts";
import type { Context } from "./context.ts";
import type { RunOutcome } from "./openResult.ts";
import { writeJson } from "./output.ts";

/** Writes what a run came to on stdout: its figures, or how it stands when there are none. */
export function writeConclusion(outcome: RunOutcome, format: string | undefined, { stdout }: Context): void {
  if (format === "json") return writeJson(stdout, outcome);
  if (outcome.schema === "loadfleet.run.v1") {
    return stdout.write(`${outcome.name}: ${outcome.status}. ${outcome.reason ?? "It has no figures yet."}\n`);
  }
  stdout.write(
    formatResultText(outcome, { width: stdout.isTTY ? Math.min(stdout.columns, 120) : 120, color: stdout.hasColor }),
  );
}

/** Says on stderr where files were written, as paths from where the person is. */
export function tellFiles(paths: readonly string[], { stderr, cwd }: Context): void {
  for (const path of paths) {
    const way = relative(cwd, path);
    stderr.write(`Wrote ${way.startsWith("..") ? path : way}\n`);
  }
}
