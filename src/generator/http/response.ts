import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from "node:zlib";

const longestBody = 10 * 1024 * 1024;

/** Header names in lower case; several of one name are an array. */
export type HeaderMap = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A response that is whole, as extractors, assertions and views read it. */
export class ReceivedResponse {
  readonly url: string;
  readonly status: number;
  readonly statusText: string;
  readonly headers: HeaderMap;
  readonly #chunks: readonly Buffer[];
  #body: Buffer | undefined;
  #text: string | undefined;
  #headerText: string | undefined;

  constructor(url: string, status: number, statusText: string, headers: HeaderMap, chunks: readonly Buffer[]) {
    this.url = url;
    this.status = status;
    this.statusText = statusText;
    this.headers = headers;
    this.#chunks = chunks;
  }

  /** The content, unpacked if it came compressed; as it came when it cannot be unpacked. */
  get body(): Buffer {
    this.#body ??= unpack(joined(this.#chunks), this.header("content-encoding"));
    return this.#body;
  }

  get text(): string {
    this.#text ??= decodeBody(this.body, this.header("content-type"));
    return this.#text;
  }

  /** The status line and the headers, a line each. */
  get headerText(): string {
    this.#headerText ??= [
      `HTTP/1.1 ${String(this.status)} ${this.statusText}`,
      ...headerPairs(this.headers).map(([name, value]) => `${name}: ${value}`),
    ].join("\n");
    return this.#headerText;
  }

  /** First value of a header; the name in lower case. */
  header(name: string): string {
    const value = this.headers[name];
    return (typeof value === "string" ? value : value?.[0]) ?? "";
  }
}

/** Lists all headers, one pair for each value. */
export function headerPairs(headers: HeaderMap): readonly (readonly [string, string])[] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : (value ?? [])).map((single) => [name, single] as const),
  );
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

function unpack(bytes: Buffer, encodings: string): Buffer {
  if (encodings === "" || bytes.length === 0) return bytes;
  try {
    return encodings
      .split(",")
      .toReversed()
      .reduce((packed, encoding) => unpackOne(packed, encoding.trim().toLowerCase()), bytes);
  } catch (error) {
    if (error instanceof Error && "code" in error) return bytes;
    throw error;
  }
}

function unpackOne(bytes: Buffer, encoding: string): Buffer {
  const limit = { maxOutputLength: 4 * longestBody };
  switch (encoding) {
    case "gzip":
    case "x-gzip":
      return gunzipSync(bytes, limit);
    case "br":
      return brotliDecompressSync(bytes, limit);
    case "zstd":
      return zstdDecompressSync(bytes, limit);
    case "deflate":
      // Some servers send the bare stream, others the zlib format that the standard means.
      return ((bytes[0] ?? 0) & 0x0f) === 8 ? inflateSync(bytes, limit) : inflateRawSync(bytes, limit);
    default:
      return bytes;
  }
}

/** Reads a content as text, in the character set that its `Content-Type` names or else in UTF-8. */
export function decodeBody(bytes: Buffer, contentType: string): string {
  if (contentType === "") return bytes.toString();
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]?.toLowerCase();
  if (charset === undefined || charset === "utf-8" || charset === "utf8") return bytes.toString();
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError) return bytes.toString();
    throw error;
  }
}
