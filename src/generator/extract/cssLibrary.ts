import { select } from "cheerio-select";
import { getAttributeValue, textContent } from "domutils";
import { LanguageFault } from "../language/scope.ts";
import { parseHtml } from "./html.ts";

/**
 * Lists the texts, or the values of an attribute, of the elements that a CSS selector finds; one that is invalid finds
 * nothing.
 */
export function selectCss(html: string, selector: string, attribute: string | undefined): readonly string[] {
  return (find(html, selector) ?? []).map((element) =>
    attribute === undefined
      ? textContent(element).replace(/\s+/g, " ").trim()
      : (getAttributeValue(element, attribute) ?? ""),
  );
}

/** Checks a selector before it is used. @throws {LanguageFault} when it is invalid */
export function checkCss(selector: string): void {
  if (find("", selector) !== undefined) return;
  throw new LanguageFault(`The embedded driver cannot use the CSS selector "${selector}"`);
}

function find(html: string, selector: string): ReturnType<typeof select> | undefined {
  try {
    return select(selector, parseHtml(html));
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
