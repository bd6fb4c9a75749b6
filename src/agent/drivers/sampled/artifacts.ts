import { readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { RunPlan } from "../../../core/run/plan.ts";
import { maskFile } from "../taurus/artifacts.ts";

const largestBytes = 128 * 1024 * 1024;

/** Lists what an engine wrote into the work folder, relative to it, with the values of secrets masked. */
export async function writtenFiles(
  folder: string,
  plan: RunPlan,
  secrets: readonly string[],
): Promise<readonly string[]> {
  const known = new Set(plan.files.map(({ path }) => path));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const kept: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (known.has(path) || isOurs(path)) continue;
    const { size } = await stat(join(folder, path));
    if (size === 0 || size > largestBytes) continue;
    if (secrets.length > 0) await maskFile(join(folder, path), secrets);
    kept.push(path);
  }
  return kept;
}

function isOurs(path: string): boolean {
  return /(^|\/)(loadfleet-run-\d+\.|__pycache__\/)/.test(path);
}
