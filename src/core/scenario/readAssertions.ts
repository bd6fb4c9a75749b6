import type { Assertion, ExtraKey, Subject } from "./model.ts";
import { openShort } from "./readExtractors.ts";
import { extraKeys, flagOf, itemsOf, take, textOf } from "./section.ts";
import type { Section } from "./section.ts";
import { rangeOfNode } from "./tree.ts";
import type { TreeNode } from "./tree.ts";

/** Reads all assertions of a request; keys without a place go to `extra`. */
export function readAssertions(request: Section, extra: ExtraKey[]): Assertion[] {
  return [
    ...readAll(request, "assert", "contains", readContains, extra),
    ...readAll(request, "assert-jsonpath", "jsonpath", readJsonPath, extra),
    ...readAll(request, "assert-xpath", "xpath", readXPath, extra),
  ];
}

type Read = (section: Section, node: TreeNode) => Assertion | undefined;

function readAll(request: Section, key: string, short: string, read: Read, extra: ExtraKey[]): Assertion[] {
  const assertions: Assertion[] = [];
  for (const item of itemsOf(take(request, key))) {
    const section = openShort(item, short);
    const assertion = read(section, item);
    if (assertion !== undefined) assertions.push(assertion);
    extra.push(...extraKeys(section, `an entry of ${key}`, `${key}.`));
  }
  return assertions;
}

function readContains(section: Section, node: TreeNode): Assertion | undefined {
  const values = itemsOf(take(section, "contains")).flatMap((item) => textOf(item) ?? []);
  const subject = textOf(take(section, "subject"));
  const isRegexp = flagOf(take(section, "regexp")) ?? true;
  const isNegated = flagOf(take(section, "not")) ?? false;
  const assumesSuccess = flagOf(take(section, "assume-success")) ?? false;
  if (values.length === 0) return undefined;
  const where: Subject = subject === "headers" || subject === "http-code" ? subject : "body";
  return { kind: "contains", subject: where, values, isRegexp, isNegated, assumesSuccess, range: rangeOfNode(node) };
}

function readJsonPath(section: Section, node: TreeNode): Assertion | undefined {
  const path = textOf(take(section, "jsonpath"));
  const expected = textOf(take(section, "expected-value"));
  const validates = flagOf(take(section, "validate")) ?? false;
  const isRegexp = flagOf(take(section, "regexp")) ?? true;
  const expectsNull = flagOf(take(section, "expect-null")) ?? false;
  const isNegated = flagOf(take(section, "invert")) ?? false;
  if (path === undefined) return undefined;
  const value = validates ? (expected ?? "") : undefined;
  return { kind: "jsonpath", path, expected: value, isRegexp, isNegated, expectsNull, range: rangeOfNode(node) };
}

function readXPath(section: Section, node: TreeNode): Assertion | undefined {
  const path = textOf(take(section, "xpath"));
  const isHtml = flagOf(take(section, "use-tolerant-parser")) ?? false;
  const isNegated = flagOf(take(section, "invert")) ?? false;
  return path === undefined ? undefined : { kind: "xpath", path, isHtml, isNegated, range: rangeOfNode(node) };
}
