/** The word or value that a position of a YAML text is in. */
export interface Token {
  /** Where it begins and ends, without quotes. */
  readonly start: number;
  readonly end: number;
  /** What stands before the position. */
  readonly typed: string;
  /** Whether it stands where a key would; an entry of a list may be a value all the same. */
  readonly isKey: boolean;
  /** Whether a colon follows the key already. */
  readonly hasColon: boolean;
  /** Whether it stands between braces or brackets on its line. */
  readonly isFlow: boolean;
  readonly isQuoted: boolean;
  /** Whether it begins an entry of a list. */
  readonly isAfterDash: boolean;
  /** Column at which it begins, from 0. */
  readonly column: number;
  /** Where the text goes on after what belongs to it. */
  readonly lineRest: number;
}

interface Segment {
  /** Offset in the line at which the segment begins. */
  readonly start: number;
  readonly bracket: "{" | "[" | undefined;
}

/** Reads what stands around an offset on its line; undefined in a comment, or where nothing can be written. */
export function readToken(text: string, offset: number): Token | undefined {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const lineEnd = (/[\r\n]/.exec(text.slice(offset))?.index ?? text.length - offset) + offset;
  const before = text.slice(lineStart, offset);
  const segment = openSegment(before);
  if (segment === undefined) return undefined;
  const lead = /^\s*(?:-\s+)*/.exec(before.slice(segment.start))?.[0] ?? "";
  const written = before.slice(segment.start + lead.length);
  if (segment.bracket === undefined && /^-$/.test(written)) return undefined;
  const colon = segment.bracket === "[" ? -1 : endOfKey(written);
  const isKey = segment.bracket !== "[" && colon < 0;
  const raw = colon < 0 ? written : written.slice(colon).replace(/^\s+/, "");
  const quote = /^["']/.exec(raw)?.[0];
  const start = offset - raw.length + (quote === undefined ? 0 : 1);
  const after = text.slice(offset, lineEnd);
  const length = lengthAfter(after, quote, segment.bracket);
  const isWord = isKey && /^[\w~^$-]*$/.test(raw);
  const word = /^[\w-]*/.exec(after)?.[0].length ?? 0;
  const hasColon = isWord && /^\s*:(?:\s|$)/.test(after.slice(word));
  const end = offset + (hasColon ? word : length);
  const isClosed = quote !== undefined && text[end] === quote;
  return {
    start,
    end,
    typed: text.slice(start, offset),
    isKey: isKey && quote === undefined,
    hasColon,
    isFlow: segment.bracket !== undefined,
    isQuoted: quote !== undefined,
    isAfterDash: lead.includes("-"),
    column: start - lineStart,
    lineRest: end + (isClosed ? 1 : 0),
  };
}

/** Where the value begins to which a position belongs: after the last open bracket or comma of the line; undefined in a comment. */
function openSegment(before: string): Segment | undefined {
  const open: Segment[] = [{ start: 0, bracket: undefined }];
  let quote = "";
  for (let index = 0; index < before.length; index++) {
    const sign = before.charAt(index);
    const previous = before[index - 1] ?? " ";
    if (quote !== "") {
      if (sign === quote) quote = "";
    } else if ((sign === '"' || sign === "'") && /[\s{[,:]/.test(previous)) quote = sign;
    else if (sign === "#" && /\s/.test(previous)) return undefined;
    else if ((sign === "{" || sign === "[") && /[\s{[,]/.test(previous)) open.push({ start: index + 1, bracket: sign });
    else if ((sign === "}" || sign === "]") && open.length > 1 && !isExpression(before, index)) open.pop();
    else if (sign === "," && open.length > 1) open.push({ start: index + 1, bracket: open.pop()?.bracket });
  }
  return open.at(-1);
}

/** Tells whether a closing brace ends a `${…}`. */
function isExpression(before: string, index: number): boolean {
  return /\$\{[^{}]*$/.test(before.slice(0, index));
}

/** Offset after the colon that ends a key; -1 when there is none. */
function endOfKey(written: string): number {
  const colon = /^(?:"[^"]*"|'[^']*'|[^"'\s#][^#]*?)\s*:(?=\s|$)/.exec(written);
  return colon === null ? -1 : colon[0].length;
}

/** How much of the line after the position belongs to the value. */
function lengthAfter(after: string, quote: string | undefined, bracket: string | undefined): number {
  if (quote !== undefined) return after.includes(quote) ? after.indexOf(quote) : after.trimEnd().length;
  const pattern = bracket === undefined ? /^(?:(?!\s#).)*/ : /^(?:\$\{[^}]*\}|[^,{}[\]])*/;
  return (pattern.exec(after)?.[0] ?? "").trimEnd().length;
}
