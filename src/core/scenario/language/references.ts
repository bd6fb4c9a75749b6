import { splitCriterion } from "../../results/criterionText.ts";
import type { ConfigDocument } from "../document.ts";
import { placeIn } from "../place.ts";
import type { Place } from "../report.ts";
import type { MapEntry, ScalarNode, TreeNode } from "../tree.ts";
import { childOf, plainKey, spotAt, walkTree } from "./path.ts";
import type { Path } from "./path.ts";
import { isCriterion, isStep, namesFile, namesLabel, namesScenario } from "./places.ts";

/** A scenario, a label or a file that is named at a position. */
export interface NamedThing {
  readonly kind: "scenario" | "label" | "file";
  readonly name: string;
  /** Where it is named. */
  readonly place: Place;
}

/** Where a scenario or a label is defined and used in a file. */
export interface Occurrences {
  readonly definitions: readonly Place[];
  readonly uses: readonly Place[];
}

/** A request or a transaction that stands in a file. */
export interface NamedStep {
  readonly label: string;
  /** What its label is read from: `label`, `transaction`, or the URL. */
  readonly name: ScalarNode;
  /** Its whole entry. */
  readonly entry: TreeNode;
}

/** Finds what is named at an offset; undefined where nothing is. */
export function thingAt(document: ConfigDocument, offset: number): NamedThing | undefined {
  for (const root of document.roots) {
    const spot = spotAt(root, offset);
    if (spot?.kind === "key") {
      const place = namePlace(spot.entry);
      return isScenarioKey(spot.path) ? { kind: "scenario", name: plainKey(spot.entry.key), place } : undefined;
    }
    if (spot === undefined) continue;
    const { node, path } = spot;
    if (namesScenario(path) && definesScenario(document, node.text)) {
      return { kind: "scenario", name: node.text, place: placeIn(node, 0, node.text.length) };
    }
    const isFile = namesFile(path) || (namesScenario(path) && path[0] === "execution" && /\.\w+$/.test(node.text));
    if (isFile) return { kind: "file", name: node.text, place: placeIn(node, 0, node.text.length) };
    const label = usedLabel(node, path);
    return label !== undefined && label.place.start <= offset && offset <= label.place.end ? label : undefined;
  }
  return undefined;
}

/** Finds where a scenario of the file is defined and used. */
export function findScenario(document: ConfigDocument, name: string): Occurrences {
  const definitions: Place[] = [];
  const uses: Place[] = [];
  for (const root of document.roots) {
    const entries = childOf(root, "scenarios");
    for (const entry of entries?.kind === "map" ? entries.entries.values() : []) {
      if (plainKey(entry.key) === name) definitions.push(namePlace(entry));
    }
    for (const { node, path } of walkTree(root)) {
      if (node.kind === "scalar" && node.text === name && namesScenario(path)) uses.push(node);
    }
  }
  return { definitions, uses };
}

/** Finds the requests and transactions that have a label, and the rules and lists that name it. */
export function findLabel(document: ConfigDocument, name: string): Occurrences {
  const definitions = namedSteps(document).filter(({ label }) => label === name);
  const uses: Place[] = [];
  for (const root of document.roots) {
    for (const { node, path } of walkTree(root)) {
      const used = node.kind === "scalar" ? usedLabel(node, path) : undefined;
      if (used?.name === name) uses.push(used.place);
    }
  }
  return { definitions: definitions.map((step) => step.name), uses };
}

/** Lists the requests and transactions of a file in its order; those of files that it includes stand there. */
export function namedSteps({ roots }: ConfigDocument): readonly NamedStep[] {
  return roots.flatMap((root) =>
    [...walkTree(root)].flatMap(({ node: entry, path }) => {
      const name = isStep(path) ? nameOfStep(entry) : undefined;
      return name === undefined ? [] : [{ label: name.text, name, entry }];
    }),
  );
}

function isScenarioKey(path: Path): boolean {
  return path.length === 2 && plainKey(path[0] ?? "") === "scenarios";
}

function definesScenario({ roots }: ConfigDocument, name: string): boolean {
  return roots.some((root) => {
    const scenarios = childOf(root, "scenarios");
    return scenarios?.kind === "map" && [...scenarios.entries.keys()].some((key) => plainKey(key) === name);
  });
}

/** A key without quotes and merge prefix. */
function namePlace({ key, keyStart, keyEnd, value: { source } }: MapEntry): Place {
  const name = plainKey(key);
  const at = source.text.slice(keyStart, keyEnd).lastIndexOf(name);
  return at < 0
    ? { source, start: keyStart, end: keyEnd }
    : { source, start: keyStart + at, end: keyStart + at + name.length };
}

function usedLabel(node: ScalarNode, path: Path): NamedThing | undefined {
  if (namesLabel(path)) return { kind: "label", name: node.text, place: placeIn(node, 0, node.text.length) };
  if (!isCriterion(path)) return undefined;
  const split = splitCriterion(node.text, []);
  const label = "label" in split ? split.label : undefined;
  return label && { kind: "label", name: label.text, place: placeIn(node, label.offset, label.text.length) };
}

/** What the label of an entry is read from; undefined for a block without one. */
function nameOfStep(entry: TreeNode): ScalarNode | undefined {
  if (entry.kind === "scalar") return entry.value === null ? undefined : entry;
  return ["transaction", "label", "url"]
    .map((key) => childOf(entry, key))
    .find((node): node is ScalarNode => node?.kind === "scalar" && node.value !== null);
}
