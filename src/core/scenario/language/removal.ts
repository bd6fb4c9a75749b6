import type { ConfigDocument } from "../document.ts";
import type { Fix } from "../problem.ts";
import { rangeBetween } from "../tree.ts";
import type { MapEntry, MapNode } from "../tree.ts";
import { walkTree } from "./path.ts";

/** Takes the entry out whose key stands at an offset; nothing where that would leave a mapping empty, or a shared value stands there. */
export function removeEntry(document: ConfigDocument, offset: number): Fix[] {
  const found = entryAt(document, offset);
  if (found === undefined || found.own.length < 2 || found.entry.value.start < found.entry.keyEnd) return [];
  const { source } = document;
  const [start, end] = stretchOf(source.text, found);
  return [{ title: "Remove it", edits: [{ range: rangeBetween(source, start, end), text: "" }] }];
}

interface FoundEntry {
  readonly map: MapNode;
  readonly entry: MapEntry;
  /** The entries that stand in the mapping itself, in the order of the file. */
  readonly own: readonly MapEntry[];
}

function entryAt({ roots }: ConfigDocument, offset: number): FoundEntry | undefined {
  for (const root of roots) {
    for (const { node: map } of walkTree(root)) {
      if (map.kind !== "map" || offset < map.start || offset > map.end) continue;
      const own = [...map.entries.values()]
        .filter(({ keyStart, keyEnd }) => keyStart >= map.start && keyEnd <= map.end)
        .toSorted((a, b) => a.keyStart - b.keyStart);
      const entry = own.find(({ keyStart }) => keyStart === offset);
      if (entry !== undefined) return { map, entry, own };
    }
  }
  return undefined;
}

/** The text that goes with an entry: its lines where they are its own, else what separates it from its neighbours. */
function stretchOf(text: string, { map, entry, own }: FoundEntry): readonly [start: number, end: number] {
  const at = own.indexOf(entry);
  const next = own[at + 1];
  const before = own[at - 1];
  const end = Math.max(entry.keyEnd, entry.value.end);
  const isFlow = text[map.start] === "{";
  const lineStart = text.lastIndexOf("\n", entry.keyStart - 1) + 1;
  const isOwnLine = /^\s*$/.test(text.slice(lineStart, entry.keyStart));
  if (!isFlow && isOwnLine) return [lineStart, end + restOfLine(text.slice(end))];
  if (next !== undefined) return [entry.keyStart, next.keyStart];
  return [before === undefined ? entry.keyStart : Math.max(before.keyEnd, before.value.end), end];
}

/** Length of what is left of a line, a comment and the line's end included. */
function restOfLine(text: string): number {
  return /^[^\r\n]*(?:\r\n?|\n)?/.exec(text)?.[0].length ?? 0;
}
