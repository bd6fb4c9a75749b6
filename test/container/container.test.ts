import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { RunChoice } from "../../src/core/run/plan.ts";
import { planRun } from "../../src/core/run/planRun.ts";
import { reduceRun, type RunView } from "../../src/core/run/run.ts";
import { ContainerLauncher, type ContainerImage } from "../../src/local/containerLauncher.ts";
import { openLocalEngine } from "../../src/local/localEngine.ts";
import { bundleScenario, openScenario } from "../../src/local/scenarioFiles.ts";
import { runnerPath } from "../e2e/localRuns.ts";
import { makeRun } from "../fleet/records.ts";
import { startServer } from "../servers/testServer.ts";

const { image, program, env } = inject("image");
const containers: ContainerImage = { program, image, options: ["--network", "host"] };
const folder = mkdtempSync(join(tmpdir(), "loadfleet-container-"));
const { signal } = new AbortController();

beforeAll(() => Object.assign(process.env, env));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a scenario in containers to its end. */
async function run(
  name: string,
  files: Readonly<Record<string, string>>,
  tasks: number,
  { onView, ...choice }: Partial<RunChoice> & { readonly onView?: (view: RunView) => void } = {},
) {
  const place = join(folder, name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), content);
  }
  const opened = openScenario(join(place, "test.loadtest.yml"), place);
  if (opened.scenario === undefined) throw new Error(JSON.stringify(opened.problems));
  const { bundle, contents } = await bundleScenario(opened, opened.scenario);
  const { plan, problems } = planRun(opened.scenario, { engine: "local", tasks, ...choice }, bundle);
  if (plan === undefined) throw new Error(JSON.stringify(problems));
  const root = join(place, "runs");
  const engine = openLocalEngine({ root, runnerPath, agentPath: "unused", findImage: async () => containers });
  const runId = await engine.start(plan, contents, makeRun().origin, signal);
  let view: RunView | undefined;
  for await (const event of engine.watch(runId, signal)) {
    view = reduceRun(view, event);
    if (view !== undefined) onView?.(view);
  }
  const result = await engine.result(runId, signal);
  if (result === undefined) throw new Error(JSON.stringify(view?.run));
  return { result, root, runId, record: view?.run };
}

const yaml = (execution: string, scenario: string): string =>
  `execution:\n- {${execution}, scenario: shop}\nscenarios: {shop: ${scenario}}\n`;

test("requests, a k6 script and a locustfile run in several containers at once, each by its own engine", async () => {
  await using target = await startServer((_, response) => response.end("answer"));
  const { address } = target;
  const js = `import http from "k6/http"; export default () => { http.get("${address}/k6"); };`;
  const py = `from locust import HttpUser, task
class Shopper(HttpUser):
    @task
    def shop(self):
        self.client.get("/locust")
`;
  const script = (file: string): string => `{script: ${file}, default-address: "${address}"}`;
  const requests = `{requests: ["${address}/own"]}`;
  const [own, k6, locust] = await Promise.all([
    run("requests", { "test.loadtest.yml": yaml("concurrency: 2, iterations: 3", requests) }, 2),
    run("k6", { "test.loadtest.yml": yaml("concurrency: 2, iterations: 3", script("s.js")), "s.js": js }, 2),
    run("locust", { "test.loadtest.yml": yaml("concurrency: 2, iterations: 3", script("s.py")), "s.py": py }, 1),
  ]);
  expect(own.record).toMatchObject({ status: "complete" });
  for (const [one, path] of [
    [own, "/own"],
    [k6, "/k6"],
    [locust, "/locust"],
  ] as const) {
    expect(one.result.labels[""], path).toMatchObject({ count: 6, failed: 0 });
    expect(target.requests.filter(({ url }) => url === path)).toHaveLength(6);
  }
});

