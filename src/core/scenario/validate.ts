import { nearest } from "./nearest.ts";
import { placeOfKey, replaceAt } from "./report.ts";
import type { Report } from "./report.ts";
import { configSchema, definitionOf } from "./schema/config.ts";
import type { Rule } from "./schema/terms.ts";
import { durationPattern, listWords } from "./schema/terms.ts";
import type { ListNode, MapEntry, MapNode, ScalarNode, TreeNode } from "./tree.ts";

/** Reports whatever in a merged configuration does not follow the schema of the scenario language. */
export function validateConfig(config: MapNode, report: Report): void {
  validate(configSchema, config, "the file", report);
}

/** Tells whether a section of the schema, named by its title, knows a key. */
export function knowsKey(title: string, key: string): boolean {
  return sectionsByTitle.get(title)?.has(key) ?? false;
}

/** Keys of every titled section of the schema, in its order. */
const sectionsByTitle = collectSections();

function collectSections(): ReadonlyMap<string, ReadonlySet<string>> {
  const sections = new Map<string, Set<string>>();
  const visit = (rule: Rule | boolean | undefined): void => {
    if (typeof rule !== "object") return;
    if (rule.title !== undefined && !sections.has(rule.title)) {
      sections.set(rule.title, new Set(Object.keys(rule.properties ?? {})));
    }
    for (const part of [...Object.values(rule.properties ?? {}), ...(rule.anyOf ?? [])]) visit(part);
    for (const part of [rule.items, rule.additionalProperties, ...Object.values(rule.$defs ?? {})]) visit(part);
  };
  visit(configSchema);
  return sections;
}

function validate(rule: Rule, node: TreeNode, name: string, report: Report): void {
  const form = chooseForm(rule, node);
  if (node.kind === "scalar" && node.value === null) {
    if (form === undefined || form.type !== undefined) {
      report("empty-value", node, `${quote(name)} has no value: write one, or remove the key.`);
    }
  } else if (form === undefined || !accepts(form, node)) {
    reportWrong("wrong-type", rule, node, name, report);
  } else if (node.kind === "map") validateMap(form, node, report);
  else if (node.kind === "list") validateList(form, node, name, report);
  else if (!fits(form, node)) reportWrong("bad-value", form, node, name, report);
}

/** The form of a value that its author means: by its kind and, among mappings, by the key that tells them apart. */
function chooseForm(rule: Rule, node: TreeNode): Rule | undefined {
  if (rule.$ref !== undefined) {
    const definition = definitionOf(rule.$ref);
    return definition && chooseForm(definition, node);
  }
  if (rule.anyOf === undefined) return rule;
  const forms = rule.anyOf
    .map((form) => chooseForm(form, node))
    .filter((form) => form !== undefined && accepts(form, node));
  if (node.kind !== "map") return forms[0];
  return forms.find((form) => form !== undefined && node.entries.has(form.required?.[0] ?? "")) ?? forms.at(-1);
}

function accepts(rule: Rule, node: TreeNode): boolean {
  if (rule.type === undefined) return rule.enum === undefined || node.kind === "scalar";
  if (node.kind === "map") return rule.type === "object";
  if (node.kind === "list") return rule.type === "array";
  return rule.type !== "object" && rule.type !== "array";
}

function fits(rule: Rule, node: ScalarNode): boolean {
  const { value } = node;
  if (rule.enum !== undefined) return rule.enum.includes(value);
  if (rule.type === undefined) return true;
  const types = typeof rule.type === "string" ? [rule.type] : rule.type;
  if (!types.includes(typeof value))
    return typeof value !== "string" && types.includes("string") && matches(rule, node.text);
  if (typeof value === "number") return value >= (rule.minimum ?? -Infinity) && value <= (rule.maximum ?? Infinity);
  return typeof value === "boolean" || matches(rule, node.text);
}

function matches(rule: Rule, text: string): boolean {
  return rule.pattern === undefined || new RegExp(rule.pattern).test(text);
}

function validateMap(rule: Rule, node: MapNode, report: Report): void {
  for (const key of rule.required ?? []) {
    if (node.entries.has(key)) continue;
    report(
      "missing-key",
      headOf(node),
      `${sentenceStart(rule.title)} needs the key "${key}": ${descriptionOf(rule, key)}`,
    );
  }
  for (const entry of node.entries.values()) {
    const property = rule.properties?.[entry.key];
    if (report.isFull()) return;
    if (property !== undefined && Object.hasOwn(rule.properties ?? {}, entry.key)) {
      validate(property, entry.value, entry.key, report);
    } else if (typeof rule.additionalProperties === "object") {
      validate(rule.additionalProperties, entry.value, entry.key, report);
    } else if (rule.properties !== undefined) reportUnknown(rule, node, entry, report);
  }
}

