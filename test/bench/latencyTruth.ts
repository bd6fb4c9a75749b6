import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findK6, measure, median, runPinned, startPinnedServer } from "./generator/processes.ts";

type Percentiles = Readonly<Record<50 | 90 | 95 | 99, number>>;

/** What one client reported; times in ms. */
interface Reported {
  readonly percentiles: Percentiles;
  readonly count: number;
}

/** What one client reported, and what the server booked meanwhile; times in ms. */
interface Round {
  readonly client: Percentiles;
  readonly held: Percentiles;
  readonly count: number;
  /** Share of its core that the server was busy. */
  readonly serverLoadRatio: number;
}

/** What `GET /held` of the slow server gives. */
interface Books {
  readonly heldMs: readonly number[];
  readonly cpuMs: number;
}

const here = import.meta.dirname;
const ranks = [50, 90, 95, 99] as const;
const judgedRanks = [50, 95, 99] as const;
const rounds = 5;
// Held 10 to 90 ms, they ask nearly 4,000 times a second: about 30 % of what the server can answer on its core.
const users = 320;
const seconds = 10;

/** Compares reported percentiles with an independent client's, against a server that books how long it held each request. */
export async function benchLatencyTruth(): Promise<void> {
  const k6 = findK6();
  await using server = await startPinnedServer(1, join(here, "../servers/slowServer.ts"));
  const { address } = server;
  const clients: Readonly<Record<string, () => Promise<Reported>>> = {
    loadfleet: () => runOwn(address),
    autocannon: () => runAutocannon(address),
    ...(k6 === undefined ? {} : { k6: () => runK6(k6, address) }),
  };
  const booked = new Map<string, Round[]>(Object.keys(clients).map((name) => [name, []]));
  await booksOf(address);
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(clients)) booked.get(name)?.push(await bookRound(address, run));
  }
  const own = booked.get("loadfleet") ?? [];
  const rate = median(own.map(({ count }) => count)) / seconds;
  const load = median(own.map(({ serverLoadRatio }) => serverLoadRatio));
  console.log(
    `\nLatency truth: ${String(users)} users, ${String(Math.round(rate))} requests/s held 10 to 90 ms, ` +
      `server ${String(Math.round(load * 100))} % busy, median of ${String(rounds)} interleaved rounds`,
  );
  console.table(
    [...booked].flatMap(([name, round]) => [
      rowOf(name, round, "client"),
      rowOf("  the server meanwhile", round, "held"),
    ]),
  );
  printVerdict(own, booked.get("autocannon") ?? []);
}

// Each client is held against the server's own books of its time, as no two rounds are held alike.
function printVerdict(own: readonly Round[], others: readonly Round[]): void {
  const off = judgedRanks.map((rank) => {
    const difference = overhead(own, rank) - overhead(others, rank);
    return { rank, difference, isWithin: Math.abs(difference) <= Math.max(1, at(others, "client", rank) / 100) };
  });
  const words = off.map(({ rank, difference }) => `p${String(rank)} ${difference.toFixed(2)} ms`).join(", ");
  const verdict = off.every(({ isWithin }) => isWithin) ? "held" : "MISSED";
  console.log(`Off autocannon: ${words}. Target: within 1 ms or 1 % of the independent client: ${verdict}.`);
}

function overhead(round: readonly Round[], rank: (typeof ranks)[number]): number {
  return median(round.map(({ client, held }) => client[rank] - held[rank]));
}

function rowOf(client: string, round: readonly Round[], of: "client" | "held"): Readonly<Record<string, string>> {
  return {
    client,
    ...Object.fromEntries(ranks.map((rank) => [`p${String(rank)} ms`, at(round, of, rank).toFixed(2)])),
  };
}

function at(round: readonly Round[], of: "client" | "held", rank: (typeof ranks)[number]): number {
  return median(round.map((one) => one[of][rank]));
}

async function bookRound(address: string, run: () => Promise<Reported>): Promise<Round> {
  const startMs = performance.now();
  const { percentiles, count } = await run();
  const ranMs = performance.now() - startMs;
  const { heldMs, cpuMs } = await booksOf(address);
  const sorted = heldMs.toSorted((a, b) => a - b);
  const held = (rank: number): number => sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)] ?? 0;
  return {
    client: percentiles,
    held: { 50: held(50), 90: held(90), 95: held(95), 99: held(99) },
    count,
    serverLoadRatio: cpuMs / ranMs,
  };
}

async function booksOf(address: string): Promise<Books> {
  return (await (await fetch(`${address}/held`)).json()) as Books;
}

async function runOwn(address: string): Promise<Reported> {
  return measure(`
execution: [{concurrency: ${String(users)}, hold-for: ${String(seconds)}s, scenario: s}]
scenarios:
  s: {default-address: "${address}", retrieve-resources: false, requests: [/hold]}
`);
}

async function runAutocannon(address: string): Promise<Reported> {
  const script = join(here, "generator/truthProcess.ts");
  const args = [script, `${address}/hold`, String(users), String(seconds)];
  return JSON.parse(await runPinned(0, process.execPath, args)) as Reported;
}

async function runK6(k6: string, address: string): Promise<Reported> {
  const folder = mkdtempSync(join(tmpdir(), "loadfleet-k6-"));
  const summary = join(folder, "summary.json");
  writeFileSync(
    join(folder, "load.js"),
    `import http from "k6/http";
export const options = { vus: ${String(users)}, duration: "${String(seconds)}s",
  summaryTrendStats: ["p(50)", "p(90)", "p(95)", "p(99)"] };
export default function () { http.get("${address}/hold"); }`,
  );
  await runPinned(0, k6, ["run", "--quiet", "--no-usage-report", "--summary-export", summary, join(folder, "load.js")]);
  const { metrics } = JSON.parse(readFileSync(summary, "utf8")) as {
    metrics: { http_req_duration: Record<string, number>; http_reqs: { count: number } };
  };
  rmSync(folder, { recursive: true });
  const of = (rank: number): number => metrics.http_req_duration[`p(${String(rank)})`] ?? NaN;
  return { percentiles: { 50: of(50), 90: of(90), 95: of(95), 99: of(99) }, count: metrics.http_reqs.count };
}

if (import.meta.main) await benchLatencyTruth();
