import { readdir, rm, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
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
    await rm(this.#pathOf(key), { force: true });
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

async function filesBelow(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith("."));
    return files.map((entry) => join(entry.parentPath, entry.name));
  } catch (error) {
    if (isFileError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isFileError(error, "ENOENT")) return undefined;
    throw error;
  }
}
