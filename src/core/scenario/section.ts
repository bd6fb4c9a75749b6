import type { Amount, ExtraKey, FileReference, Step, Template } from "./model.ts";
import type { FileLookup } from "./files.ts";
import type { Report } from "./report.ts";
import { parseDuration } from "../units.ts";
import { rangeOfNode } from "./tree.ts";
import type { MapEntry, MapNode, ScalarNode, TreeNode } from "./tree.ts";
import { knowsKey } from "./validate.ts";

/** What the steps of reading share: where mistakes go, which files there are, and which of them are named. */
export interface Reader {
  readonly report: Report;
  readonly files: FileLookup;
  readonly references: FileReference[];
  /** Where the URL of a request, or the name of an included scenario, stands. */
  readonly nodes: Map<Step, TreeNode>;
}

/** A mapping that is being read; keys that nobody takes are left for {@link extraKeys}. */
export interface Section {
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly taken: Set<string>;
}

/** Begins to read a node as a mapping; any other node counts as an empty one. */
export function openSection(node: TreeNode | undefined): Section {
  return { entries: node?.kind === "map" ? node.entries : new Map(), taken: new Set() };
}

/** Takes a key's value; undefined when the key is missing or has no value. */
export function take(section: Section, key: string): TreeNode | undefined {
  section.taken.add(key);
  const value = section.entries.get(key)?.value;
  return value?.kind === "scalar" && value.value === null ? undefined : value;
}

/** The keys that were not taken and that the schema's section of that title knows, with a prefix for nested sections. */
export function extraKeys(section: Section, title: string, prefix = ""): ExtraKey[] {
  const extra: ExtraKey[] = [];
  for (const { key, value } of section.entries.values()) {
    if (!section.taken.has(key) && knowsKey(title, key)) extra.push({ key: prefix + key, range: rangeOfNode(value) });
  }
  return extra;
}

/** The text of a scalar as it is written; undefined for anything else. */
export function textOf(node: TreeNode | undefined): string | undefined {
  return node?.kind === "scalar" && node.value !== null ? node.text : undefined;
}

/** A node as a mapping. */
export function mapOf(node: TreeNode | undefined): MapNode | undefined {
  return node?.kind === "map" ? node : undefined;
}

/** The entries of a list; a single value counts as a list of one. */
export function itemsOf(node: TreeNode | undefined): readonly TreeNode[] {
  if (node === undefined) return [];
  return node.kind === "list" ? node.items : [node];
}

/** A flag; undefined when it is none or an expression. */
export function flagOf(node: TreeNode | undefined): boolean | undefined {
  if (node?.kind !== "scalar") return undefined;
  if (typeof node.value === "boolean") return node.value;
  if (node.text === "true" || node.text === "false") return node.text === "true";
  return undefined;
}

/** A plain number. */
export function numberOf(node: TreeNode | undefined): number | undefined {
  const scalar = node?.kind === "scalar" ? node : undefined;
  const value = typeof scalar?.value === "string" ? plainNumber(scalar.value) : scalar?.value;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** A number, or an expression that yields one. */
export function amountOf(node: TreeNode | undefined): Amount | undefined {
  return numberOf(node) ?? expressionOf(node);
}

/** A duration in ms, or an expression that yields one as Taurus writes it (`30`, `1m`). */
export function durationOf(node: TreeNode | undefined): Amount | undefined {
  return expressionOf(node) ?? plainDurationOf(node);
}

/** A duration in ms that is no expression. */
export function plainDurationOf(node: TreeNode | undefined): number | undefined {
  if (node?.kind !== "scalar" || node.value === null || typeof node.value === "boolean") return undefined;
  return parseDuration(node.value);
}

/** A mapping from names to texts; values that are no scalars are left out. */
export function textsOf(node: TreeNode | undefined): Record<string, Template> {
  const texts: [string, string][] = [];
  for (const entry of mapOf(node)?.entries.values() ?? []) {
    if (entry.value.kind === "scalar") texts.push([entry.key, entry.value.value === null ? "" : entry.value.text]);
  }
  return Object.fromEntries(texts);
}

function expressionOf(node: TreeNode | undefined): Template | undefined {
  return isExpression(node) ? node.text : undefined;
}

function isExpression(node: TreeNode | undefined): node is ScalarNode {
  return node?.kind === "scalar" && typeof node.value === "string" && node.value.includes("${");
}

function plainNumber(text: string): number | undefined {
  return /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : undefined;
}
