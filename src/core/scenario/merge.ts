import type { ListNode, MapEntry, MapNode, SourceText, TreeNode } from "./tree.ts";

/** An empty configuration. */
export function emptyMap(source: SourceText): MapNode {
  return { kind: "map", source, start: 0, end: 0, size: 1, entries: new Map() };
}

/**
 * Merges a configuration into another as Taurus does: mappings are merged, lists joined, other values replaced; a key
 * with `~` replaces, `^` removes, `$` merges lists entry by entry. The answer has no such prefixes any more.
 */
export function mergeMaps(into: MapNode, from: MapNode): MapNode {
  const entries = new Map(into.entries);
  for (const entry of from.entries.values()) mergeEntry(entries, entry);
  let size = 1;
  for (const entry of entries.values()) size += entry.value.size;
  const { source, start, end } = into.entries.size === 0 ? from : into;
  return { kind: "map", source, start, end, size, entries };
}

function mergeEntry(entries: Map<string, MapEntry>, entry: MapEntry): void {
  const prefix = /^[~^$](?=.)/.exec(entry.key)?.[0] ?? "";
  const key = entry.key.slice(prefix.length);
  if (prefix === "^" || prefix === "~") entries.delete(key);
  if (prefix === "^") return;
  const existing = entries.get(key);
  const value = mergeValues(existing?.value, entry.value, prefix === "$");
  // A merged mapping keeps the place of the one that was there first, and so does its key.
  const isKept =
    existing !== undefined && value.source === existing.value.source && value.start === existing.value.start;
  entries.set(
    key,
    isKept ? { ...existing, value } : { ...entry, key, keyStart: entry.keyStart + prefix.length, value },
  );
}

function mergeValues(existing: TreeNode | undefined, value: TreeNode, isByEntry: boolean): TreeNode {
  if (value.kind === "map") return mergeMaps(existing?.kind === "map" ? existing : emptyMap(value.source), value);
  if (value.kind !== "list" || existing?.kind !== "list") return value;
  const items = isByEntry ? mergeItems(existing, value) : [...existing.items, ...value.items];
  return { ...existing, items, size: items.reduce((sum, item) => sum + item.size, 1) };
}

function mergeItems(existing: ListNode, from: ListNode): TreeNode[] {
  const items = [...existing.items];
  for (const [index, item] of from.items.entries()) {
    const left = items[index];
    items[index] = left?.kind === "map" && item.kind === "map" ? mergeMaps(left, item) : item;
  }
  return items;
}

/** Characters that `settings.env` may add to a configuration; what goes beyond stays as it is written. */
const maxAddedLength = 1024 * 1024;

interface Environment {
  readonly values: ReadonlyMap<string, string>;
  lengthLeft: number;
}

/** Replaces `${NAME}` in every text by the value that `settings.env` gives NAME, as Taurus does before it reads anything else. */
export function expandEnvironment(config: MapNode): MapNode {
  const settings = config.entries.get("settings")?.value;
  const environment = settings?.kind === "map" ? settings.entries.get("env")?.value : undefined;
  if (environment?.kind !== "map" || environment.entries.size === 0) return config;
  const values = new Map<string, string>();
  for (const { key, value } of environment.entries.values()) {
    if (value.kind === "scalar" && value.value !== null) values.set(key, value.text);
  }
  return expandMap(config, { values, lengthLeft: maxAddedLength });
}

function expandMap(node: MapNode, environment: Environment): MapNode {
  const entries = new Map<string, MapEntry>();
  for (const [key, entry] of node.entries) entries.set(key, { ...entry, value: expandNode(entry.value, environment) });
  return { ...node, entries };
}

function expandNode(node: TreeNode, environment: Environment): TreeNode {
  if (node.kind === "map") return expandMap(node, environment);
  if (node.kind === "list") return { ...node, items: node.items.map((item) => expandNode(item, environment)) };
  if (typeof node.value !== "string" || !node.value.includes("${")) return node;
  const text = node.value.replace(/\$\{([^${}]*)\}/g, (whole, name: string) => {
    const value = environment.values.get(name);
    if (value === undefined || environment.lengthLeft < value.length) return whole;
    environment.lengthLeft -= value.length;
    return value;
  });
  return text === node.value ? node : { ...node, value: text, text };
}
