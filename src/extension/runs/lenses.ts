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
  const texts = lensTexts(latest, l10n.t);
  const executionLines = scenario.executions.map(({ range }) => range.line - 1);
  const lines = new Set(outline === undefined ? executionLines : [0]);
  return [...lines]
    .filter((line) => line < document.lineCount)
    .flatMap((line) =>
      texts.map(({ action, title, tooltip }) => {
        const run = action === "stop-run" || action === "open-run" ? latest : undefined;
        const argument = run ?? document.uri;
        return new CodeLens(new Range(line, 0, line, 0), {
          command: commandOf(action),
          title,
          tooltip,
          arguments: [argument],
        });
      }),
    );
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
