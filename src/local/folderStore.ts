import { readdir, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import type { Store } from "../fleet/ports.ts";
import { isFileError, readIfPresent, replaceFile } from "./files.ts";

/** Keeps named bytes as files; each segment of a key becomes a name that every file system takes. */
export class FolderStore implements Store {
  readonly #folder: string;

  constructor(root: string) {
    this.#folder = join(root, "store");
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await replaceFile(this.#pathOf(key), bytes);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return readIfPresent(this.#pathOf(key));
  }

  async list(prefix: string): Promise<readonly { readonly key: string; readonly bytes: number }[]> {
    const folder = this.#pathOf(prefix.slice(0, prefix.lastIndexOf("/") + 1));
    const found: { key: string; bytes: number }[] = [];
    for (const path of await filesBelow(folder)) {
      const key = relative(this.#folder, path).split(sep).map(decodeSegment).join("/");
      if (!key.startsWith(prefix)) continue;
      const size = await sizeOf(path);
      if (size !== undefined) found.push({ key, bytes: size });
    }
    return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  }

  async delete(key: string): Promise<void> {
    const path = this.#pathOf(key);
    await rm(path, { force: true });
    await removeEmptyFolders(dirname(path), this.#folder);
  }

  #pathOf(key: string): string {
    const segments = key.split("/").filter((segment) => segment !== "");
    return join(this.#folder, ...segments.map(encodeSegment));
  }
}

// Devices of Windows, which are refused as names whatever ending follows.
const reservedName = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

function encodeSegment(segment: string): string {
  const bytes = Buffer.from(segment, "utf8");
  const plain = Array.from(bytes, (byte) => (isPlain(byte) ? String.fromCharCode(byte) : encodeByte(byte))).join("");
  // A leading dot would be `..` or a part of a file being written; Windows drops trailing dots and spaces.
  const dotted = plain.replace(/^\.|[. ]$/g, (character) => encodeByte(character.charCodeAt(0)));
  return reservedName.test(dotted) ? encodeByte(dotted.charCodeAt(0)) + dotted.slice(1) : dotted;
}

function isPlain(byte: number): boolean {
  return /[A-Za-z0-9._ ()=@+-]/.test(String.fromCharCode(byte)) && byte < 128;
}

function encodeByte(byte: number): string {
  return `%${byte.toString(16).padStart(2, "0")}`;
}

function decodeSegment(name: string): string {
  return decodeURIComponent(name);
}

/** Lists the files below a folder; one that vanishes meanwhile holds none. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = (await entriesIn(folder)).filter(({ name }) => !name.startsWith("."));
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name));
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => filesBelow(join(folder, name)));
  return [...files, ...(await Promise.all(folders)).flat()];
}

async function entriesIn(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isFileError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

/** Removes a folder and those above it, up to the root, as far as there is nothing in them. */
async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  if (folder === root) return;
  try {
    await rmdir(folder);
  } catch (error) {
    // Somebody else has removed it, or puts something there at this moment.
    if (isFileError(error, "ENOENT", "ENOTDIR", "ENOTEMPTY", "EEXIST", "EPERM", "EACCES", "EBUSY")) return;
    throw error;
  }
  await removeEmptyFolders(dirname(folder), root);
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isFileError(error, "ENOENT")) return undefined;
    throw error;
  }
}
