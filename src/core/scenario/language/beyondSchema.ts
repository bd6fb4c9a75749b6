import type { Problem } from "../problem.ts";

/** What a validation by the schema alone finds as well. */
const schemaCodes = new Set([
  "yaml-syntax",
  "bad-alias",
  "unknown-tag",
  "not-a-mapping",
  "duplicate-key",
  "unknown-key",
  "misplaced-key",
  "missing-key",
  "empty-value",
  "wrong-type",
  "bad-value",
]);

/** Leaves out what an editor that validates by the schema says as well. */
export function beyondSchema(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ code, severity, fix }) => {
    // Near misses in sections with free keys: the schema allows them.
    const isNearMiss = code === "unknown-key" && severity === "warning" && fix !== undefined;
    return isNearMiss || !schemaCodes.has(code);
  });
}
