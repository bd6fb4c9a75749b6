import type { Rule } from "../schema/terms.ts";
import type { MapNode, TreeNode } from "../tree.ts";
import type { Suggestion } from "./complete.ts";
import { placeholder } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { describeRule, formsAt, formsOf, narrowForms } from "./forms.ts";
import { childOf, keysOf, plainKey } from "./path.ts";
import { namesFile, namesLabel, namesScenario } from "./places.ts";
import { headerNames, wordsOf } from "./words.ts";

/** Suggests keys for the mapping that is being written: what the schema knows and the mapping lacks. */
export function completeKeys(cursor: Cursor, map: MapNode): Suggestion[] {
  if (!cursor.lacksDash) return keysFor(cursor, map, "");
  // Editors begin a new line below the dash: its keys go on with the entry above, or begin another.
  const index = Number(cursor.path.at(-1)) - 1;
  const path = [...cursor.path.slice(0, -1), index];
  const above = path.reduce<TreeNode | undefined>(childOf, cursor.root);
  const more = above?.kind === "map" ? keysFor({ ...cursor, path }, above, "  ") : [];
  return [
    ...more,
    ...keysFor(cursor, map, "- ").map((key) => ({ ...key, label: `- ${key.label}`, rank: key.rank + 3 })),
  ];
}

function keysFor(cursor: Cursor, map: MapNode, lead: string): Suggestion[] {
  const taken = new Set([...map.entries.keys()].map(plainKey));
  const forms = narrowForms(formsAt(cursor.root, cursor.path), map);
  const rules = new Map<string, Rule>();
  for (const [index, form] of forms.entries()) {
    const isLast = index === forms.length - 1;
    for (const [key, rule] of Object.entries(form.properties ?? {})) {
      // Which of several forms it becomes is told by the first key; the last is the usual one.
      if ((isLast || key === form.required?.[0]) && !taken.has(key) && !rules.has(key)) rules.set(key, rule);
    }
  }
  const required = new Set(forms.at(-1)?.required);
  const known = [...rules].map(([key, rule]) => suggestKey(cursor, key, rule, { lead, isRequired: required.has(key) }));
  const free = freeNames(cursor).filter((name) => !taken.has(name));
  return [...known, ...free.map((name) => suggestKey(cursor, name, {}, { lead, isRequired: false }))];
}

/** Names of the author's own that are worth a suggestion: headers, and scenarios that are used and not defined. */
function freeNames({ root, path }: Cursor): readonly string[] {
  const keys = keysOf(path);
  if (keys.at(-1) === "headers") return headerNames;
  if (keys.length !== 1 || keys[0] !== "scenarios") return [];
  const execution = childOf(root, "execution");
  const entries = execution?.kind === "list" ? execution.items : [execution];
  return entries.flatMap((entry) => {
    const name = childOf(entry, "scenario");
    return name?.kind === "scalar" && name.text !== placeholder && !/[./\\]/.test(name.text) ? [name.text] : [];
  });
}

interface KeyOptions {
  /** What stands before the key. */
  readonly lead: string;
  readonly isRequired: boolean;
}

function suggestKey(cursor: Cursor, key: string, rule: Rule, { lead, isRequired }: KeyOptions): Suggestion {
  const description = describeRule(rule);
  const isRare = /^For tools|\(JMeter|gRPC|MQTT|another cloud|Locust|Selenium/.test(description);
  const path = [...cursor.path, key];
  const forms = formsOf(rule);
  const hasValues =
    forms.some((form) => form.enum !== undefined || (Array.isArray(form.type) && form.type[0] === "boolean")) ||
    wordsOf(key).length > 0;
  const shape = shapeOf(forms, cursor);
  const namesThings = namesFile(path) || namesLabel(path) || namesScenario(path);
  return {
    label: key,
    kind: "key",
    snippet: lead + key + (cursor.hasColon ? "" : shape(cursor.column + lead.length)),
    description,
    continues: !cursor.hasColon && (hasValues || namesThings || (!cursor.isFlow && hasKnownContent(forms, key))),
    rank: isRequired ? 0 : isRare ? 2 : 1,
  };
}

/** Tells whether there is something to suggest on the line below a key. */
function hasKnownContent(forms: readonly Rule[], key: string): boolean {
  const inside = forms.flatMap((form) => (form.items === undefined ? [form] : formsOf(form.items)));
  return key === "criteria" || key === "headers" || inside.some(({ properties }) => properties !== undefined);
}

/** What follows a key, by its column: a list and a mapping begin on the next line. */
function shapeOf(forms: readonly Rule[], { isFlow }: Cursor): (column: number) => string {
  const isList = forms.some(({ type }) => type === "array");
  const isMap = !isList && forms[0]?.type === "object";
  if (isFlow || (!isList && !isMap)) return () => ": $0";
  return (column) => `:\n${" ".repeat(column + 2)}${isList ? "- " : ""}$0`;
}
