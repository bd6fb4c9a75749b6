import type { Gzip, Ledger, Starter, Store } from "../../fleet/ports.ts";

/** How an address makes the store answer. */
export interface LinkOptions {
  /** Name under which a browser saves the file. */
  readonly fileName: string;
  readonly contentType?: string;
  readonly contentEncoding?: string;
}

/** Addresses by which a client reaches the store itself; they carry the right of one request for a while. */
export interface Links {
  read(key: string, options: LinkOptions): Promise<string>;
  /** Begins an upload and gives one address a part, from part 1 on. */
  beginUpload(
    key: string,
    parts: number,
    signal: AbortSignal,
  ): Promise<{ readonly uploadId: string; readonly urls: readonly string[] }>;
  /** Puts the parts of an upload together; `unknown` when there is no such upload, `empty` when no part has arrived. */
  finishUpload(
    key: string,
    uploadId: string,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: number } | "unknown" | "empty">;
}

/** How long every address is good for. */
export const linkSeconds = 900;

/** What the API works with. */
export interface ApiPorts {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly gzip: Gzip;
  readonly starter: Starter;
  readonly links: Links;
  /** Epoch ms. */
  readonly now: () => number;
  /** Bytes from a cryptographic source. */
  readonly random: (bytes: number) => Uint8Array;
  /** Version of this product. */
  readonly toolVersion: string;
}

/** A request after routing: who asks for what. */
export interface ApiRequest {
  readonly values: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Name of the person, as the user pool has it. */
  readonly user: string;
}

/** What an operation answers: a status and a body that becomes JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

/** Does one operation of the API. @throws {ApiError} for what the client did or asked that cannot be */
export type Operation = (request: ApiRequest, ports: ApiPorts, signal: AbortSignal) => Promise<ApiAnswer>;
