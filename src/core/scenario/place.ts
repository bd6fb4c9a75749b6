import type { Place } from "./report.ts";
import type { ScalarNode } from "./tree.ts";

/** A stretch of a text; the whole text when escapes or folded lines stand between. */
export function placeIn(node: ScalarNode, offset: number, length: number): Place {
  const quoted = /^["']/.test(node.source.text.slice(node.start, node.start + 1)) ? 1 : 0;
  const start = node.start + quoted;
  if (length === 0 || !node.source.text.startsWith(node.text, start)) return node;
  return { source: node.source, start: start + offset, end: start + offset + length };
}
