import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/**
 * The user's cache folder of Loadfleet's development: every clone uses what another one has put there.
 * @returns {string}
 */
export function cacheFolder() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (process.platform === "win32")
    return join(LOCALAPPDATA ?? join(homedir(), "AppData", "Local"), "loadfleet", "cache");
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "loadfleet");
  return join(XDG_CACHE_HOME ?? join(homedir(), ".cache"), "loadfleet");
}

/**
 * Returns a folder of the cache that was made from these files as they are, and makes it when there is none. A folder
 * appears there whole or not at all.
 * @param {string} name
 * @param {readonly string[]} sources paths of the files that decide the folder's content
 * @param {(folder: string) => Promise<void>} fill puts the content into an empty folder
 */
export async function cachedFolder(name, sources, fill) {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const path of sources) hash.update(readFileSync(path));
  const folder = join(cacheFolder(), `${name}-${hash.digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const part = mkdtempSync(`${folder}.part-`);
  try {
    await fill(part);
    // Another process may have been faster; what it made is the same.
    if (!existsSync(folder)) renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return folder;
}
