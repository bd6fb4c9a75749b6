import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findK6, measure, runPinned, startPinnedServer } from "./generator/processes.ts";

type Percentiles = Readonly<Record<50 | 90 | 95 | 99, number>>;

const here = import.meta.dirname;
const ranks = [50, 90, 95, 99] as const;
const users = 100;
const seconds = 10;

/** Compares reported percentiles with an independent client's, against a server that books how long it held each request. */
export async function benchLatencyTruth(): Promise<void> {
  await using server = await startPinnedServer(1, join(here, "../servers/slowServer.ts"));
  const rows: { readonly who: string; readonly percentiles: Percentiles }[] = [];
  const yaml = `
execution: [{concurrency: ${String(users)}, hold-for: ${String(seconds)}s, scenario: s}]
scenarios:
  s: {default-address: "${server.address}", retrieve-resources: false, requests: [/hold]}
`;
  const { percentiles, count } = await measure(yaml);
  rows.push({ who: "loadfleet", percentiles });
  rows.push({ who: "  the server meanwhile", percentiles: await heldBy(server.address) });
  const k6 = findK6();
  if (k6 !== undefined) {
    rows.push({ who: "k6", percentiles: await runK6(k6, server.address) });
    rows.push({ who: "  the server meanwhile", percentiles: await heldBy(server.address) });
  }
  console.log(
    `\nLatency truth: ${String(users)} users, ${String(Math.round(count / seconds))} requests/s, held 10 to 90 ms`,
  );
  console.table(
    rows.map(({ who, percentiles: own }) => ({
      client: who,
      ...Object.fromEntries(ranks.map((rank) => [`p${String(rank)} ms`, own[rank].toFixed(2)])),
    })),
  );
  console.log("Target: within 1 ms or 1 % of the independent client.");
}

async function heldBy(address: string): Promise<Percentiles> {
  const held = (await (await fetch(`${address}/held`)).json()) as number[];
  held.sort((a, b) => a - b);
  const at = (rank: number): number => held[Math.max(0, Math.ceil((rank / 100) * held.length) - 1)] ?? 0;
  return { 50: at(50), 90: at(90), 95: at(95), 99: at(99) };
}

async function runK6(k6: string, address: string): Promise<Percentiles> {
  const folder = mkdtempSync(join(tmpdir(), "loadfleet-k6-"));
  const summary = join(folder, "summary.json");
  writeFileSync(
    join(folder, "load.js"),
    `import http from "k6/http";
export const options = { vus: ${String(users)}, duration: "${String(seconds)}s", summaryTrendStats: ["p(50)", "p(90)", "p(95)", "p(99)"] };
export default function () { http.get("${address}/hold"); }`,
  );
  await runPinned(0, k6, ["run", "--quiet", "--no-usage-report", "--summary-export", summary, join(folder, "load.js")]);
  const { metrics } = JSON.parse(readFileSync(summary, "utf8")) as {
    metrics: { http_req_duration: Record<string, number> };
  };
  rmSync(folder, { recursive: true });
  const at = (rank: number): number => metrics.http_req_duration[`p(${String(rank)})`] ?? NaN;
  return { 50: at(50), 90: at(90), 95: at(95), 99: at(99) };
}

if (import.meta.main) await benchLatencyTruth();
