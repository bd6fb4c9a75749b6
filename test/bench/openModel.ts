import { join } from "node:path";
import { type Measured, measure, startPinnedServer } from "./generator/processes.ts";

const here = import.meta.dirname;
const holdSeconds = 10;

/** Shows that the open model holds its rate, and that it sees a stall of the target to which the closed model is blind. */
export async function benchOpenModel(): Promise<void> {
  await printRates();
  await printStall();
}

async function printRates(): Promise<void> {
  await using server = await startPinnedServer(1, join(here, "../servers/fastServer.ts"));
  const ceiling = await measure(yamlOf(server.address, "concurrency: 100, hold-for: 5s"));
  const rows = [0.1, 0.25, 0.5].map((part) => Math.floor((ceiling.count / ceiling.seconds) * part));
  const outcomes: { readonly target: number; readonly measured: Measured }[] = [];
  for (const target of rows) {
    const load = `throughput: ${String(target)}, concurrency: 500, hold-for: ${String(holdSeconds)}s`;
    outcomes.push({ target, measured: await measure(yamlOf(server.address, load)) });
  }
  console.log(
    `\nOpen model, one core; ceiling of the closed model ${String(Math.round(ceiling.count / ceiling.seconds))} requests/s`,
  );
  console.table(
    outcomes.map(({ target, measured }) => ({
      "target requests/s": target,
      "reached requests/s": Math.round(measured.count / holdSeconds),
      "off by": `${((measured.count / holdSeconds / target - 1) * 100).toFixed(2)} %`,
      "p99 ms": measured.percentiles[99].toFixed(2),
      notes: measured.notes.length,
    })),
  );
  const half = outcomes.at(-1);
  const isHeld = half !== undefined && Math.abs(half.measured.count / holdSeconds / half.target - 1) <= 0.01;
  console.log(`Target: within 1 % at half the ceiling: ${isHeld ? "held" : "MISSED"}.`);
}

async function printStall(): Promise<void> {
  await using server = await startPinnedServer(1, join(here, "../servers/slowServer.ts"), "stall");
  const closed = await measure(yamlOf(server.address, `concurrency: 10, hold-for: ${String(holdSeconds)}s`));
  await fetch(`${server.address}/held`).then((response) => response.arrayBuffer());
  const open = await measure(
    yamlOf(server.address, `throughput: 200, concurrency: 10, hold-for: ${String(holdSeconds)}s`),
  );
  // Of 10 s, 2 s stand still: a fifth of the requests wait between 0 and 2 s, evenly. The slowest hundredth of all are
  // the slowest twentieth of those.
  const expected = 2000 * (1 - 0.01 / (2 / holdSeconds));
  console.log("\nA target that stands still for 2 s of 10 s, 10 users");
  console.table([
    { model: "server's own schedule at a constant rate", "p50 ms": "", "p99 ms": expected.toFixed(0), requests: 2000 },
    { model: "open, 200 requests/s, from the intended start", ...stallRow(open) },
    { model: "closed: blind, since its users stand still too", ...stallRow(closed) },
  ]);
  const isHeld = Math.abs(open.percentiles[99] / expected - 1) <= 0.01;
  console.log(`Target: p99 of the open model within 1 % of the schedule's: ${isHeld ? "held" : "MISSED"}.`);
}

function stallRow({ percentiles, count }: Measured): Readonly<Record<string, string | number>> {
  return { "p50 ms": percentiles[50].toFixed(1), "p99 ms": percentiles[99].toFixed(0), requests: count };
}

function yamlOf(address: string, load: string): string {
  return `
execution: [{${load}, scenario: s}]
scenarios:
  s: {default-address: "${address}", retrieve-resources: false, requests: [/a]}
`;
}

if (import.meta.main) await benchOpenModel();
