import type { ExtraKey, Extractor, ExtractorBase, Subject } from "./model.ts";
import { extraKeys, flagOf, mapOf, numberOf, openSection, take, textOf } from "./section.ts";
import type { Section } from "./section.ts";
import { rangeOfNode } from "./tree.ts";
import type { MapEntry, TreeNode } from "./tree.ts";

/** Reads one kind of extractor; undefined when a needed key is missing. */
type Read = (section: Section, base: ExtractorBase) => Extractor | undefined;

interface Kind {
  readonly key: string;
  /** Key that the short form gives; undefined when there is no short form. */
  readonly short: string | undefined;
  /** Default of match-no, as Taurus has it. */
  readonly matchNumber: number;
  readonly read: Read;
}

const kinds: readonly Kind[] = [
  { key: "extract-boundary", short: undefined, matchNumber: 1, read: readBoundary },
  { key: "extract-regexp", short: "regexp", matchNumber: 1, read: readRegexp },
  { key: "extract-jsonpath", short: "jsonpath", matchNumber: 0, read: readJsonPath },
  { key: "extract-css-jquery", short: "expression", matchNumber: 0, read: readCss },
  { key: "extract-xpath", short: "xpath", matchNumber: -1, read: readXPath },
];

/** Reads all extractors of a request, in the order in which Taurus applies them; keys without a place go to `extra`. */
export function readExtractors(request: Section, extra: ExtraKey[]): Extractor[] {
  const extractors: Extractor[] = [];
  for (const kind of kinds) {
    for (const entry of mapOf(take(request, kind.key))?.entries.values() ?? []) {
      const extractor = readExtractor(kind, entry, extra);
      if (extractor !== undefined) extractors.push(extractor);
    }
  }
  return extractors;
}

function readExtractor(kind: Kind, { key, value }: MapEntry, extra: ExtraKey[]): Extractor | undefined {
  const section = openShort(value, kind.short);
  const match = take(section, "match-no");
  const base = {
    variable: key,
    defaultValue: textOf(take(section, "default")) ?? "NOT_FOUND",
    matchNumber: numberOf(match) ?? kind.matchNumber,
    range: rangeOfNode(value),
  };
  const extractor = kind.read(section, base);
  if (match !== undefined && numberOf(match) === undefined) section.taken.delete("match-no");
  extra.push(...extraKeys(section, kind.key, `${kind.key}.`));
  return extractor;
}

/** A section of a node that a short form may stand for. */
export function openShort(node: TreeNode, short: string | undefined): Section {
  if (node.kind !== "scalar" || short === undefined) return openSection(node);
  return {
    entries: new Map([[short, { key: short, keyStart: node.start, keyEnd: node.start, value: node }]]),
    taken: new Set(),
  };
}

function readRegexp(section: Section, base: ExtractorBase): Extractor | undefined {
  const pattern = textOf(take(section, "regexp"));
  const template = take(section, "template");
  const group = numberOf(template) ?? textOf(template) ?? 1;
  const subject = subjectOf(textOf(take(section, "subject"))) ?? "body";
  return pattern === undefined ? undefined : { ...base, kind: "regexp", pattern, template: group, subject };
}

function readJsonPath(section: Section, base: ExtractorBase): Extractor | undefined {
  const path = textOf(take(section, "jsonpath"));
  const concatenates = flagOf(take(section, "concat")) ?? false;
  return path === undefined ? undefined : { ...base, kind: "jsonpath", path, concatenates };
}

function readCss(section: Section, base: ExtractorBase): Extractor | undefined {
  const selector = textOf(take(section, "expression"));
  const attribute = textOf(take(section, "attribute"));
  return selector === undefined ? undefined : { ...base, kind: "css", selector, attribute };
}

function readXPath(section: Section, base: ExtractorBase): Extractor | undefined {
  const path = textOf(take(section, "xpath"));
  const isHtml = flagOf(take(section, "use-tolerant-parser")) ?? false;
  return path === undefined ? undefined : { ...base, kind: "xpath", path, isHtml };
}

function readBoundary(section: Section, base: ExtractorBase): Extractor | undefined {
  const left = textOf(take(section, "left"));
  const right = textOf(take(section, "right"));
  const written = textOf(take(section, "subject")) ?? "body";
  const subject = subjectOf(written);
  if (subject === undefined) section.taken.delete("subject");
  return left === undefined || right === undefined
    ? undefined
    : { ...base, kind: "boundary", left, right, subject: subject ?? "body" };
}

/** Taurus' words for where to look; undefined when only JMeter can look there. */
function subjectOf(word: string | undefined): Subject | undefined {
  switch (word) {
    case "body":
    case "headers":
    case "http-code":
    case "url":
    case "message":
      return word;
    case "response-headers":
      return "headers";
    case "code":
      return "http-code";
    case undefined:
    default:
      return undefined;
  }
}
