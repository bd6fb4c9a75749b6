import type { MapEntry, MapNode, ScalarNode, TreeNode } from "../tree.ts";

/** Keys and positions from the top of a file to a value. */
export type Path = readonly (string | number)[];

/** What stands at a position of a parsed file. */
export type Spot =
  | { readonly kind: "key"; readonly path: Path; readonly entry: MapEntry }
  | { readonly kind: "value"; readonly path: Path; readonly node: ScalarNode };

/** Finds the key or the scalar at an offset. */
export function spotAt(root: TreeNode, offset: number): Spot | undefined {
  return spotIn(root, offset, []);
}

function spotIn(node: TreeNode, offset: number, path: Path): Spot | undefined {
  if (node.kind === "scalar") return holds(node, offset) ? { kind: "value", path, node } : undefined;
  if (node.kind === "list") {
    const index = node.items.findIndex((item) => holds(item, offset) && item.start >= node.start);
    const item = node.items[index];
    return item && spotIn(item, offset, [...path, index]);
  }
  for (const entry of node.entries.values()) {
    const isHere = entry.keyStart >= node.start && entry.keyEnd <= node.end;
    if (!isHere) continue;
    const inner = [...path, entry.key];
    if (entry.keyStart <= offset && offset <= entry.keyEnd) return { kind: "key", path: inner, entry };
    // The value of an alias stands elsewhere.
    if (entry.value.start >= entry.keyEnd && holds(entry.value, offset)) return spotIn(entry.value, offset, inner);
  }
  return undefined;
}

function holds({ start, end }: TreeNode, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** Finds the key or the scalar that reads as a text: the path of a value, or of the mapping that has the key. */
export function findNode(
  root: TreeNode,
  text: string,
): { readonly path: Path; readonly map: MapNode | undefined } | undefined {
  for (const { node, path } of walkTree(root)) {
    if (node.kind === "map" && node.entries.has(text)) return { path, map: node };
    if (node.kind === "scalar" && node.text === text) return { path, map: undefined };
  }
  return undefined;
}

/** Goes through a tree, each node once, in the order of the file. */
export function* walkTree(root: TreeNode): Generator<{ readonly node: TreeNode; readonly path: Path }> {
  const seen = new Set<TreeNode>();
  const stack: { node: TreeNode; path: Path }[] = [{ node: root, path: [] }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node, path } = next;
    if (seen.has(node)) continue;
    seen.add(node);
    yield next;
    stack.push(
      ...childrenOf(node)
        .map(([step, child]) => ({ node: child, path: [...path, step] }))
        .toReversed(),
    );
  }
}

function childrenOf(node: TreeNode): [string | number, TreeNode][] {
  if (node.kind === "map") return [...node.entries.values()].map(({ key, value }) => [key, value]);
  return node.kind === "list" ? node.items.map((item, index) => [index, item]) : [];
}

/** The value below a node. */
export function childOf(node: TreeNode | undefined, step: string | number): TreeNode | undefined {
  if (node?.kind === "map") return node.entries.get(String(step))?.value;
  return node?.kind === "list" ? node.items[Number(step)] : undefined;
}

/** A key without Taurus' merge prefixes `~ ^ $`. */
export function plainKey(key: string | number): string {
  return String(key).replace(/^[~^$](?=.)/, "");
}

/** The names along a path: its keys without merge prefixes, positions of lists left out. */
export function keysOf(path: Path): readonly string[] {
  return path.filter((step) => typeof step === "string").map(plainKey);
}
