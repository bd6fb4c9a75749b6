import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isFinal } from "../../src/core/run/run.ts";
import { agentPath, buildPrograms, LocalRuns } from "../e2e/localRuns.ts";
import { startServer } from "../servers/testServer.ts";

const agents = 4;
const repeats = 5;
const scenario = `
execution:
  - concurrency: 8
    hold-for: 2s
    scenario:
      think-time: 100ms
      requests: ["http://127.0.0.1:\${__P(port)}/"]
`;

/** Prints how far the starts of four local agents lie apart, and how long a run takes beside its load. */
export async function benchStartSkew(): Promise<void> {
  await buildPrograms();
  const folder = await mkdtemp(join(tmpdir(), "loadfleet-skew-"));
  const path = join(folder, "skew.loadtest.yml");
  await writeFile(path, scenario);
  await using server = await startServer((_request, response) => response.end("ok"));
  await using runs = await LocalRuns.open({}, agentPath);
  const figures: { skewMs: number; toStartMs: number; toResultMs: number }[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const askedAtMs = Date.now();
    const runId = await runs.startFile(path, { tasks: agents, environment: { port: String(server.port) } });
    const { run, result } = await runs.watch(runId);
    figures.push({
      skewMs: result?.startSkewMs ?? Number.NaN,
      toStartMs: (run.startAtMs ?? Number.NaN) - askedAtMs,
      toResultMs: Date.now() - (result?.lastSampleAtMs ?? Number.NaN),
    });
  }
  const stops: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const environment = { port: String(server.port) };
    const runId = await runs.startFile(path, { tasks: agents, holdForMs: 60_000, environment });
    await runs.until(runId, ({ points }) => points.length > 0);
    const askedAtMs = Date.now();
    await runs.engine.stop(runId, "Enough.", runs.signal);
    await runs.watch(runId);
    stops.push(Date.now() - askedAtMs);
  }
  const ages = await measureAges(runs, path, server.port);
  await rm(folder, { recursive: true });
  const median = (values: readonly number[]): number =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  const line = (name: string, values: readonly number[], goal: string): void =>
    console.log(
      `${name.padEnd(40)} median ${median(values).toFixed(0)} ms, most ${Math.max(...values).toFixed(0)} ms (${goal})`,
    );
  console.log(`Local runs with ${agents} agents, ${repeats} runs`);
  line(
    "start skew",
    figures.map(({ skewMs }) => skewMs),
    "goal 100 ms",
  );
  line(
    "from asking to the start of the load",
    figures.map(({ toStartMs }) => toStartMs),
    "no goal",
  );
  line(
    "from the last sample to the seen result",
    figures.map(({ toResultMs }) => toResultMs),
    "goal 2,000 ms",
  );
  line("from a stop request to the seen result", stops, "goal 2,000 ms");
  line("age of live figures when they are seen", ages, "from the beginning of their second, 3 agents; goal 3,000 ms");
}

/** Milliseconds from the beginning of each second of a run to the instant at which a watcher sees its figures. */
async function measureAges(runs: LocalRuns, path: string, port: number): Promise<readonly number[]> {
  const runId = await runs.startFile(path, { tasks: 3, holdForMs: 8000, environment: { port: String(port) } });
  const ages = new Map<number, number>();
  await runs.until(runId, ({ run, points }) => {
    for (const { second } of points) {
      if (run.startAtMs !== null && !ages.has(second)) ages.set(second, Date.now() - run.startAtMs - second * 1000);
    }
    return isFinal(run.status);
  });
  return [...ages.values()];
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await benchStartSkew();
