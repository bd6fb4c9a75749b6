import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { workspace, type TextDocument } from "vscode";
import type { FileLookup } from "../../core/scenario/files.ts";

/** Where files cannot be looked up, every one is taken to exist. */
const unknownFiles: FileLookup = { exists: () => true, size: () => undefined, readText: () => undefined };

/** The files around a document: those of its folder on a disk, with unsaved changes; unknown ones in a virtual workspace. */
export function filesAround(document: TextDocument): FileLookup {
  if (document.uri.scheme !== "file") return unknownFiles;
  const folder = dirname(document.uri.fsPath);
  const statsOf = (path: string) => statSync(resolve(folder, path), { throwIfNoEntry: false });
  const isFile = (path: string): boolean => attempt(() => statsOf(path)?.isFile()) === true;
  return {
    exists: isFile,
    size: (path) => attempt(() => statsOf(path)?.size),
    readText: (path) => openText(resolve(folder, path)) ?? (isFile(path) ? readText(resolve(folder, path)) : undefined),
    list: (path) => attempt(() => readdirSync(resolve(folder, path))) ?? [],
  };
}

/** Text of a file that is open in an editor, saved or not. */
function openText(path: string): string | undefined {
  return workspace.textDocuments
    .find(({ uri, isDirty }) => isDirty && uri.scheme === "file" && uri.fsPath === path)
    ?.getText();
}

function readText(path: string): string | undefined {
  return attempt(() => readFileSync(path, "utf8"));
}

/** What a file system refuses to tell, such as a folder without permission or a name that it cannot have, is unknown. */
function attempt<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
