import type { JsonValue } from "../json.ts";
import type { Scenario } from "../scenario/model.ts";

/**
 * Leaves only some executions in a scenario, in its configuration too; `places` count from 0 in the order of the file.
 * Undefined when one of them is not there, or none is named.
 */
export function pickExecutions(scenario: Scenario, places: readonly number[]): Scenario | undefined {
  const picked = scenario.executions.filter((_, place) => places.includes(place));
  if (picked.length === 0 || picked.length < new Set(places).size) return undefined;
  const { execution: entries, ...others } = scenario.config;
  const execution = listOf(entries).filter((_, place) => places.includes(place));
  return { ...scenario, executions: picked, config: { ...others, execution } };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value : [value];
}

// Array.isArray alone does not tell readonly arrays apart.
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
