import { rangeBetween } from "../tree.ts";
import type { ConfigDocument } from "../document.ts";
import type { Fix, Problem } from "../problem.ts";
import { defaultPercentiles } from "../../results/criterionParts.ts";
import { childOf } from "./path.ts";
import { removeEntry } from "./removal.ts";

/** Everything that mends a Problem, the likeliest first; the edits are about the file of the Problem. */
export function fixesOf(problem: Problem, document: ConfigDocument, folders: FolderPaths): readonly Fix[] {
  const own = problem.fix === undefined ? [] : [problem.fix];
  if (problem.file !== document.source.file) return own;
  switch (problem.code) {
    case "absolute-path":
      return own.length > 0 ? own : relativePath(problem, document, folders);
    case "untracked-percentile":
      return [...own, ...nearestPercentile(problem, document), ...trackPercentile(problem, document)];
    case "unknown-key":
      return own.length > 0 ? own : removeEntry(document, offsetOf(document, problem.line, problem.column));
    default:
      return own;
  }
}

/** Absolute portable paths around a file. */
export interface FolderPaths {
  /** The folder that the file is in; undefined when it is not on a disk. */
  readonly folder: string | undefined;
  /** Whether upper and lower case are the same in paths. */
  readonly ignoresCase: boolean;
}

/** Names a file below another folder from there; undefined for one that is not below it. */
export function pathBelow({ folder, ignoresCase }: FolderPaths, path: string): string | undefined {
  if (folder === undefined) return undefined;
  const portable = path.replaceAll("\\", "/");
  const start = `${folder.replaceAll("\\", "/").replace(/\/$/, "")}/`;
  const head = portable.slice(0, start.length);
  const isBelow = ignoresCase ? head.toLowerCase() === start.toLowerCase() : head === start;
  return isBelow && portable.length > start.length ? portable.slice(start.length) : undefined;
}

function relativePath(problem: Problem, document: ConfigDocument, folders: FolderPaths): Fix[] {
  const written = textIn(document, problem);
  const quote = /^["']/.exec(written)?.[0] ?? "";
  const relative = pathBelow(folders, written.slice(quote.length, written.length - quote.length));
  if (relative === undefined) return [];
  return [{ title: `Change to "${relative}"`, edits: [{ range: problem, text: quote + relative + quote }] }];
}

function nearestPercentile(problem: Problem, document: ConfigDocument): Fix[] {
  const wanted = Number(/^p(\d+(?:\.\d*)?)$/.exec(textIn(document, problem))?.[1]);
  const tracked = defaultPercentiles.filter((percentile) => percentile > 0 && percentile < 100);
  if (Number.isNaN(wanted) || tracked.includes(wanted)) return [];
  const [nearest] = tracked.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted));
  return [{ title: `Change to "p${nearest}"`, edits: [{ range: problem, text: `p${nearest}` }] }];
}

/** Has Taurus track the percentile as well: an entry of `modules.consolidator.percentiles`. */
function trackPercentile(problem: Problem, { roots, source }: ConfigDocument): Fix[] {
  const wanted = /^p(\d+(?:\.\d*)?)$/.exec(textIn({ source }, problem))?.[1];
  const root = roots[0];
  const modules = childOf(root, "modules");
  const list = childOf(childOf(modules, "consolidator"), "percentiles");
  if (wanted === undefined || root?.kind !== "map" || roots.length > 1) return [];
  const title = `Have Taurus track p${wanted}`;
  const at = (offset: number) => rangeBetween(source, offset, offset);
  if (list?.kind === "list" && source.text.slice(list.start, list.start + 1) === "[") {
    const separator = list.items.length > 0 ? ", " : "";
    return [{ title, edits: [{ range: at(list.end - 1), text: separator + wanted }] }];
  }
  // Any other form of modules is rare, and where to write into it is its author's choice.
  if (modules !== undefined || source.text.slice(root.start, root.start + 1) === "{") return [];
  const percentiles = [...defaultPercentiles, Number(wanted)].toSorted((a, b) => a - b).join(", ");
  const text = `\n\nmodules:\n  consolidator:\n    percentiles: [${percentiles}]`;
  return [{ title, edits: [{ range: at(root.end), text }] }];
}

function textIn({ source }: Pick<ConfigDocument, "source">, { line, column, endLine, endColumn }: Problem): string {
  return source.text.slice(offsetOf({ source }, line, column), offsetOf({ source }, endLine, endColumn));
}

function offsetOf({ source }: Pick<ConfigDocument, "source">, line: number, column: number): number {
  return (source.lineStarts[line - 1] ?? 0) + column - 1;
}
