import { CodeLens, l10n, Range, type TextDocument } from "vscode";
import { commandIds } from "../commands.ts";
import { hasScenario } from "./comparedRuns.ts";
import { lensTexts, type LensAction } from "./lensTexts.ts";
import { readingOf } from "../authoring/readings.ts";
import type { RunBook } from "./runBook.ts";

/** Puts lenses above each execution of a scenario, and at the top of a JMX file. */
export function lensesOf(document: TextDocument, book: RunBook): CodeLens[] {
  const { scenario, outline } = readingOf(document);
  if (scenario === undefined) return [];
  const runs = book.runsOf(document.uri.fsPath);
  const isOneOfSeveral = outline === undefined && scenario.executions.length > 1;
  const lensed = outline === undefined ? scenario.executions : scenario.executions.slice(0, 1);
  return lensed.flatMap(({ range, scenario: name }, place) => {
    const line = outline === undefined ? range.line - 1 : 0;
    if (line >= document.lineCount) return [];
    const latest = isOneOfSeveral ? runs.find((run) => hasScenario(run, name)) : runs[0];
    const executions = isOneOfSeveral ? [place] : undefined;
    return lensTexts(latest, isOneOfSeveral, l10n.t).map(({ action, title, tooltip }) => {
      const isOfRun = action === "stop-run" || action === "open-run";
      return new CodeLens(new Range(line, 0, line, 0), {
        command: commandOf(action),
        title,
        tooltip,
        arguments: [isOfRun ? (latest ?? document.uri) : document.uri, executions],
      });
    });
  });
}

function commandOf(action: LensAction): string {
  switch (action) {
    case "run":
      return commandIds.startRun;
    case "run-with":
      return commandIds.startRunWith;
    case "debug":
      return commandIds.debugOnce;
    case "open-run":
      return commandIds.openRun;
    case "stop-run":
      return commandIds.stopRun;
  }
}
