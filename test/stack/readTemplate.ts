import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../scripts/script.mjs";

/** A resource of a template; what is an intrinsic function stays as it is. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Parameters: Readonly<Record<string, { readonly Default?: string | number }>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Mappings: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** A statement of a policy, with the resource of the template that it stands in. */
export interface Statement {
  readonly holder: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly unknown[];
  readonly Condition?: Readonly<Record<string, unknown>>;
  readonly Principal?: unknown;
}

/** Path of the built template. */
export const templatePath = join(root, "dist", "stack", "template.json");

const template: Template = JSON.parse(readFileSync(templatePath, "utf8"));

/** The template as it was built. */
export function readTemplate(): Template {
  return template;
}

/** A resource by its logical id. */
export function resource(id: string): Resource {
  const found = template.Resources[id];
  if (!found) throw new Error(`The template has no ${id}.`);
  return found;
}

/** Resources of a type, by their logical ids. */
export function resourcesOf(type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

/** Every statement of every policy of the template, inside conditions too. */
export function statements(): readonly Statement[] {
  return Object.entries(template.Resources).flatMap(([holder, { Properties }]) =>
    [...objectsIn(Properties)]
      .filter((value) => "Effect" in value && ("Action" in value || "NotAction" in value))
      .map((value) => ({
        holder,
        Effect: String(value["Effect"]),
        Action: listOf(value["Action"]).map(String),
        Resource: listOf(value["Resource"]),
        ...(isObject(value["Condition"]) ? { Condition: value["Condition"] } : {}),
        ...("Principal" in value ? { Principal: value["Principal"] } : {}),
      })),
  );
}

/** Statements of a role or policy that allow an action. */
export function allowing(holder: string, action: string): readonly Statement[] {
  return statements().filter((statement) => statement.holder === holder && statement.Action.includes(action));
}

/** Every object inside a value, itself included. */
export function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) for (const part of value) yield* objectsIn(part);
  else if (isObject(value)) {
    yield value;
    for (const part of Object.values(value)) yield* objectsIn(part);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
