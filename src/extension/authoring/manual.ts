import { readFileSync } from "node:fs";
import { Uri } from "vscode";

/** Pages of the manual that travel with the extension. */
export type ManualPage = "problems.md" | "scenario.md";

const linesByPage = new Map<string, ReadonlyMap<string, number>>();

/** The line of a page of the manual that explains a word; its beginning when no line does. */
export function manualPlace(extension: Uri, page: ManualPage, word: string): Uri {
  const uri = Uri.joinPath(extension, "docs", page);
  const lines = linesByPage.get(uri.fsPath) ?? readWords(uri.fsPath);
  linesByPage.set(uri.fsPath, lines);
  return uri.with({ fragment: `L${lines.get(word) ?? 1}` });
}

/** Words by the entry of a list, or the row of a table, that they begin. */
function readWords(path: string): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const [index, line] of readFileSync(path, "utf8").split("\n").entries()) {
    const [, head = ""] = /^(?:- |\| )((?:`[\w-]+`(?:, )?)+)/.exec(line) ?? [];
    for (const [, word = ""] of head.matchAll(/`([\w-]+)`/g)) if (!words.has(word)) words.set(word, index + 1);
  }
  return words;
}