function validateList(rule: Rule, node: ListNode, name: string, report: Report): void {
  if (rule.items === undefined) return;
  for (const item of report.isFull() ? [] : node.items) validate(rule.items, item, `an entry of "${name}"`, report);
}

function reportUnknown(rule: Rule, node: MapNode, entry: MapEntry, report: Report): void {
  const place = placeOfKey(entry);
  const isOpen = rule.additionalProperties === true;
  const title = rule.title ?? "this section";
  const free = Object.keys(rule.properties ?? {}).filter((key) => !node.entries.has(key));
  const meant = nearest(entry.key, free);
  const home = homeOf(entry.key, title);
  if (home !== undefined && !isOpen) {
    report("misplaced-key", place, `"${entry.key}" does nothing in ${title}: it belongs to ${home}.`);
  } else if (meant !== undefined) {
    const message = `"${entry.key}" is not a key of ${title}: write "${meant}" if you mean that.`;
    report("unknown-key", place, message, { fix: replaceAt(place, meant), severity: isOpen ? "warning" : "error" });
  } else if (!isOpen) {
    const message = `"${entry.key}" is not a key of ${title}, so nothing reads it: remove it, or check its name.`;
    report("unknown-key", place, message, { severity: "warning" });
  }
}

/** The section that a key belongs to when it stands in another one. */
function homeOf(key: string, title: string): string | undefined {
  const homes = ["an entry of execution", "a scenario", "a request", "loadfleet", "settings"];
  return homes.find((home) => home !== title && key !== "name" && knowsKey(home, key));
}

function reportWrong(code: "wrong-type" | "bad-value", rule: Rule, node: TreeNode, name: string, report: Report): void {
  const fix = node.kind === "scalar" ? fixDuration(rule, node) : undefined;
  report(code, node, `${quote(name)} cannot be ${describe(node)}: ${adviceOf(rule)}.`, { fix });
}

/** What to write instead: the advice of the first form of each kind. */
function adviceOf(rule: Rule): string {
  if (rule.errorMessage !== undefined) return rule.errorMessage;
  if (rule.$ref !== undefined) return adviceOf(definitionOf(rule.$ref) ?? {});
  const advice = new Set((rule.anyOf ?? []).map(adviceOf));
  return advice.size === 0 ? "write another value" : listWords([...advice].slice(0, 2));
}

/** Turns `5 minutes` into `5m`. */
function fixDuration(rule: Rule, node: ScalarNode) {
  if (!rule.pattern?.includes(durationPattern)) return undefined;
  const text = node.text.toLowerCase().slice(0, 100);
  const units = text.replace(/(\d)\s*(ms|[smhd])[a-z]*\s*/g, (whole, digit: string, unit: string) =>
    /^\d\s*milli/.test(whole) ? `${digit}ms` : `${digit}${unit}`,
  );
  return units !== text && matches(rule, units) ? replaceAt(node, units) : undefined;
}

function describe(node: TreeNode): string {
  if (node.kind === "map") return "a mapping";
  if (node.kind === "list") return "a list";
  const text = node.text.length > 60 ? `${node.text.slice(0, 60)}…` : node.text;
  return JSON.stringify(text);
}

function descriptionOf(rule: Rule, key: string): string {
  const property = rule.properties?.[key];
  const text =
    property?.description ?? (property?.$ref === undefined ? undefined : definitionOf(property.$ref)?.description);
  return text === undefined ? "add it." : text.replace(/^[A-Z](?![A-Z])/, (letter) => letter.toLowerCase());
}

function quote(name: string): string {
  return name.startsWith("an entry of") ? sentenceStart(name) : `"${name}"`;
}

function sentenceStart(title = "this section"): string {
  return title.startsWith('"') ? title : (title[0] ?? "").toUpperCase() + title.slice(1);
}

/** The first line of a mapping: enough to point at it. */
function headOf(node: MapNode) {
  const lineEnd = node.source.text.slice(node.start, node.end).search(/[\r\n]/);
  return { source: node.source, start: node.start, end: lineEnd < 0 ? node.end : node.start + lineEnd };
}
