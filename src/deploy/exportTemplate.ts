import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../core/errors.ts";
import type { StackAssets } from "./assets.ts";

/** Writes template.json, and the assets under the keys that the template asks its bucket for; answers their paths. */
export async function exportTemplate(assets: StackAssets, folder: string): Promise<readonly string[]> {
  const files = [
    { path: join(folder, "template.json"), bytes: assets.template },
    ...assets.assets.map(({ key, bytes }) => ({ path: join(folder, "assets", key), bytes })),
  ];
  try {
    await mkdir(join(folder, "assets"), { recursive: true });
    for (const { path, bytes } of files) await writeFile(path, bytes);
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new UserError("cannot-write-template", `Could not write the template into ${folder}: ${error.message}`, {
      hint: "Name a folder that can be written.",
      kind: "environment",
      cause: error,
    });
  }
  return files.map(({ path }) => path);
}
