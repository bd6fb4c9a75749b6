import { configSchema, definitionOf } from "../schema/config.ts";
import type { Rule } from "../schema/terms.ts";
import type { TreeNode } from "../tree.ts";
import { childOf, plainKey } from "./path.ts";
import type { Path } from "./path.ts";

/** The forms that a value may have by the schema, at a path of a file; empty where the schema says nothing. */
export function formsAt(root: TreeNode, path: Path): readonly Rule[] {
  let forms = formsOf(configSchema);
  let node: TreeNode | undefined = root;
  for (const step of path) {
    forms = [...new Set(narrowForms(forms, node).flatMap((form) => formsBelow(form, step)))];
    node = childOf(node, step);
  }
  return forms;
}

/** The rule of the key at the end of a path; undefined where the schema says nothing. */
export function ruleAt(root: TreeNode, path: Path): Rule | undefined {
  const parents = path.slice(0, -1);
  const node = parents.reduce<TreeNode | undefined>(childOf, root);
  for (const form of narrowForms(formsAt(root, parents), node)) {
    const rule = ruleBelow(form, path.at(-1) ?? 0);
    if (rule !== undefined) return rule;
  }
  return undefined;
}

/** The forms that a mapping can still become: the one whose telling key it has, else all. */
export function narrowForms(forms: readonly Rule[], node: TreeNode | undefined): readonly Rule[] {
  if (node?.kind === "list") return forms.filter(({ type }) => type === "array");
  const maps = forms.filter(({ type }) => type === "object");
  if (node?.kind !== "map") return maps;
  const chosen = maps.find(({ required }) => required !== undefined && node.entries.has(required[0] ?? ""));
  return chosen === undefined ? maps : [chosen];
}

/** A rule's forms, references resolved. */
export function formsOf(rule: Rule): readonly Rule[] {
  if (rule.$ref !== undefined) return formsOf(definitionOf(rule.$ref) ?? {});
  return rule.anyOf === undefined ? [rule] : rule.anyOf.flatMap(formsOf);
}

/** What a rule is for, from itself or the first of its forms that says it. */
export function describeRule(rule: Rule): string {
  const definition = rule.$ref === undefined ? undefined : definitionOf(rule.$ref);
  const own = rule.description ?? definition?.description;
  return own ?? formsOf(rule).find(({ description }) => description !== undefined)?.description ?? "";
}

function formsBelow(form: Rule, step: string | number): readonly Rule[] {
  const rule = ruleBelow(form, step);
  return rule === undefined ? [] : formsOf(rule);
}

function ruleBelow(form: Rule, step: string | number): Rule | undefined {
  if (typeof step === "number") return form.items;
  const key = plainKey(step);
  if (Object.hasOwn(form.properties ?? {}, key)) return form.properties?.[key];
  return typeof form.additionalProperties === "object" ? form.additionalProperties : undefined;
}
