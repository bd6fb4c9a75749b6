import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A program of its own that answers late and keeps its own books. `GET /hold` is held 10 to 90 ms; `GET /held` gives
 * `{heldMs, cpuMs}`: the times for which requests were really held and the CPU time that it took, and forgets them. With `stall` as its argument it answers at once instead,
 * but once, 2 s after the first request, it stands still for 2 s. Prints its port; ends when its standard input does.
 */
const stalls = process.argv[2] === "stall";
const stallMs = 2_000;
let held: number[] = [];
let cpu = process.cpuUsage();
let firstMs: number | undefined;
let number = 0;

const server = createServer((request, response) => {
  if (request.url === "/held") {
    const { user, system } = process.cpuUsage(cpu);
    response.end(JSON.stringify({ heldMs: held, cpuMs: (user + system) / 1000 }));
    held = [];
    cpu = process.cpuUsage();
    firstMs = undefined;
    return;
  }
  const nowMs = performance.now();
  firstMs ??= nowMs;
  const answer = (): void => {
    held.push(performance.now() - nowMs);
    response.end("ok");
  };
  const delayMs = waitMs(nowMs - firstMs);
  if (delayMs === 0) answer();
  else setTimeout(answer, delayMs);
});

function waitMs(sinceFirstMs: number): number {
  // Every time of the range comes once in each round, in an order that looks like none.
  if (!stalls) return 10 + ((number++ * 37) % 81);
  return sinceFirstMs >= stallMs && sinceFirstMs < 2 * stallMs ? 2 * stallMs - sinceFirstMs : 0;
}

server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => console.log(String((server.address() as AddressInfo).port)));
process.stdin.on("end", () => process.exit(0)).resume();
