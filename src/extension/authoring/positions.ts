import { Range as EditorRange, type TextDocument, type Uri } from "vscode";
import type { Range } from "../../core/scenario/problem.ts";
import type { Place } from "../../core/scenario/report.ts";
import { rangeBetween } from "../../core/scenario/tree.ts";

/** A range of the language as one of the editor. */
export function toEditorRange({ line, column, endLine, endColumn }: Range): EditorRange {
  return new EditorRange(line - 1, column - 1, Math.max(line, endLine) - 1, endColumn - 1);
}

/** A stretch of a text as a range of the editor. */
export function rangeOfPlace({ source, start, end }: Place): EditorRange {
  return toEditorRange(rangeBetween(source, start, end));
}

/** The file at a path relative to a document's folder; `..` leads out of it. */
export function fileBeside({ uri }: TextDocument, path: string): Uri {
  const folder = uri.path.split("/").slice(0, -1);
  const parts = path.replaceAll("\\", "/").split("/");
  for (const part of parts) {
    if (part === "..") folder.pop();
    else if (part !== "." && part !== "") folder.push(part);
  }
  return uri.with({ path: folder.join("/") });
}
