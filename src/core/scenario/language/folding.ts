import type { ConfigDocument } from "../document.ts";
import { rangeBetween } from "../tree.ts";
import { walkTree } from "./path.ts";

/** Lines that fold together, 1-based and inclusive. */
export interface Fold {
  readonly line: number;
  readonly endLine: number;
  readonly isComment: boolean;
}

/** Finds what folds in a configuration: keys and entries of lists with what belongs to them, and comments of several lines. */
export function foldsOf({ roots, source }: ConfigDocument): readonly Fold[] {
  const folds = new Map<number, Fold>();
  const add = (start: number, end: number): void => {
    const { line, endLine } = rangeBetween(source, start, end);
    const longest = folds.get(line)?.endLine ?? line;
    if (endLine > longest) folds.set(line, { line, endLine, isComment: false });
  };
  for (const root of roots) {
    for (const { node } of walkTree(root)) {
      if (node.kind === "list") for (const item of node.items) add(item.start, item.end);
      if (node.kind !== "map") continue;
      for (const { keyStart, keyEnd, value } of node.entries.values()) {
        if (value.start >= keyEnd) add(keyStart, value.end);
      }
    }
  }
  return [...folds.values(), ...commentFolds(source.text)].toSorted((a, b) => a.line - b.line);
}

function commentFolds(text: string): Fold[] {
  const folds: Fold[] = [];
  let first: number | undefined;
  for (const [index, line] of [...text.split(/\r\n?|\n/), ""].entries()) {
    const isComment = /^\s*#/.test(line);
    if (isComment) first ??= index + 1;
    else if (first !== undefined) {
      if (index > first) folds.push({ line: first, endLine: index, isComment: true });
      first = undefined;
    }
  }
  return folds;
}
