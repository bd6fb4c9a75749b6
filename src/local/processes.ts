import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { isFileError } from "./files.ts";

const run = promisify(execFile);

/** A process that may have been replaced by another one of the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, in the words of the system. */
  readonly stamp: string;
}

/** Reads when the process of this number started; undefined when there is none. */
export async function readStamp(pid: number): Promise<string | undefined> {
  if (!isThere(pid)) return undefined;
  if (process.platform === "linux") return readLinuxStamp(pid);
  return process.platform === "win32"
    ? ask("powershell", ["-NoProfile", "-Command", `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`])
    : ask("ps", ["-o", "lstart=", "-p", String(pid)]);
}

/** Tells whether the very process that was marked still runs. */
export async function isRunning({ pid, stamp }: ProcessMark): Promise<boolean> {
  return (await readStamp(pid)) === stamp;
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (isFileError(error, "EPERM")) return true;
    if (isFileError(error, "ESRCH")) return false;
    throw error;
  }
}

/** Start in clock ticks since boot; a zombie has ended and counts as gone. */
async function readLinuxStamp(pid: number): Promise<string | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, "utf8");
    // The second field is a name in parentheses that may itself hold spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
  } catch (error) {
    if (isFileError(error, "ENOENT", "ESRCH")) return undefined;
    throw error;
  }
}

async function ask(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run(command, args, { windowsHide: true });
    return stdout.trim() || undefined;
  } catch (error) {
    // Both programs fail with a number when the process has ended meanwhile.
    if (error instanceof Error && "code" in error && typeof error.code === "number") return undefined;
    throw error;
  }
}
