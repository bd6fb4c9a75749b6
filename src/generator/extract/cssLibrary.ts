import { load } from "cheerio";

/** Lists the texts, or the values of an attribute, of the elements that a CSS selector finds. */
export function selectCss(html: string, selector: string, attribute: string | undefined): readonly string[] {
  const $ = load(html);
  return $(selector)
    .toArray()
    .map((element) =>
      attribute === undefined ? $(element).text().replace(/\s+/g, " ").trim() : ($(element).attr(attribute) ?? ""),
    );
}