test("JMeter runs a test plan with its data file and a plugin, and requests as well", async () => {
  await using target = await startServer((_, response) => response.end("answer"));
  const plan = readFileSync(new URL("../taurus/files/plan.jmx", import.meta.url), "utf8");
  const files = {
    "test.loadtest.yml": "execution: {scenario: login}\nscenarios: {login: {script: shop/plan.jmx}}\n",
    "shop/plan.jmx": plan,
    "shop/data/users.csv": "user\nu0\nu1\n",
  };
  const jmx = await run("jmx", files, 1, { environment: { port: String(target.port) } });
  expect(jmx.result.driver).toBe("taurus");
  expect(jmx.result.labels["login"]).toMatchObject({ count: 6, failed: 0 });
  expect(jmx.result.labels["pause of none"]).toMatchObject({ count: 6, failed: 0 });
  expect(new Set(target.requests.map(({ url }) => url))).toEqual(new Set(["/login/u0/none", "/login/u1/none"]));
  const text = yaml("concurrency: 2, iterations: 3", `{requests: ["${target.address}/own"]}`);
  const own = await run("taurus", { "test.loadtest.yml": text }, 2, { driver: "taurus" });
  expect(own.result.driver).toBe("taurus");
  expect(own.result.labels[""]).toMatchObject({ count: 6, failed: 0 });
});

test("a script cannot reach what belongs to the agent", async () => {
  await using target = await startServer((_, response) => response.end("answer"));
  const py = `from locust import HttpUser, task
import os

def attempt(path, how):
    try:
        how(path)
        return "reached"
    except OSError as error:
        return type(error).__name__

class Thief(HttpUser):
    @task
    def steal(self):
        found = [
            str(os.getuid()),
            attempt("/proc/1/environ", lambda path: open(path).read()),
            attempt("/data", os.listdir),
            attempt("/opt/loadfleet/agent.mjs", lambda path: open(path, "a")),
            "given" if "LOADFLEET_ENGINE_ACCOUNT" in os.environ else "clean",
        ]
        self.client.get("/" + "-".join(found), name="steal")
`;
  const text = yaml("concurrency: 1, iterations: 1", `{script: s.py, default-address: "${target.address}"}`);
  await run("thief", { "test.loadtest.yml": text, "s.py": py }, 1);
  expect(target.requests[0]?.url).toMatch(/^\/10001-PermissionError-PermissionError-(PermissionError|OSError)-clean$/);
});

test("a run whose container is killed ends with what the others measured, and says so", async () => {
  await using target = await startServer((_, response) => response.end("answer"));
  const js = `import http from "k6/http"; import { sleep } from "k6"; export default () => { http.get("${target.address}/"); sleep(0.1); };`;
  const text = `${yaml("concurrency: 2, hold-for: 6s", "{script: s.js}")}loadfleet: {healthy: 0.5}\n`;
  let isKilled = false;
  const kill = (view: RunView): void => {
    if (isKilled || view.run.status !== "running") return;
    isKilled = true;
    const name = `loadfleet-${view.run.runId}-1-1`;
    execFileSync(program, ["kill", "--signal", "KILL", name]);
  };
  const { result } = await run("killed", { "test.loadtest.yml": text, "s.js": js }, 2, { onView: kill });
  expect(isKilled).toBe(true);
  expect(result).toMatchObject({ isPartial: true, tasks: { wanted: 2, reported: 1, missing: [{ task: 1 }] } });
  expect(result.labels[""]?.count).toBeGreaterThan(10);
});

test("no container is left when a run has ended", async () => {
  await using target = await startServer((_, response) => response.end("answer"));
  const scenario = `{requests: ["${target.address}/"]}`;
  const { root, runId } = await run(
    "tidy",
    { "test.loadtest.yml": yaml("concurrency: 1, iterations: 1", scenario) },
    1,
  );
  await expect.poll(() => new ContainerLauncher(root, containers).list(runId), { timeout: 10_000 }).toEqual([]);
});

test("with JMeter alone the image is at most 520 MB", () => {
  const { Locust = 0, k6 = 0, ...parts } = inject("sizes");
  expect(Locust + k6).toBeGreaterThan(0);
  expect(Object.values(parts).reduce((sum, megabytes) => sum + megabytes, 0)).toBeLessThanOrEqual(520);
});
