import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { renderReport } from "../../src/core/results/reportHtml.ts";
import type { RunResult } from "../../src/core/results/result.ts";

/** Writes a result as the report that the built web app shows. */
export function reportOf(result: RunResult): string {
  const read = (name: string): string => readFileSync(new URL(`../../dist/webview/${name}`, import.meta.url), "utf8");
  return renderReport(result, {
    script: read("report.js"),
    style: read("report.css"),
    sha256: (text) => createHash("sha256").update(text).digest("base64"),
    gzip: (bytes) => gzipSync(bytes, { level: 9 }),
  });
}
