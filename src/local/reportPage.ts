import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { UserError } from "../core/errors.ts";
import { renderReport } from "../core/results/reportHtml.ts";
import type { RunResult } from "../core/results/result.ts";

/** What the report page consists of beside its data. */
export interface ReportAssets {
  readonly script: string;
  readonly style: string;
}

/** Reads script and style of the report page from the folder of built pages. @throws {UserError} `report-page-missing` */
export async function readReportAssets(folder: string): Promise<ReportAssets> {
  const read = (name: string): Promise<string> => readFile(join(folder, name), "utf8");
  try {
    return { script: await read("report.js"), style: await read("report.css") };
  } catch (cause) {
    const hint = `Build it again, or install loadfleet again: ${folder} is incomplete.`;
    throw new UserError("report-page-missing", "Could not read the report page.", { hint, kind: "environment", cause });
  }
}

/** Writes the report page of a result. */
export function makeReportPage(result: RunResult, assets: ReportAssets): string {
  const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");
  return renderReport(result, { ...assets, sha256, gzip: (bytes) => gzipSync(bytes, { level: 9 }) });
}
