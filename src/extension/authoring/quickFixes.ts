import { dirname } from "node:path";
import {
  CodeAction,
  CodeActionKind,
  l10n,
  WorkspaceEdit,
  type Diagnostic,
  type Range,
  type TextDocument,
} from "vscode";
import { isAbsolutePath } from "../../core/scenario/files.ts";
import { firstTextOf } from "../../core/scenario/language/firstText.ts";
import { fixesOf } from "../../core/scenario/language/fixes.ts";
import type { FolderPaths } from "../../core/scenario/language/fixes.ts";
import type { Fix, Problem } from "../../core/scenario/problem.ts";
import { tell } from "../language.ts";
import { fileBeside, toEditorRange } from "./positions.ts";
import { fileNameOf, readingOf } from "./readings.ts";
import type { Reading } from "./readings.ts";

/** Offers what mends the mistakes at a range, also those that another extension shows. */
export function actionsFor(document: TextDocument, range: Range, shown: readonly Diagnostic[]): CodeAction[] {
  const reading = readingOf(document);
  const file = fileNameOf(document);
  const here = reading.problems.filter(
    (problem) => problem.file === file && toEditorRange(problem).intersection(range) !== undefined,
  );
  return here.flatMap((problem) => {
    const diagnostics = shown.filter((diagnostic) => diagnostic.range.isEqual(toEditorRange(problem)));
    const fixes = fixesOf(problem, reading.config, foldersOf(document));
    const actions = fixes.map((fix, index) => toAction(fix, document, index === 0));
    const creation = problem.code === "missing-file" ? createFile(problem, reading, document) : undefined;
    if (creation !== undefined) creation.isPreferred = actions.length === 0;
    const all = creation === undefined ? actions : [...actions, creation];
    for (const action of all) action.diagnostics = diagnostics;
    return all;
  });
}

function foldersOf({ uri }: TextDocument): FolderPaths {
  const folder = uri.scheme === "file" ? dirname(uri.fsPath) : undefined;
  return { folder, ignoresCase: process.platform === "win32" || process.platform === "darwin" };
}

function toAction(fix: Fix, { uri }: TextDocument, isPreferred: boolean): CodeAction {
  const action = new CodeAction(tell(fix.title), CodeActionKind.QuickFix);
  action.edit = new WorkspaceEdit();
  for (const { range, text } of fix.edits) action.edit.replace(uri, toEditorRange(range), text);
  action.isPreferred = isPreferred;
  return action;
}

/** Creates the missing file with something to begin with. */
function createFile(problem: Problem, { scenario }: Reading, document: TextDocument): CodeAction | undefined {
  const written = document.getText(toEditorRange(problem)).replace(/^(["'])(.*)\1$/s, "$2");
  const reference = scenario?.files.find(({ range }) => range.line === problem.line && range.column === problem.column);
  const text = firstTextOf(written, reference?.use ?? "data");
  if (text === undefined || isAbsolutePath(written)) return undefined;
  const action = new CodeAction(l10n.t("Create {0}", written), CodeActionKind.QuickFix);
  action.edit = new WorkspaceEdit();
  action.edit.createFile(fileBeside(document, written), {
    contents: new TextEncoder().encode(text),
    ignoreIfExists: true,
  });
  return action;
}
