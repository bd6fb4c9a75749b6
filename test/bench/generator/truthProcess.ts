import autocannon from "autocannon";
import { writeFileSync } from "node:fs";

/** Runs autocannon, `truthProcess.ts URL CONNECTIONS SECONDS`, and prints `{count, percentiles}` of every answer's time in ms. */
const [url = "", connections = "", seconds = ""] = process.argv.slice(2);
const timesMs: number[] = [];
const load = autocannon({ url, connections: Number(connections), duration: Number(seconds) });
// Its own summary knows whole ms only.
load.on("response", (_client, _status, _bytes, ms) => timesMs.push(ms));
await load;
timesMs.sort((a, b) => a - b);
const at = (rank: number): number => timesMs[Math.max(0, Math.ceil((rank / 100) * timesMs.length) - 1)] ?? NaN;
const percentiles = Object.fromEntries([50, 90, 95, 99].map((rank) => [rank, at(rank)]));
writeFileSync(1, JSON.stringify({ count: timesMs.length, percentiles }));
process.exit(0);
