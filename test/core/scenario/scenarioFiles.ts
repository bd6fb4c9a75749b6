import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileLookup } from "../../../src/core/scenario/files.ts";
import { readJmxScenario } from "../../../src/core/scenario/jmx.ts";
import type { Problem } from "../../../src/core/scenario/problem.ts";
import { readScenario } from "../../../src/core/scenario/readScenario.ts";

/** The repository's folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

function filesIn(folder: string): FileLookup {
  const at = (path: string): string => join(folder, path);
  const isFile = (path: string): boolean => existsSync(at(path)) && statSync(at(path)).isFile();
  return {
    exists: isFile,
    size: (path) => (isFile(path) ? statSync(at(path)).size : undefined),
    readText: (path) => (isFile(path) ? readFileSync(at(path), "utf8") : undefined),
    list: (path) => (existsSync(at(path)) ? readdirSync(at(path)) : []),
  };
}

/** Files that exist only in the test, by path. */
export function filesOf(texts: Readonly<Record<string, string>>): FileLookup {
  return {
    exists: (path) => Object.hasOwn(texts, path),
    size: (path) => texts[path]?.length,
    readText: (path) => texts[path],
    list: () => Object.keys(texts),
  };
}

/** Reads a scenario or a test plan from disk. */
export function readFixture(path: string) {
  const folder = join(root, dirname(path));
  const name = path.split("/").at(-1) ?? path;
  const text = readFileSync(join(root, path), "utf8");
  return name.endsWith(".jmx")
    ? readJmxScenario(name, text, filesIn(folder))
    : readScenario(name, text, filesIn(folder));
}

/** Applies a Problem's fix to a text. */
export function applyFix(text: string, { fix }: Problem): string {
  const starts = [0, ...[...text.matchAll(/\r\n?|\n/g)].map((match) => match.index + match[0].length)];
  const offset = (line: number, column: number): number => (starts[line - 1] ?? 0) + column - 1;
  return (fix?.edits ?? []).reduce((current, { range, text: insert }) => {
    return (
      current.slice(0, offset(range.line, range.column)) +
      insert +
      current.slice(offset(range.endLine, range.endColumn))
    );
  }, text);
}
