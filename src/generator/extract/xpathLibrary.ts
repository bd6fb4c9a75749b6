import { DOMParser } from "@xmldom/xmldom";
import render from "dom-serializer";
import { select } from "xpath";
import { parseHtml } from "./html.ts";

/**
 * Lists the texts of what an XPath finds in XML, or in HTML of any quality. What is not XML and what the path cannot
 * be applied to gives nothing; a number or a true condition gives itself.
 */
export function selectXPath(text: string, path: string, isHtml: boolean): readonly string[] {
  // Without JMeter's `use-namespaces`, `//item` finds elements of a default namespace too.
  const xml = (isHtml ? render(parseHtml(text), { xmlMode: true }) : text)
    .replace(/\sxmlns=(?:"[^"]*"|'[^']*')/g, "")
    .trim();
  if (!xml.startsWith("<")) return [];
  try {
    const document: unknown = new DOMParser({ onError: refuseFatal }).parseFromString(xml, "text/xml");
    return isNode(document) ? textsOf(select(path, document)) : [];
  } catch (error) {
    if (error instanceof Error) return [];
    throw error;
  }
}

function textsOf(found: unknown): readonly string[] {
  if (Array.isArray(found)) return found.filter(isNode).map((node) => node.nodeValue ?? node.textContent ?? "");
  if (typeof found === "string") return found === "" ? [] : [found];
  return typeof found === "number" || found === true ? [String(found)] : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "nodeType" in value;
}

function refuseFatal(level: "warning" | "error" | "fatalError", message: string): void {
  if (level === "fatalError") throw new SyntaxError(message);
}
