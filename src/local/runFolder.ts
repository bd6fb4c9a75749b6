import { open, mkdir, type FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { RunId } from "../core/run/ids.ts";
import { readIfPresent } from "./files.ts";

/** Where a run's processes keep what only this machine needs: marks, logs and work folders. */
export function runFolder(root: string, runId: RunId): string {
  return join(root, "runs", runId);
}

/** Name under which the agent of a task writes to ledger and store. */
export function identityOf(runId: RunId, task: number, attempt: number): string {
  return `${runId}-${task}-${attempt}`;
}

/** Opens a log file for what a child process prints. */
export async function openLog(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  return open(path, "a");
}

/** The line of a log that says best why its process ended: the last that names an error, else the last; undefined when there is none. */
export async function lastWords(path: string): Promise<string | undefined> {
  const text = (await readIfPresent(path))?.toString("utf8") ?? "";
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
}
