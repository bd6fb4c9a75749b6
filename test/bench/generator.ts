import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findK6, median, runPinned, startPinnedServer } from "./generator/processes.ts";

/** What one load process did. */
interface Outcome {
  readonly requests: number;
  readonly failed: number;
  readonly cpuSeconds: number;
  readonly memoryMiB: number;
}

const here = import.meta.dirname;
const runs = 5;
const users = "100";
const seconds = process.env.BENCH_SECONDS ?? "6";

/** Measures requests per CPU second beside autocannon and k6, each on one core, and the memory of many users. */
export async function benchGenerator(): Promise<void> {
  await using server = await startPinnedServer(1, join(here, "../servers/fastServer.ts"));
  const k6 = findK6();
  const kinds = ["autocannon", "plain", "checked", ...(k6 === undefined ? [] : ["k6"])];
  const outcomes = new Map<string, Outcome[]>(kinds.map((kind) => [kind, []]));
  for (let run = 0; run < runs; run++) {
    for (const kind of kinds) {
      const outcome =
        kind === "k6" && k6 !== undefined
          ? await runK6(k6, server.address)
          : await runNode(kind, server.address, users, seconds);
      if (outcome.failed > 0) throw new Error(`${kind}: ${String(outcome.failed)} requests failed`);
      outcomes.get(kind)?.push(outcome);
    }
  }
  console.log(
    `\nGenerator: one core, ${users} connections, 200-byte JSON, median of ${runs} interleaved runs of ${seconds} s`,
  );
  console.log(
    `Node ${process.versions.node}, undici ${versionOf("undici")}, autocannon ${versionOf("autocannon")}${await k6Version(k6)}`,
  );
  const rates = new Map(
    kinds.map((kind) => [kind, (outcomes.get(kind) ?? []).map((one) => one.requests / one.cpuSeconds)]),
  );
  console.table(
    kinds.map((kind) => ({
      generator: names[kind],
      "requests per CPU second": Math.round(median(rates.get(kind) ?? [])),
      "÷ autocannon (median of pairs)": ratio(rates.get(kind), rates.get("autocannon")),
      "÷ k6": ratio(rates.get(kind), rates.get("k6")),
      "memory MiB": Math.round(median((outcomes.get(kind) ?? []).map(({ memoryMiB }) => memoryMiB))),
    })),
  );
  console.log("Targets: plain ≥ 0.9 × autocannon, with checks ≥ 0.8 × autocannon, both ≥ 3 × k6.");
  await printMemory(server.address);
}

const names: Readonly<Record<string, string>> = {
  autocannon: "autocannon",
  plain: "loadfleet",
  checked: "loadfleet, assertion and extractor",
  k6: "k6",
};

// Neighbours on the machine slow both of a pair: the ratio of runs that followed each other is steadier than that of medians.
function ratio(own: readonly number[] = [], other: readonly number[] = []): string {
  return other.length === 0 ? "" : median(own.map((rate, run) => rate / (other[run] ?? NaN))).toFixed(2);
}

async function runNode(kind: string, address: string, userCount: string, duration: string): Promise<Outcome> {
  const output = await runPinned(0, process.execPath, [
    join(here, "generator/loadProcess.ts"),
    kind,
    address,
    userCount,
    duration,
  ]);
  return JSON.parse(output) as Outcome;
}

async function runK6(k6: string, address: string): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "loadfleet-k6-"));
  const script = join(folder, "load.js");
  const summary = join(folder, "summary.json");
  writeFileSync(
    script,
    `import http from "k6/http";
export const options = { vus: ${users}, duration: "${seconds}s" };
export default function () { http.get("${address}/items/42"); }`,
  );
  // The shell's \`time\` is the one clock that every system has for a child that is no Node process.
  const command = `TIMEFORMAT='%U %S'; { time GOMAXPROCS=1 ${k6} run --quiet --no-usage-report --summary-export ${summary} ${script} >/dev/null 2>&1; } 2>&1`;
  const [user = "0", system = "0"] = (await runPinned(0, "bash", ["-c", command])).trim().split(" ");
  const { metrics } = JSON.parse(readFileSync(summary, "utf8")) as { metrics: { http_reqs: { count: number } } };
  rmSync(folder, { recursive: true });
  return { requests: metrics.http_reqs.count, failed: 0, cpuSeconds: Number(user) + Number(system), memoryMiB: NaN };
}

async function k6Version(k6: string | undefined): Promise<string> {
  if (k6 === undefined) return "";
  return `, ${(await runPinned(0, k6, ["version"])).split(" ").slice(0, 2).join(" ")}`;
}

function versionOf(name: string): string {
  const { version } = createRequire(import.meta.url)(`${name}/package.json`) as { version: string };
  return version;
}

async function printMemory(address: string): Promise<void> {
  const rows = [];
  for (const count of ["1", "1000", "10000"]) {
    const { memoryMiB, requests, failed } = await runNode("memory", address, count, "5");
    rows.push({ users: count, "memory MiB": Math.round(memoryMiB), requests, failed });
  }
  console.log("Memory of one process whose users request once a second:");
  console.table(rows);
}

if (import.meta.main) await benchGenerator();
