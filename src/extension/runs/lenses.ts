import { CodeLens, l10n, Range, type TextDocument } from "vscode";
import { commandIds } from "../commands.ts";
import { lensTexts, type LensAction } from "./lensTexts.ts";
import { readingOf } from "../authoring/readings.ts";
import type { RunBook } from "./runBook.ts";

/** Puts lenses above each execution of a scenario, and at the top of a JMX file. */
export function lensesOf(document: TextDocument, book: RunBook): CodeLens[] {
  const { scenario, outline } = readingOf(document);
  if (scenario === undefined) return [];
  const [latest] = book.runsOf(document.uri.fsPath);
  const executionLines = scenario.executions.map(({ range }) => range.line - 1);
  const lines = outline === undefined ? executionLines : [0];
  const isOneOfSeveral = lines.length > 1;
  const texts = lensTexts(latest, isOneOfSeveral, l10n.t);
  return lines.flatMap((line, place) => {
    if (line >= document.lineCount) return [];
    const executions = isOneOfSeveral ? [place] : undefined;
    return texts.map(({ action, title, tooltip }) => {
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
