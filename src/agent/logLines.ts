import { readFile } from "node:fs/promises";
import { join } from "node:path";

const mostLines = 20;
const mostLength = 500;
const lastBytes = 50_000;
const telling = /error|exception|fatal|fail|cannot|could not|warn|traceback|caused by/i;

/** Picks the last lines of an engine's logs that speak of a failure, each with the name of its file; at most 20. */
export async function readTellingLines(folder: string, paths: readonly string[]): Promise<readonly string[]> {
  const lists = paths.map(async (path) => {
    const name = path.split("/").at(-1) ?? path;
    const text = (await readFile(join(folder, path), "utf8")).slice(-lastBytes);
    const lines = text.split("\n").filter((line) => telling.test(line));
    return lines.slice(-mostLines).map((line) => `${name}: ${line.trim().slice(0, mostLength)}`);
  });
  return [...new Set((await Promise.all(lists)).flat())].slice(-mostLines);
}
