import type { ConfigDocument } from "../document.ts";
import type { JmxOutline, JmxSampler } from "../jmx/outline.ts";
import type { Range } from "../problem.ts";
import { rangeOfKey, rangeOfNode } from "../tree.ts";
import type { MapEntry, MapNode, TreeNode } from "../tree.ts";
import { childOf, plainKey } from "./path.ts";

/** An entry of a file's outline. */
export interface OutlineItem {
  readonly kind: "section" | "execution" | "scenario" | "request" | "block" | "rule" | "setting";
  readonly name: string;
  readonly detail: string;
  readonly range: Range;
  /** What is selected when a person chooses the entry; inside the range. */
  readonly selection: Range;
  readonly children: readonly OutlineItem[];
}

/** Outlines a configuration: its sections, executions, scenarios with their requests, and rules. */
export function outlineConfig({ roots }: ConfigDocument): readonly OutlineItem[] {
  return roots.flatMap((root) => (root.kind === "map" ? ownEntries(root).map((entry) => outlineSection(entry)) : []));
}

/** Outlines a test plan: its thread groups, and below each the samplers that follow it. */
export function outlinePlan({ threadGroups, samplers }: JmxOutline): readonly OutlineItem[] {
  const before = (a: Range, b: Range): boolean => a.line < b.line || (a.line === b.line && a.column < b.column);
  const groups = threadGroups.map((group, index) => {
    const next = threadGroups[index + 1];
    const inside = samplers.filter(
      ({ range }) => before(group.range, range) && (next === undefined || before(range, next.range)),
    );
    const last = inside.at(-1)?.range ?? group.range;
    const children = inside.map(outlineSampler);
    const kind = className(group.kind);
    const detail = group.threads === undefined ? kind : `${group.threads} × ${kind}`;
    const range = { ...group.range, endLine: last.endLine, endColumn: last.endColumn };
    return item("execution", group.name || kind, detail, range, group.range, children);
  });
  const first = threadGroups[0]?.range;
  const loose = samplers.filter(({ range }) => first === undefined || before(range, first));
  return [...loose.map(outlineSampler), ...groups];
}

function outlineSampler({ label, kind, range }: JmxSampler): OutlineItem {
  return item("request", label || className(kind), className(kind), range, range);
}

/** A class without its package. */
function className(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function outlineSection(entry: MapEntry): OutlineItem {
  const { value } = entry;
  switch (plainKey(entry.key)) {
    case "execution":
      return keyed("section", entry, "", itemsOf(value).map(outlineExecution));
    case "scenarios":
      return keyed("section", entry, "", value.kind === "map" ? ownEntries(value).map(outlineScenario) : []);
    case "reporting":
      return keyed(
        "section",
        entry,
        "",
        itemsOf(value).flatMap((module) => rulesOf(childOf(module, "criteria"))),
      );
    default:
      return keyed("section", entry, "", value.kind === "map" ? ownEntries(value).map(outlineSetting) : []);
  }
}

function outlineExecution(node: TreeNode, index: number): OutlineItem {
  const users = textOf(childOf(node, "concurrency"));
  const holdFor = textOf(childOf(node, "hold-for"));
  const detail = [users === undefined ? "" : `${users} ×`, holdFor ?? ""].filter((part) => part !== "").join(" ");
  const name = textOf(childOf(node, "scenario")) ?? `execution ${index + 1}`;
  return item("execution", name, detail, rangeOfNode(node), headOf(node));
}

function outlineScenario(entry: MapEntry): OutlineItem {
  const { value } = entry;
  const script = textOf(childOf(value, "script")) ?? textOf(value) ?? "";
  const steps = itemsOf(childOf(value, "requests")).map(outlineStep);
  return keyed("scenario", entry, script, [...steps, ...rulesOf(childOf(value, "criteria"))]);
}

const blocks = ["if", "once", "loop", "while", "foreach", "transaction", "include-scenario", "action", "set-variables"];

function outlineStep(node: TreeNode): OutlineItem {
  const block = blocks.find((key) => childOf(node, key) !== undefined);
  const range = rangeOfNode(node);
  if (block === undefined) {
    const url = textOf(childOf(node, "url")) ?? textOf(node) ?? "";
    const method = textOf(childOf(node, "method")) ?? "GET";
    const label = textOf(childOf(node, "label"));
    return item(
      "request",
      label ?? (url || "…"),
      label === undefined ? method : `${method} ${url}`,
      range,
      headOf(node),
    );
  }
  const inner = ["once", "do", "then", "else"].flatMap((key) => itemsOf(childOf(node, key)).map(outlineStep));
  const value = textOf(childOf(node, block)) ?? "";
  const isNamed = block === "transaction" && value !== "";
  return item("block", isNamed ? value : `${block} ${value}`.trim(), isNamed ? block : "", range, headOf(node), inner);
}

function rulesOf(criteria: TreeNode | undefined): OutlineItem[] {
  if (criteria?.kind === "map") {
    return ownEntries(criteria).map((entry) => keyed("rule", entry, textOf(entry.value) ?? "", []));
  }
  return itemsOf(criteria).map((node) => {
    const parts = ["subject", "condition", "threshold"].map((key) => textOf(childOf(node, key)) ?? "");
    return item("rule", textOf(node) ?? (parts.join("") || "…"), "", rangeOfNode(node), headOf(node));
  });
}

function outlineSetting(entry: MapEntry): OutlineItem {
  return keyed("setting", entry, textOf(entry.value) ?? "", []);
}

function keyed(
  kind: OutlineItem["kind"],
  entry: MapEntry,
  detail: string,
  children: readonly OutlineItem[],
): OutlineItem {
  const selection = rangeOfKey(entry);
  const { endLine, endColumn } = entry.value.start < entry.keyEnd ? selection : rangeOfNode(entry.value);
  return item(kind, plainKey(entry.key) || "…", detail, { ...selection, endLine, endColumn }, selection, children);
}

function item(
  kind: OutlineItem["kind"],
  name: string,
  detail: string,
  range: Range,
  selection: Range,
  children: readonly OutlineItem[] = [],
): OutlineItem {
  return { kind, name, detail, range, selection, children };
}

/** The first line of a value. */
function headOf(node: TreeNode): Range {
  const range = rangeOfNode(node);
  if (range.endLine === range.line) return range;
  return { ...range, endLine: range.line, endColumn: range.column };
}

/** The entries that stand in a mapping itself, not in one that it merges. */
function ownEntries(node: MapNode): MapEntry[] {
  return [...node.entries.values()].filter(({ keyStart, keyEnd }) => keyStart >= node.start && keyEnd <= node.end);
}

function itemsOf(node: TreeNode | undefined): readonly TreeNode[] {
  if (node?.kind === "list") return node.items;
  return node === undefined || (node.kind === "scalar" && node.value === null) ? [] : [node];
}

function textOf(node: TreeNode | undefined): string | undefined {
  return node?.kind === "scalar" && node.value !== null ? node.text : undefined;
}
