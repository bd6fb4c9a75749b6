import type { SourceText } from "../tree.ts";

/** What the XML validator says of a text: its words, with a line and a column from 1. */
export interface ValidatorFault {
  readonly msg: string;
  readonly line: number;
  readonly col?: number;
}

/** What is wrong in a text that is no XML, and where. */
export interface DescribedFault {
  readonly message: string;
  readonly offset: number;
}

/** Says a fault of the validator in words of our own, at the place that is to be mended. */
export function describeFault(source: SourceText, { msg, line, col = 1 }: ValidatorFault): DescribedFault {
  const place = { offset: (source.lineStarts[line - 1] ?? 0) + Math.max(0, col - 1) };
  if (msg === "Start tag expected.") return { message: "This is not XML: there is no element in it.", offset: 0 };
  // Of several that are open at the end the validator tells no place.
  const open = /^Unclosed tag|^Invalid '\[/.test(msg) ? lastOpenTag(source.text) : undefined;
  const fault = open === undefined ? sentenceOf(msg) : `<${open.name}> is never closed: add </${open.name}>.`;
  return { message: `This is not valid XML: ${fault}`, ...(open ?? place) };
}

/** Sentences by the validator's, whose values stand in quotes. */
const sentences: readonly (readonly [RegExp, (...values: readonly string[]) => string])[] = [
  [
    /^Expected closing tag '(.+)' \(opened in line (\d+), col \d+\) instead of closing tag '(.+)'\.$/,
    (wanted, line, found) => `</${found}> stands where </${wanted}> should, for <${wanted}> in line ${line}.`,
  ],
  [/^Closing tag '(.+)' has not been opened/, (name) => `</${name}> closes nothing: remove it.`],
  [/^Closing tag '(.+)' /, (name) => `</${name}> is not finished: only the name and > belong in it.`],
  [/^Attributes for '(.+)' have open quote/, (name) => `A quotation mark is not closed in <${name}>.`],
  [/^Tag '.*' is an invalid name|^Invalid space after/, () => "Write &lt; for a < in a text."],
  [/^Attribute '(.+)' has no space/, (name) => `A space is missing before the attribute "${name}".`],
  [/ttribute '(.+)' is (?:without value|not allowed)/, (name) => `The attribute "${name}" has no value in quotes.`],
  [/^Attribute '(.+)' is an invalid name/, (name) => `"${name}" cannot be the name of an attribute.`],
  [/^Attribute '(.+)' is repeated/, (name) => `The attribute "${name}" stands twice in its element.`],
  [/^Multiple possible root|^Extra text at the end/, () => "Nothing may follow after the end of the first element."],
  [/^char '&'/, () => "Write &amp; for a & in a text."],
  [/^char '/, () => "No text may stand before the first element."],
  [/^XML declaration allowed only/, () => "<?xml ...?> may only stand at the very beginning."],
];

function sentenceOf(message: string): string {
  for (const [pattern, write] of sentences) {
    const values = pattern
      .exec(message)
      ?.slice(1)
      .map((value) => clip(value, 60));
    if (values !== undefined) return write(...values);
  }
  return clip(message, 160).replace(/\.?$/, ".");
}

/** Makes one short line of a text. */
export function clip(text: string, length: number): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > length ? `${line.slice(0, length)}…` : line;
}

/** The innermost element that is open at the end; the tags themselves are in order. */
function lastOpenTag(text: string): { readonly name: string; readonly offset: number } | undefined {
  const tags = /<!--[^]*?-->|<!\[CDATA\[[^]*?\]\]>|<\?[^]*?\?>|<(\/?)([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*>/g;
  const open: { name: string; offset: number }[] = [];
  for (const { 0: tag, 1: slash, 2: name, index } of text.matchAll(tags)) {
    if (name === undefined || tag.endsWith("/>")) continue;
    if (slash === "") open.push({ name, offset: index });
    else open.pop();
  }
  return open.at(-1);
}
