import { l10n, Location, Range, WorkspaceEdit, workspace, type Position, type TextDocument } from "vscode";
import { isAbsolutePath } from "../../core/scenario/files.ts";
import { findLabel, findScenario, thingAt } from "../../core/scenario/language/references.ts";
import type { NamedThing, Occurrences } from "../../core/scenario/language/references.ts";
import { renameScenario } from "../../core/scenario/language/rename.ts";
import { fileBeside, rangeOfPlace } from "./positions.ts";
import { readingOf } from "./readings.ts";

/** Finds where the scenario, the label or the file that is named at a position is. */
export async function definitionAt(document: TextDocument, position: Position): Promise<Location[]> {
  const thing = find(document, position);
  if (thing === undefined) return [];
  if (thing.kind !== "file") return locations(document, occurrencesOf(document, thing).definitions);
  if (isAbsolutePath(thing.name) || thing.name.includes("${")) return [];
  const uri = fileBeside(document, thing.name);
  const isThere = await workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
  return isThere ? [new Location(uri, new Range(0, 0, 0, 0))] : [];
}

/** Finds every place that names the scenario or the label at a position. */
export function usesAt(document: TextDocument, position: Position): Location[] {
  const thing = find(document, position);
  if (thing === undefined || thing.kind === "file") return [];
  const { definitions, uses } = occurrencesOf(document, thing);
  return locations(document, [...definitions, ...uses]);
}

/** Tells which name can be changed at a position. */
export function prepareRename(document: TextDocument, position: Position): { range: Range; placeholder: string } {
  const thing = find(document, position);
  if (thing?.kind !== "scenario") throw new Error(l10n.t("Only names of scenarios can be changed here."));
  return { range: rangeOfPlace(thing.place), placeholder: thing.name };
}

/** Changes the name of the scenario at a position wherever the file has it. */
export function renameAt(document: TextDocument, position: Position, name: string): WorkspaceEdit {
  const { placeholder } = prepareRename(document, position);
  const changes = renameScenario(readingOf(document).config, placeholder, name);
  if (changes === "empty") throw new Error(l10n.t("A scenario needs a name."));
  if (changes === "taken") throw new Error(l10n.t("There is a scenario {0} already.", name.trim()));
  const edit = new WorkspaceEdit();
  for (const { place, text } of changes) edit.replace(document.uri, rangeOfPlace(place), text);
  return edit;
}

function find(document: TextDocument, position: Position): NamedThing | undefined {
  return thingAt(readingOf(document).config, document.offsetAt(position));
}

function occurrencesOf(document: TextDocument, { kind, name }: NamedThing): Occurrences {
  const { config } = readingOf(document);
  return kind === "scenario" ? findScenario(config, name) : findLabel(config, name);
}

function locations({ uri }: TextDocument, places: Occurrences["uses"]): Location[] {
  return places.map((place) => new Location(uri, rangeOfPlace(place)));
}
