import { workspace, window, type ExtensionContext, type Position, type TextDocument } from "vscode";
import { isScenario } from "../recognize.ts";
import { completeScenario } from "./completion.ts";
import { createScenario } from "./createScenario.ts";
import { foldingOf, outlineOf } from "./structure.ts";
import { definitionAt, prepareRename, renameAt, usesAt } from "./navigation.ts";
import { hoverScenario } from "./hover.ts";
import { ProblemBoard } from "./problemBoard.ts";
import { actionsFor } from "./quickFixes.ts";

/** What helps to write load tests, loaded. */
export type AuthoringFeature = ReturnType<typeof openAuthoring>;

/** Starts to check load tests and answers the editor's questions about them. */
export function openAuthoring(context: ExtensionContext) {
  const board = new ProblemBoard(context.extensionUri);
  const { recheck } = board;
  context.subscriptions.push(
    board,
    // Files that a load test names come and go.
    workspace.onDidCreateFiles(recheck),
    workspace.onDidDeleteFiles(recheck),
    workspace.onDidRenameFiles(recheck),
    workspace.onDidSaveTextDocument(recheck),
    window.onDidChangeWindowState(({ focused }) => focused && recheck()),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("loadfleet.editor") || change.affectsConfiguration("yaml")) recheck();
    }),
    workspace.onDidChangeTextDocument(({ document }) => {
      // A load test by its content alone can become something else.
      if (!isScenario(document)) board.forget(document);
    }),
    workspace.onDidCloseTextDocument((document) => board.forget(document)),
  );
  return {
    checkSoon: board.checkSoon,
    complete: completeScenario,
    hover: (document: TextDocument, position: Position) => hoverScenario(document, position, context.extensionUri),
    define: definitionAt,
    findUses: usesAt,
    prepareRename,
    rename: renameAt,
    outline: outlineOf,
    fold: foldingOf,
    mend: actionsFor,
    create: createScenario,
  };
}
