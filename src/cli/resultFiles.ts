import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../core/errors.ts";
import { formatCsv } from "../core/results/csv.ts";
import { formatJunit } from "../core/results/junit.ts";
import type { RunResult } from "../core/results/result.ts";
import { makeReportPage } from "../local/reportPage.ts";
import type { Arguments } from "./arguments.ts";
import type { Option } from "./command.ts";
import type { Context } from "./context.ts";

/** Options that say which files a result is written to. */
export const resultFileOptions: readonly Option[] = [
  { name: "out", value: "DIR", completes: "folders", summary: "Write result.json and report.html into this folder" },
  { name: "junit", value: "FILE", completes: "files", summary: "Write the verdict as JUnit XML, for CI" },
  { name: "csv", value: "FILE", completes: "files", summary: "Write the figures per request as CSV" },
];

/** Writes a result to the files that were asked for and answers their paths. */
export type ResultWriter = (result: RunResult) => Promise<readonly string[]>;

/**
 * Prepares the files that a result goes to, so that a folder that cannot be written is known before the run.
 * @throws {UserError} `cannot-write`, `report-page-missing`
 */
export async function prepareResultFiles(args: Arguments, context: Context): Promise<ResultWriter> {
  const at = (name: string): string | undefined => {
    const path = args.text(name);
    return path === undefined ? undefined : resolve(context.cwd, path);
  };
  const [folder, junit, csv] = [at("out"), at("junit"), at("csv")];
  if (folder !== undefined) await makeFolder(folder);
  for (const path of [junit, csv]) if (path !== undefined) await makeFolder(dirname(path));
  const assets = folder === undefined ? undefined : await context.readReportAssets();
  return async (result) => {
    const files: (readonly [string, string])[] = [];
    if (folder !== undefined && assets !== undefined) {
      files.push([join(folder, "result.json"), `${JSON.stringify(result)}\n`]);
      files.push([join(folder, "report.html"), makeReportPage(result, assets)]);
    }
    if (junit !== undefined) files.push([junit, formatJunit(result)]);
    if (csv !== undefined) files.push([csv, formatCsv(result)]);
    for (const [path, text] of files) await writeText(path, text);
    return files.map(([path]) => path);
  };
}

/** Writes a file with the folders above it. @throws {UserError} `cannot-write` */
export function writeText(path: string, text: string): Promise<void> {
  return writeBytes(path, new TextEncoder().encode(text));
}

/** As {@link writeText}, of any content. @throws {UserError} `cannot-write` */
export async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  await makeFolder(dirname(path));
  await writeFile(path, bytes).catch((cause: unknown) => {
    throw cannotWrite(path, cause);
  });
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw cannotWrite(path, cause);
  });
}

function cannotWrite(path: string, cause: unknown): UserError {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  const why = reasons[code] ?? (cause instanceof Error ? cause.message : String(cause));
  const hint = "Choose a place that you may write to.";
  return new UserError("cannot-write", `Could not write ${path}: ${why}.`, { hint, kind: "environment", cause });
}

const reasons: Readonly<Record<string, string>> = {
  EEXIST: "a file stands where its folder would be",
  ENOTDIR: "a file stands where its folder would be",
  EISDIR: "a folder of that name is there",
  EACCES: "you may not write there",
  EPERM: "you may not write there",
  EROFS: "that disk is read-only",
  ENOSPC: "the disk is full",
};
