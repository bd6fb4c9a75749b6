import { existsSync } from "node:fs";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { RunPlan } from "../../../core/run/plan.ts";
import { maskOf } from "./mask.ts";

/** Folder inside the work folder that holds what Taurus and JMeter write themselves. */
export const artifactsName = "taurus-artifacts";

/** What is kept of it; its configuration and properties hold secrets and say nothing new. */
const keptNames = ["results.xml", "bzt.log", "jmeter.log", "jmeter.out", "kpi.jtl", "error.jtl", "trace.jtl"];
/** What tells why a start failed, the most telling last. */
const logNames = ["bzt.out", "bzt.log", "jmeter.out", "jmeter.err", "jmeter.log"];
const largestBytes = 128 * 1024 * 1024;

/**
 * Lists the files to keep, relative to the work folder: Taurus' own and whatever the script wrote. The values of secrets
 * in them are masked; a file that is too large to be looked through is left out.
 */
export async function keepArtifacts(
  folder: string,
  plan: RunPlan,
  secrets: readonly string[],
): Promise<readonly string[]> {
  const own = keptNames.map((name) => `${artifactsName}/${name}`).filter((path) => existsSync(join(folder, path)));
  const kept: string[] = [];
  for (const path of [...own, ...(await writtenFiles(folder, plan))]) {
    const { size } = await stat(join(folder, path));
    if (size === 0 || size > largestBytes) continue;
    if (secrets.length > 0) await maskFile(join(folder, path), secrets);
    kept.push(path);
  }
  return kept;
}

/** Lists the logs of a start that failed, relative to the work folder, with the values of secrets masked. */
export async function keepLogs(folder: string, secrets: readonly string[]): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const path of logNames.map((name) => `${artifactsName}/${name}`)) {
    const size = existsSync(join(folder, path)) ? (await stat(join(folder, path))).size : 0;
    if (size === 0 || size > largestBytes) continue;
    if (secrets.length > 0) await maskFile(join(folder, path), secrets);
    kept.push(path);
  }
  return kept;
}

/** Files that were not there before the run. */
async function writtenFiles(folder: string, plan: RunPlan): Promise<readonly string[]> {
  const known = new Set(plan.files.map(({ path }) => path));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"));
  return paths.filter((path) => !known.has(path) && !path.startsWith(`${artifactsName}/`) && !isRewrittenScript(path));
}

/** Taurus puts its own version of a script beside it. */
function isRewrittenScript(path: string): boolean {
  return /(^|\/)modified_[^/]*\.jmx$/.test(path);
}

/** Replaces the values of secrets in a file, whatever it holds. */
export async function maskFile(path: string, secrets: readonly string[]): Promise<void> {
  // One byte is one character, so that what is not text stays as it is.
  const text = await readFile(path, "latin1");
  const masked = maskOf(secrets.map((secret) => Buffer.from(secret).toString("latin1")))(text);
  if (masked !== text) await writeFile(path, masked, "latin1");
}
