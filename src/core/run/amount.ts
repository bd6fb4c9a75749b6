import type { Amount } from "../scenario/model.ts";
import { parseDuration } from "../units.ts";
import type { Environment } from "./environment.ts";

/** An amount as a number (durations in ms), or why it is none. */
export type ResolvedAmount =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "unresolved"; readonly name: string }
  | { readonly kind: "invalid"; readonly text: string };

/** Value of `${__P(name,default)}`, `${__property(name,,default)}`, `${__env(NAME,,default)}` or `${NAME}`; undefined when nothing gives one. */
export function evaluateExpression(expression: string, environment: Environment): string | undefined {
  const call = /^__(P|property|env)\((.*)\)$/s.exec(expression.trim());
  if (call === null) return environment[expression.trim()];
  const [name = "", ...rest] = (call[2] ?? "").split(",").map((argument) => argument.trim());
  const value = environment[name];
  if (value !== undefined) return value;
  // JMeter's own default of __P is 1; the other two take their default as a third argument.
  if (call[1] === "P") return rest.length > 0 ? rest.join(",") : "1";
  return rest.length > 1 ? rest.slice(1).join(",") : undefined;
}

/** Replaces expressions from the innermost outwards; the deepest nesting that a text can hold bounds the number of passes. */
function expand(
  text: string,
  environment: Environment,
): { readonly text: string; readonly missing: string | undefined } {
  let current = text;
  for (let pass = 0; pass < 8; pass++) {
    let missing: string | undefined;
    const next = current.replace(/\$\{([^${}]*)\}/g, (whole, expression: string) => {
      const value = evaluateExpression(expression, environment);
      if (value === undefined) missing ??= /^__\w+\(\s*([^,)]*)/.exec(expression.trim())?.[1] ?? expression.trim();
      return value ?? whole;
    });
    if (missing !== undefined || next === current) return { text: next, missing };
    current = next;
  }
  return { text: current, missing: undefined };
}

/** Resolves the JMeter expressions of an amount; `unit` says how the text that results is read. */
export function resolveAmount(amount: Amount, unit: "number" | "ms", environment: Environment): ResolvedAmount {
  if (typeof amount === "number") return { kind: "number", value: amount };
  const { text, missing } = expand(amount, environment);
  if (missing !== undefined) return { kind: "unresolved", name: missing };
  const value = text.trim() === "" ? NaN : unit === "ms" ? (parseDuration(text) ?? NaN) : Number(text);
  return Number.isFinite(value) ? { kind: "number", value } : { kind: "invalid", text };
}
