import type { DebugBody, DebugHeader, DebugHop } from "../core/run/debug.ts";

const longestBody = 256 * 1024;

/** A content for Debug Once; null when there is none. @param bytes size of the whole content, when the text is not all of it */
export function keepBody(text: string, bytes = Buffer.byteLength(text)): DebugBody | null {
  if (bytes === 0) return null;
  const isText = text !== "" && !text.includes("\0") && !text.includes("\uFFFD");
  const kept = isText ? text.slice(0, longestBody) : "";
  return { kind: isText ? "text" : "binary", text: kept, bytes, isCut: isText && kept.length < text.length };
}

/** A message of HTTP/1.1 as it goes over the wire: its first line, its headers, and what follows the empty line. */
export interface HttpMessage {
  readonly first: string;
  readonly headers: readonly DebugHeader[];
  readonly body: string;
}

/** Takes an HTTP message apart, chunks put together; what has no empty line is all head. */
export function readMessage(text: string): HttpMessage {
  const gap = /\r?\n\r?\n/.exec(text);
  const head = gap === null ? text : text.slice(0, gap.index);
  const [first = "", ...lines] = head.split(/\r?\n/);
  const headers = readHeaders(lines);
  const body = gap === null ? "" : text.slice(gap.index + gap[0].length);
  const isChunked = headers.some(([name, value]) => /^transfer-encoding$/i.test(name) && /chunked/i.test(value));
  return { first, headers, body: isChunked ? joinChunks(body) : body };
}

/** What chunks hold; a body that is not made of whole chunks stays as it is. */
function joinChunks(body: string): string {
  const bytes = Buffer.from(body);
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = bytes.indexOf("\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, Math.max(at, lineEnd)), 16);
    if (lineEnd < 0 || Number.isNaN(size)) return body;
    if (size === 0) return Buffer.concat(parts).toString("utf8");
    parts.push(bytes.subarray(lineEnd + 1, lineEnd + 1 + size));
    at = bytes.indexOf("\n", lineEnd + 1 + size) + 1;
    if (at === 0) return body;
  }
}

/** Reads lines of the form `name: value`; others are none. */
export function readHeaders(lines: readonly string[]): readonly DebugHeader[] {
  return lines.flatMap((line) => {
    const [, name, value] = /^([^:\s][^:]*):\s*(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
}

/** Status and text of a first line such as `HTTP/1.1 404 Not Found`; null when it is none. */
export function readStatus(first: string): Pick<DebugHop, "status" | "statusText"> {
  const [, status, statusText = ""] = /^HTTP\/[\d.]+ (\d{3}) ?(.*)$/.exec(first) ?? [];
  return status === undefined ? { status: null, statusText: "" } : { status: Number(status), statusText };
}
