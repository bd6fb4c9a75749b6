import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { SourceText } from "../tree.ts";
import { clip, describeFault } from "./xmlFault.ts";

/** An element of an XML file with its position. */
export interface XmlElement {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly inside, with entities resolved. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Why a text is no XML that is read, and where. */
export interface XmlFault {
  readonly code: "jmx-not-xml" | "jmx-entities";
  readonly message: string;
  readonly offset: number;
}

const maxDepth = 250;
const parser = new XMLParser({
  preserveOrder: true,
  captureMetaData: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: maxDepth,
});

/** Parses XML without document type and entities of its own; the answer is its root element, or what is wrong with it. */
export function parseXml(source: SourceText): XmlElement | XmlFault {
  const { text } = source;
  const declaration = /<!(?:DOCTYPE|ENTITY)/i.exec(text);
  if (declaration !== null) {
    const message =
      "A test plan has no document type and no entities, which could expand without end: remove this declaration.";
    return { code: "jmx-entities", message, offset: declaration.index };
  }
  const validity = XMLValidator.validate(text);
  if (validity !== true) {
    return { code: "jmx-not-xml", ...describeFault(source, validity.err) };
  }
  try {
    const [root] = readElements(parser.parse(text));
    return root ?? { code: "jmx-not-xml", message: "This is not XML: there is no element in it.", offset: 0 };
  } catch (error) {
    // The parser throws for what the validator lets pass, such as elements nested too deeply.
    const reason = clip(error instanceof Error ? error.message : String(error), 160).replace(/\.?$/, ".");
    return { code: "jmx-not-xml", message: `This is not XML that can be read: ${reason}`, offset: 0 };
  }
}

/** Decodes the parser's ordered form: a list of objects with one tag each, `:@` for attributes. */
function readElements(nodes: unknown): XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: unknown) => {
    if (!isRecord(node)) return [];
    const tag = Object.keys(node).find((key) => key !== ":@");
    if (tag === undefined || tag === "#text") return [];
    const content = node[tag];
    const [metadata] = Object.getOwnPropertySymbols(node);
    const place = metadata && node[metadata];
    return [
      {
        tag,
        attributes: readAttributes(node[":@"]),
        children: readElements(content),
        text: readText(content),
        start: isRecord(place) && typeof place["startIndex"] === "number" ? place["startIndex"] : 0,
        end: isRecord(place) && typeof place["endIndex"] === "number" ? place["endIndex"] + 1 : 0,
      },
    ];
  });
}

function readAttributes(node: unknown): Record<string, string> {
  const entries = isRecord(node) ? Object.entries(node) : [];
  return Object.fromEntries(entries.map(([name, value]) => [name, decode(String(value))]));
}

function readText(content: unknown): string {
  if (!Array.isArray(content)) return "";
  const parts = content.map((part: unknown) =>
    isRecord(part) && typeof part["#text"] === "string" ? part["#text"] : "",
  );
  return decode(parts.join(""));
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(
    /&(?:#x([\da-fA-F]{1,6})|#(\d{1,7})|([a-z]{2,4}));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

function isRecord(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === "object" && value !== null;
}
