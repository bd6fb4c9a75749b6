import type { JsonValue } from "../json.ts";
import type { Range } from "./problem.ts";

/** A text file with the offsets at which its lines begin. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
}

/** What every node of a tree carries: where it stands, and how many nodes it holds when all aliases are expanded. */
interface NodeBase {
  readonly source: SourceText;
  readonly start: number;
  readonly end: number;
  readonly size: number;
}

export interface MapEntry {
  readonly key: string;
  /** Where the key stands; an empty range when no text names it. */
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: TreeNode;
}

export interface MapNode extends NodeBase {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface ListNode extends NodeBase {
  readonly kind: "list";
  readonly items: readonly TreeNode[];
}

export interface ScalarNode extends NodeBase {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  /** The value as text: a number or a boolean as it is written in the file. */
  readonly text: string;
}

/** A value of a configuration file with its position; aliases share the node that they name. */
export type TreeNode = MapNode | ListNode | ScalarNode;

/** Finds the lines of a text; lines end with LF, CR LF or CR. */
export function makeSource(file: string, text: string): SourceText {
  const lineStarts = [0];
  const ends = /\r\n?|\n/g;
  for (let end = ends.exec(text); end !== null; end = ends.exec(text)) lineStarts.push(ends.lastIndex);
  return { file, text, lineStarts };
}

/** Turns offsets into a range of 1-based lines and columns. */
export function rangeBetween(source: SourceText, start: number, end: number): Range {
  const from = positionAt(source, start);
  const to = positionAt(source, Math.max(start, end));
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}

/** Where a node stands in its file. */
export function rangeOfNode(node: TreeNode): Range {
  return rangeBetween(node.source, node.start, node.end);
}

/** Where the key of an entry stands in its file. */
export function rangeOfKey(entry: MapEntry): Range {
  return rangeBetween(entry.value.source, entry.keyStart, entry.keyEnd);
}

/** Turns a tree into plain JSON; an entry that appears twice by an alias is copied. */
export function toJson(node: TreeNode): JsonValue {
  if (node.kind === "scalar")
    return typeof node.value === "number" && !Number.isFinite(node.value) ? node.text : node.value;
  if (node.kind === "list") return node.items.map(toJson);
  return Object.fromEntries([...node.entries.values()].map((entry) => [entry.key, toJson(entry.value)]));
}

function positionAt({ lineStarts, text }: SourceText, offset: number): { line: number; column: number } {
  const target = Math.min(offset, text.length);
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= target) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: target - (lineStarts[low] ?? 0) + 1 };
}
