import { chown, readdir } from "node:fs/promises";
import { join } from "node:path";

/** The account of an engine's process, as `spawn` takes it; empty when it runs under the agent's own. */
export interface EngineAccount {
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * Hands a work folder over to the account that LOADFLEET_ENGINE_ACCOUNT (`uid:gid`) names for engines, so that a script
 * cannot reach what belongs to the agent. Without that variable, or when the agent is not root, nothing changes.
 */
export async function handOver(
  folder: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<EngineAccount> {
  const [, user, group] = /^(\d+):(\d+)$/.exec(env["LOADFLEET_ENGINE_ACCOUNT"] ?? "") ?? [];
  if (user === undefined || group === undefined || process.getuid?.() !== 0) return {};
  const account = { uid: Number(user), gid: Number(group) };
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  // A link could lead to what is not the engine's.
  const own = entries.filter((entry) => !entry.isSymbolicLink()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of [folder, ...own]) await chown(path, account.uid, account.gid);
  return account;
}
