import type { Scope } from "../../src/generator/language/scope.ts";

/** A user's variables and properties, without the user. */
export function scopeOf(
  variables: Readonly<Record<string, string>>,
  properties: Readonly<Record<string, string>> = {},
): Scope {
  return { variables: new Map(Object.entries(variables)), threadNumber: 3, properties, counters: new Map() };
}
