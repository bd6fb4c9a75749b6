import type { ConfigDocument } from "../document.ts";
import type { Place } from "../report.ts";
import { findScenario } from "./references.ts";

/** Text to write at a place. */
export interface TextChange {
  readonly place: Place;
  readonly text: string;
}

/** Lists what changes when a scenario gets another name, or says why it cannot have it. */
export function renameScenario(
  document: ConfigDocument,
  name: string,
  newName: string,
): readonly TextChange[] | "empty" | "taken" {
  const wanted = newName.trim();
  if (wanted === "") return "empty";
  if (wanted !== name && findScenario(document, wanted).definitions.length > 0) return "taken";
  const { definitions, uses } = findScenario(document, name);
  return [...definitions, ...uses].map((place) => ({ place, text: textAt(place, wanted) }));
}

/** The name as it is written at a place: inside the quotes that stand there, or with quotes where YAML needs them. */
function textAt({ source: { text }, start, end }: Place, name: string): string {
  const quote = /["']/.exec(text.slice(start - 1, start))?.[0];
  if (quote !== undefined && text[end] === quote) return inQuotes(name, quote);
  const own = /^["']/.exec(text.slice(start, end))?.[0];
  if (own !== undefined) return own + inQuotes(name, own) + own;
  const isPlain = /^[\p{L}_][\p{L}\d_ .-]*$/u.test(name) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(name);
  return isPlain ? name : JSON.stringify(name);
}

function inQuotes(name: string, quote: string): string {
  return quote === "'" ? name.replaceAll("'", "''") : JSON.stringify(name).slice(1, -1);
}
