import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UserError } from "../core/errors.ts";

/** Tells whether a failed file operation failed with one of these codes. */
export function isFileError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.some((code) => code === error.code);
}

/** Reads a file; undefined when there is none. */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isFileError(error, "ENOENT", "ENOTDIR")) return undefined;
    throw error;
  }
}

/** Lists a folder's entries by name; none when there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (isFileError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

/** Replaces a file as a whole: readers see the old content or the new, never half of one. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const part = await writePart(path, content);
  for (let attempt = 1; ; attempt++) {
    try {
      return await rename(part, path);
    } catch (error) {
      // Windows refuses the rename for the moment in which another process reads the file.
      if (attempt === 50 || !isFileError(error, "EPERM", "EACCES", "EBUSY")) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Creates a file with its whole content; false when there is one already. Of several processes exactly one succeeds. @throws {UserError} `no-hard-links` */
export async function createFile(path: string, content: string): Promise<boolean> {
  const part = await writePart(path, content);
  try {
    await link(part, path);
    return true;
  } catch (error) {
    if (isFileError(error, "EEXIST")) return false;
    if (!isFileError(error, "EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP")) throw error;
    throw new UserError("no-hard-links", `The file system of ${dirname(path)} cannot make hard links.`, {
      kind: "environment",
      hint: "Set LOADFLEET_HOME to a folder on another disk.",
      cause: error,
    });
  } finally {
    await rm(part, { force: true });
  }
}

async function writePart(path: string, content: string | Uint8Array): Promise<string> {
  const part = join(dirname(path), `.${randomUUID()}.part`);
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(part, content);
      return part;
    } catch (error) {
      // Another process removes a folder that it finds empty.
      if (attempt === 50 || !isFileError(error, "ENOENT")) throw error;
    }
  }
}
