import { nearest } from "../core/scenario/nearest.ts";

/** Asks whether a misspelt word was meant to be a known one: `Did you mean "--users"?`; undefined when none is near. */
export function suggest(word: string, known: readonly string[]): string | undefined {
  const meant = known.find((name) => word.length > 3 && name.startsWith(word)) ?? nearest(word, known);
  return meant === undefined ? undefined : `Did you mean "${meant}"?`;
}
