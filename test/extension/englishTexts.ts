import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync, visitorKeys, type Node } from "oxc-parser";

const root = join(import.meta.dirname, "..", "..");

/** A text that stands in the code, `{0}`, `{1}`, … where values go into it. */
export interface CodeText {
  /** `src/core/units.ts:12` */
  readonly where: string;
  readonly text: string;
  /** The function that it is given to first: `t`, `l10n.t`, `tell`, …; undefined when to none. */
  readonly callee: string | undefined;
  /** Whether it is made as the module is loaded. */
  readonly isAtLoad: boolean;
  /** How it stands there; an attribute of an element has the attribute's name. */
  readonly kind: "string" | "template" | "element" | `attribute ${string}`;
}

/** Lists the texts in a file, those of types, imports, keys and comparisons aside. */
export function textsIn(file: string): readonly CodeText[] {
  const source = readFileSync(join(root, file), "utf8");
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} cannot be read: ${errors[0]?.message}`);
  const texts: CodeText[] = [];
  const visit = (node: Node, parents: readonly Node[]): void => {
    const text = textOf(node);
    const parent = parents.at(-1);
    if (text !== undefined && parent !== undefined && !isTechnical(node, parent)) {
      texts.push({
        where: `${file}:${source.slice(0, node.start).split("\n").length}`,
        text,
        callee: parent.type === "CallExpression" && parent.arguments[0] === node ? calleeOf(source, parent) : undefined,
        isAtLoad: !parents.some(({ type }) => /Function|MethodDefinition|PropertyDefinition/.test(type)),
        kind: kindOf(node, parent),
      });
    }
    for (const key of visitorKeys[node.type] ?? []) {
      for (const child of childrenAt(node, key)) visit(child, [...parents, node]);
    }
  };
  visit(program, []);
  return texts;
}

function childrenAt(node: Node, key: string): readonly Node[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- visitorKeys names the properties that hold nodes
  const value = (node as unknown as Record<string, Node | (Node | null)[] | null>)[key];
  return (Array.isArray(value) ? value : [value]).filter((child) => child !== null && child !== undefined);
}

function textOf(node: Node): string | undefined {
  if (node.type === "JSXText") return node.value.replaceAll(/\s+/g, " ").trim();
  if (node.type === "Literal") return typeof node.value === "string" ? node.value : undefined;
  if (node.type !== "TemplateLiteral") return undefined;
  return node.quasis.map(({ value }, index) => (index === 0 ? "" : `{${index - 1}}`) + (value.cooked ?? "")).join("");
}

const technicalParents = new Set<Node["type"]>([
  "ImportDeclaration",
  "ExportNamedDeclaration",
  "ExportAllDeclaration",
  "ImportExpression",
  "TSLiteralType",
  "TaggedTemplateExpression",
  "SwitchCase",
  "ExpressionStatement",
  "MemberExpression",
]);

function isTechnical(node: Node, parent: Node): boolean {
  if (parent.type === "Property") return parent.key === node;
  if (parent.type === "BinaryExpression") return /^[!=]==?$|^in$/.test(parent.operator);
  return technicalParents.has(parent.type);
}

function calleeOf(source: string, { callee }: Extract<Node, { readonly type: "CallExpression" }>): string {
  return source.slice(callee.start, callee.end);
}

function kindOf(node: Node, parent: Node): CodeText["kind"] {
  if (node.type === "JSXText") return "element";
  if (parent.type === "JSXAttribute" && parent.name.type === "JSXIdentifier") return `attribute ${parent.name.name}`;
  return node.type === "TemplateLiteral" ? "template" : "string";
}
