import { open } from "node:fs/promises";
import { join } from "node:path";
import type { LogTail } from "../core/panel/protocol.ts";
import type { RunId } from "../core/run/ids.ts";
import { isFileError, namesIn } from "./files.ts";
import { runFolder } from "./runFolder.ts";

const mostBytes = 64 * 1024;

/**
 * Reads the log of a task: Taurus' own while it runs, else what the agent printed; empty while there is none.
 * @param from position in bytes; undefined begins 64 KiB before the end
 */
export async function readTaskLog(
  root: string,
  runId: RunId,
  task: number,
  from: number | undefined,
): Promise<LogTail> {
  const folder = runFolder(root, runId);
  const work = (await namesIn(join(folder, "work"))).findLast((name) => name.startsWith(`${runId}-${task}-`));
  const taurusLog = work === undefined ? undefined : join(folder, "work", work, "taurus-artifacts", "bzt.log");
  const tail = taurusLog === undefined ? undefined : await readTail(taurusLog, from);
  return tail ?? (await readTail(join(folder, `agent-${task}.log`), from)) ?? { text: "", next: 0, isCut: false };
}

async function readTail(path: string, from: number | undefined): Promise<LogTail | undefined> {
  try {
    await using file = await open(path, "r");
    const { size } = await file.stat();
    // A position behind the end belongs to another file: the log of an attempt before this one.
    const start = from === undefined || from > size ? Math.max(0, size - mostBytes) : from;
    const { buffer, bytesRead } = await file.read({
      buffer: Buffer.alloc(Math.min(mostBytes, size - start)),
      position: start,
    });
    return linesOf(buffer.subarray(0, bytesRead), start);
  } catch (error) {
    if (isFileError(error, "ENOENT")) return undefined;
    throw error;
  }
}

/** Keeps whole lines: one that is still being written is left for the next time. */
function linesOf(bytes: Buffer, start: number): LogTail {
  const end = bytes.lastIndexOf("\n") + 1;
  return { text: bytes.subarray(0, end).toString("utf8"), next: start + end, isCut: start > 0 };
}
