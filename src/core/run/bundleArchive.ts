import { unzipSync, zipSync } from "fflate";
import type { BundleFile } from "./plan.ts";

// A constant instant: the same files give the same bytes.
const archivedAt = "1980-01-01T00:00:00";

/** Packs the files of a bundle into one archive (zip); the same files always give the same bytes. */
export function packBundle(files: readonly { readonly path: string; readonly bytes: Uint8Array }[]): Uint8Array {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return zipSync(Object.fromEntries(sorted.map(({ path, bytes }) => [path, bytes])), { mtime: archivedAt });
}

/** Takes the expected files out of an archive; whatever else it holds, or holds in another size, stays packed. */
export function unpackBundle(archive: Uint8Array, expected: readonly BundleFile[]): ReadonlyMap<string, Uint8Array> {
  const sizes = new Map(expected.map(({ path, bytes }) => [path, bytes]));
  const files = unzipSync(archive, { filter: ({ name, originalSize }) => sizes.get(name) === originalSize });
  return new Map(Object.entries(files));
}
