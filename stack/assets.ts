import { createHash } from "node:crypto";
import { zipSync } from "fflate";
import { functionNames } from "../src/core/stack/names.ts";

/** Names of the files that the template refers to. */
export const assetNames = [...functionNames, "container", "console"] as const;
export type AssetName = (typeof assetNames)[number];

/** The files that the template refers to by the hash of their content. */
export interface Assets {
  /** Key in the bucket of assets: `<sha256>.zip`. */
  readonly keyOf: (name: AssetName) => string;
  readonly list: readonly { readonly name: AssetName; readonly sha256: string; readonly bytes: Uint8Array }[];
}

/** Addresses the assets' zips by their hashes. */
export function makeAssets(zips: Readonly<Record<AssetName, Uint8Array>>): Assets {
  const list = assetNames.map((name) => ({ name, sha256: hashOf(zips[name]), bytes: zips[name] }));
  const keys = new Map(list.map(({ name, sha256 }) => [name, `${sha256}.zip`]));
  return { keyOf: (name) => keys.get(name) ?? "", list };
}

/** Zips files so that the same content always gives the same bytes. */
export function zipFiles(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const sorted = Object.entries(files).toSorted(([a], [b]) => (a < b ? -1 : 1));
  // A date is part of a zip; this one is in the time of every time zone.
  return zipSync(Object.fromEntries(sorted), { level: 9, mtime: "2026-01-01T00:00:00" });
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
