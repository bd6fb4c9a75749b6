import type { JsonObject, JsonValue } from "../json.ts";

/** Variables of a run by name. */
export type Environment = Readonly<Record<string, string>>;

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Follows keys into a configuration; undefined where one of them is missing. */
export function valueAt(config: JsonObject, ...keys: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = config;
  for (const key of keys) value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/**
 * Collects the variables of a run, later ones winning: those of the file (`settings.env`, JMeter's properties, and the
 * properties of one scenario when it is named), then those of the choice.
 */
export function environmentOf(config: JsonObject, chosen: Environment = {}, scenario?: string): Environment {
  const sections = [
    valueAt(config, "settings", "env"),
    valueAt(config, "modules", "jmeter", "properties"),
    scenario === undefined ? undefined : valueAt(config, "scenarios", scenario, "properties"),
  ];
  const entries = sections.flatMap((section) => (isObject(section) ? Object.entries(section) : []));
  const given = entries.flatMap(([name, value]) => (typeof value === "object" ? [] : [[name, String(value)] as const]));
  return { ...Object.fromEntries(given), ...chosen };
}
