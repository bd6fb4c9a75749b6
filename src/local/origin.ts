import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import type { RunOrigin } from "../core/run/run.ts";

/** Version of this product. */
export const toolVersion: string = packageJson.version;

const gitTimeoutMs = 3000;

/** Finds out who starts a run of this scenario (absolute path), and from which commit; no git, or no repository, is fine. */
export async function readOrigin(scenarioPath: string, signal: AbortSignal): Promise<RunOrigin> {
  const folder = dirname(scenarioPath);
  const [commit, changes] = await Promise.all([
    git(folder, ["rev-parse", "HEAD"], signal),
    git(folder, ["status", "--porcelain"], signal),
  ]);
  return {
    startedBy: userName(),
    commit,
    isTreeClean: changes === undefined ? undefined : changes === "",
    scenarioPath,
    toolVersion,
  };
}

function git(folder: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  // Reading must not take git's index lock from the person who is committing at this moment.
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0" };
  const options = { cwd: folder, env, timeout: gitTimeoutMs, maxBuffer: 16 * 1024 * 1024, windowsHide: true, signal };
  return new Promise((resolve, reject) => {
    execFile("git", args, options, (error, stdout) => {
      if (signal.aborted) reject(signal.reason);
      else resolve(error === null ? stdout.trim() : undefined);
    });
  });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that has no name.
    return process.env["USER"] ?? "unknown";
  }
}
