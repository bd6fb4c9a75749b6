import { isAlias, isMap, isScalar, isSeq } from "yaml";
import type { Document, Node, YAMLMap } from "yaml";
import type { Problem } from "./problem.ts";
import { makeProblem } from "./problemCodes.ts";
import type { ProblemCode } from "./problemCodes.ts";
import { rangeBetween } from "./tree.ts";
import type { MapEntry, SourceText, TreeNode } from "./tree.ts";
import { resolveBoolean, resolveNumber, resolvePlain } from "./yamlScalar.ts";

/** Nodes that a file may hold once its aliases and merges are expanded. */
export const maxNodes = 100_000;
/** Mistakes of syntax that are reported of one file. */
export const maxSyntaxProblems = 20;

interface Builder {
  readonly source: SourceText;
  readonly problems: Problem[];
  /** Undefined while the anchor's own node is being built. */
  readonly anchors: Map<string, TreeNode | undefined>;
  nodesLeft: number;
}

/** Builds the tree of a parsed YAML document; undefined when its aliases and merges make more than {@link maxNodes} nodes of it. */
export function buildTree(source: SourceText, document: Document.Parsed, problems: Problem[]): TreeNode | undefined {
  const builder: Builder = { source, problems, anchors: new Map(), nodesLeft: maxNodes };
  const root = buildNode(builder, document.contents, document.range[0]);
  return builder.nodesLeft < 0 || root.size > maxNodes ? undefined : root;
}

function buildNode(builder: Builder, node: Node | null, offset: number): TreeNode {
  builder.nodesLeft -= 1;
  const [start, rawEnd] = node?.range ?? [offset, offset];
  // A block's range reaches to the beginning of the next line.
  const end = start + builder.source.text.slice(start, rawEnd).trimEnd().length;
  const base = { source: builder.source, start, end };
  if (isAlias(node)) return buildAlias(builder, node.source, base);
  if (!isMap(node) && !isSeq(node) && !isScalar(node))
    return { ...base, kind: "scalar", value: null, text: "", size: 1 };
  if (node.anchor !== undefined) builder.anchors.set(node.anchor, undefined);
  const built = isScalar(node)
    ? buildScalar(builder, node, base)
    : isMap(node)
      ? buildMap(builder, node, base)
      : buildList(builder, node.items, base);
  if (node.anchor !== undefined) builder.anchors.set(node.anchor, built);
  return built;
}

type Base = Pick<TreeNode, "source" | "start" | "end">;

function report(builder: Builder, base: Base, code: ProblemCode, message: string): void {
  if (builder.problems.length >= maxSyntaxProblems) return;
  builder.problems.push(
    makeProblem(code, builder.source.file, rangeBetween(base.source, base.start, base.end), message),
  );
}

function buildAlias(builder: Builder, name: string, base: Base): TreeNode {
  const target = builder.anchors.get(name);
  if (target !== undefined) return target;
  const message = builder.anchors.has(name)
    ? `The alias *${name} stands inside the value that it names, so it would never end: name another value.`
    : `The alias *${name} names nothing: write &${name} at an earlier value.`;
  report(builder, base, "bad-alias", message);
  return { ...base, kind: "scalar", value: null, text: "", size: 1 };
}

function buildScalar(
  builder: Builder,
  node: { value: unknown; source?: string; type?: string; tag?: string },
  base: Base,
): TreeNode {
  const text = typeof node.value === "string" ? node.value : (node.source ?? "");
  return { ...base, kind: "scalar", value: resolveScalar(builder, node, text, base), text, size: 1 };
}

function resolveScalar(builder: Builder, node: { type?: string; tag?: string }, text: string, base: Base) {
  switch (node.tag?.replace("tag:yaml.org,2002:", "!!")) {
    case undefined:
      return node.type === "PLAIN" ? resolvePlain(text) : text;
    case "!!int":
    case "!!float":
      return resolveNumber(text) ?? text;
    case "!!bool":
      return resolveBoolean(text) ?? text;
    case "!!null":
      return null;
    case "!":
    case "!!str":
    case "!!timestamp":
    case "!!binary":
      return text;
    default:
      report(builder, base, "unknown-tag", `Taurus does not know the tag ${node.tag}: remove it.`);
      return text;
  }
}

function buildList(builder: Builder, items: readonly unknown[], base: Base): TreeNode {
  const built: TreeNode[] = [];
  for (const item of items) {
    if (builder.nodesLeft < 0) break;
    built.push(
      buildNode(builder, isScalar(item) || isMap(item) || isSeq(item) || isAlias(item) ? item : null, base.start),
    );
  }
  return { ...base, kind: "list", items: built, size: sumSizes(built) };
}

function buildMap(builder: Builder, node: YAMLMap, base: Base): TreeNode {
  const entries = new Map<string, MapEntry>();
  const merged: TreeNode[] = [];
  for (const pair of node.items) {
    if (builder.nodesLeft < 0) break;
    const keyNode = buildNode(builder, isNode(pair.key) ? pair.key : null, base.start);
    const value = buildNode(builder, isNode(pair.value) ? pair.value : null, keyNode.end);
    if (keyNode.kind !== "scalar") {
      report(
        builder,
        keyNode,
        "bad-key",
        "A key must be a single word or text, not a list or a mapping: quote it if it holds braces or brackets.",
      );
    } else if (keyNode.text === "<<") merged.push(...(value.kind === "list" ? value.items : [value]));
    else addEntry(builder, entries, { key: keyNode.text, keyStart: keyNode.start, keyEnd: keyNode.end, value }, base);
  }
  for (const source of merged) mergeEntries(builder, entries, source);
  return { ...base, kind: "map", entries, size: sumSizes([...entries.values()].map((entry) => entry.value)) };
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function addEntry(builder: Builder, entries: Map<string, MapEntry>, entry: MapEntry, map: Base): void {
  if (entries.has(entry.key)) {
    const first = entries.get(entry.key);
    const line = first === undefined ? 1 : rangeBetween(map.source, first.keyStart, first.keyEnd).line;
    const message = `"${entry.key}" stands twice in the same mapping (first in line ${line}) and only the last one counts: remove one.`;
    report(builder, { source: map.source, start: entry.keyStart, end: entry.keyEnd }, "duplicate-key", message);
  }
  entries.set(entry.key, entry);
}

function mergeEntries(builder: Builder, entries: Map<string, MapEntry>, source: TreeNode): void {
  if (source.kind !== "map") {
    report(builder, source, "bad-merge", "<< merges mappings only: name an anchored mapping, such as <<: *defaults.");
    return;
  }
  builder.nodesLeft -= source.entries.size;
  for (const entry of builder.nodesLeft < 0 ? [] : source.entries.values()) {
    if (!entries.has(entry.key)) entries.set(entry.key, entry);
  }
}

function sumSizes(nodes: readonly TreeNode[]): number {
  return nodes.reduce((sum, node) => sum + node.size, 1);
}
