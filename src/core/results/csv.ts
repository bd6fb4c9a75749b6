import type { ResultFigures, RunResult } from "./result.ts";

const columns: readonly (readonly [string, (figures: ResultFigures) => number])[] = [
  ["count", (figures) => figures.count],
  ["failed", (figures) => figures.failed],
  ["aborted", (figures) => figures.aborted],
  ["error_ratio", (figures) => figures.errorRatio],
  ["rate_per_second", (figures) => figures.ratePerSecond],
  ["mean_ms", (figures) => figures.meanMs],
  ["min_ms", (figures) => figures.minMs],
  ["p50_ms", (figures) => figures.percentilesMs.p50],
  ["p90_ms", (figures) => figures.percentilesMs.p90],
  ["p95_ms", (figures) => figures.percentilesMs.p95],
  ["p99_ms", (figures) => figures.percentilesMs.p99],
  ["p99_9_ms", (figures) => figures.percentilesMs.p99_9],
  ["max_ms", (figures) => figures.maxMs],
  ["mean_connect_ms", (figures) => figures.meanConnectMs],
  ["mean_latency_ms", (figures) => figures.meanLatencyMs],
  ["bytes_in", (figures) => figures.bytesIn],
  ["bytes_out", (figures) => figures.bytesOut],
  ["apdex", (figures) => figures.apdex],
];

/** Writes the figures per label as CSV (RFC 4180); the row of all requests comes last and has an empty label. */
export function formatCsv(result: RunResult): string {
  const head = ["label", ...columns.map(([name]) => name)].join(",");
  const rows = Object.entries(result.labels)
    .toSorted(([a], [b]) => Number(a === "") - Number(b === ""))
    .map(([label, figures]) => [quote(label), ...columns.map(([, pick]) => number(pick(figures)))].join(","));
  return `${[head, ...rows].join("\r\n")}\r\n`;
}

/** At most six decimals, without an exponent. */
function number(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(6).replace(/\.?0+$/, "");
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
