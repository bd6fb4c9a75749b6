import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { buildImage } from "../../scripts/buildImage.mjs";
import type { DriverName } from "../../src/core/run/plan.ts";
import { reduceRun, type RunView } from "../../src/core/run/run.ts";
import { openLocalEngine } from "../../src/local/localEngine.ts";
import { planFile } from "../../src/local/planFile.ts";
import { openScenario } from "../../src/local/scenarioFiles.ts";
import { askProgram } from "../../src/local/taurusSetup/program.ts";
import { readVersions } from "../../src/local/taurusSetup/support.ts";
import { runnerPath, buildPrograms } from "../e2e/localRuns.ts";
import { makeRun } from "../fleet/records.ts";
import { ProcessTree } from "./containers/processTree.ts";
import { median, startPinnedServer } from "./generator/processes.ts";

const runs = 3;
const users = 200;
const seconds = 6;
const sampleMs = 200;

/** What one container came to. */
interface Outcome {
  readonly readySeconds: number;
  readonly memoryMiB: number;
  readonly requestsPerCpuSecond: number;
}

/** Measures what a task's container takes with each engine: its start, its memory with 200 users, requests per vCPU second. */
export async function benchContainers(): Promise<void> {
  const { image, program, env } = await buildImage();
  Object.assign(process.env, env);
  await buildPrograms();
  await using server = await startPinnedServer(1, join(import.meta.dirname, "../servers/fastServer.ts"));
  const { jmeter, k6, locust } = readVersions();
  const names: Readonly<Record<DriverName, string>> = {
    embedded: "embedded",
    k6: `k6 ${k6}`,
    taurus: `Taurus with JMeter ${jmeter}`,
    locust: `Locust ${locust}`,
  };
  const engines = ["embedded", "k6", "taurus", "locust"] as const;
  const outcomes = new Map<DriverName, Outcome[]>(engines.map((name) => [name, []]));
  // Interleaved, so that neighbours on the machine slow all of them alike.
  for (let run = 0; run < runs; run++) {
    for (const name of engines) outcomes.get(name)?.push(await measure(name, server.address, { program, image }));
  }
  console.log(`One request in a closed loop, ${users} users, ${seconds} s, medians of ${runs}; ${cpus()[0]?.model}.\n`);
  console.log("| engine | start to ready | memory | requests per vCPU second |\n| --- | --- | --- | --- |");
  for (const name of engines) {
    const own = outcomes.get(name) ?? [];
    const middle = (key: keyof Outcome): number => median(own.map((one) => one[key]));
    const ready = `${middle("readySeconds").toFixed(1)} s`;
    const rate = Math.round(middle("requestsPerCpuSecond")).toLocaleString("en");
    console.log(`| ${names[name]} | ${ready} | ${Math.round(middle("memoryMiB"))} MiB | ${rate} |`);
  }
}

async function measure(
  driver: DriverName,
  address: string,
  { program, image }: { readonly program: string; readonly image: string },
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), "loadfleet-bench-"));
  const load = `execution: [{concurrency: ${users}, hold-for: ${seconds}s, scenario: s}]\n`;
  const body = driver === "k6" ? "{script: s.js}" : `{requests: [{label: item, url: "${address}/items/42"}]}`;
  writeFileSync(join(folder, "test.loadtest.yml"), `${load}scenarios: {s: ${body}}\n`);
  writeFileSync(
    join(folder, "s.js"),
    `import http from "k6/http"; export default () => { http.get("${address}/items/42"); };`,
  );
  const containers = { program, image, options: ["--network", "host"] };
  const engine = openLocalEngine({
    root: join(folder, "runs"),
    runnerPath,
    agentPath: "unused",
    findImage: async () => containers,
  });
  const { planned, problems } = await planFile(
    openScenario("test.loadtest.yml", folder),
    { engine: "local", driver, tasks: 1 },
    true,
  );
  if (planned === undefined) throw new Error(JSON.stringify(problems));
  const { signal } = new AbortController();
  const runId = await engine.start(planned.plan, planned.contents, makeRun().origin, signal);
  const following = followContainer(program, `loadfleet-${runId}-0-1`);
  let view: RunView | undefined;
  for await (const event of engine.watch(runId, signal)) view = reduceRun(view, event);
  const { tree, readySeconds } = await following;
  tree.stop();
  const result = await engine.result(runId, signal);
  rmSync(folder, { recursive: true, force: true });
  const all = result?.labels[""];
  if (all === undefined || all.count === 0 || all.failed > 0) throw new Error(JSON.stringify(view?.run));
  return { readySeconds, memoryMiB: tree.memoryMiB, requestsPerCpuSecond: all.count / tree.cpuSeconds };
}

/** Waits until a container says that it is ready, and measures it from then on. */
async function followContainer(program: string, name: string) {
  const container = await untilKnown(() => inspect(program, name));
  const healthy = `/proc/${container.pid}/root/task/healthy`;
  const { mtimeMs } = await untilKnown(async () => statSync(healthy, { throwIfNoEntry: false }));
  return {
    tree: ProcessTree.follow(container.pid, sampleMs),
    readySeconds: (mtimeMs - container.createdAtMs) / 1000,
  };
}

async function untilKnown<T>(ask: () => Promise<T | undefined>): Promise<T> {
  const untilMs = performance.now() + 60_000;
  while (performance.now() < untilMs) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await sleep(50);
  }
  throw new Error("The container did not become ready within 60 s.");
}

async function inspect(program: string, name: string) {
  const answer = await askProgram(program, ["inspect", "--format", "{{.State.Pid}} {{json .Created}}", name]);
  const [pid, created] = answer?.split(" ") ?? [];
  if (pid === undefined || created === undefined || pid === "0") return undefined;
  return { pid: Number(pid), createdAtMs: Date.parse(JSON.parse(created)) };
}
