import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import type { Gzip } from "../fleet/ports.ts";

const pack = promisify<Uint8Array, Buffer>(gzip);
const unpack = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(gunzip);

/** Gzip of Node's zlib. */
export const zlibGzip: Gzip = {
  pack: (bytes) => pack(bytes),
  unpack: (bytes, maxBytes) => unpack(bytes, { maxOutputLength: maxBytes }),
};
