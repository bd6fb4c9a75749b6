import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { strToU8, zipSync } from "fflate";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { RunChoice } from "../../src/core/run/plan.ts";
import { planRun } from "../../src/core/run/planRun.ts";
import { reduceRun, type RunView } from "../../src/core/run/run.ts";
import { readZip } from "../../src/lambda/api/zipFile.ts";
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
const call = promisify(execFile);

type Files = Readonly<Record<string, string | Uint8Array>>;

beforeAll(() => Object.assign(process.env, env));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Options = Partial<RunChoice> & { readonly onView?: (view: RunView) => void };

/** Runs a scenario in containers to its end. */
async function run(name: string, files: Files, tasks: number, options: Options = {}) {
  const { result, ...ended } = await runToEnd(name, files, tasks, options);
  if (result === undefined) throw new Error(JSON.stringify(ended.record));
  return { result, ...ended };
}

/** Runs a scenario of one task that does not get ready; gives what is kept of it. */
async function runToFailure(name: string, files: Files) {
  const { engine, runId, record } = await runToEnd(name, files, 1, {});
  const keys = (await engine.artifacts(runId, signal)).map(({ key }) => key);
  return { record, kept: keys.map((key) => key.slice(Math.max(0, key.indexOf("artifacts/")))) };
}

async function runToEnd(name: string, files: Files, tasks: number, { onView, ...choice }: Options) {
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
  return { engine, result: await engine.result(runId, signal), root, runId, record: view?.run };
}

/** The class com.example.Probe: a Dummy Sampler under another name. */
function probeClass(): Uint8Array {
  const short = (value: number): number[] => [value >> 8, value & 255];
  const text = (value: string): number[] => [1, ...short(value.length), ...strToU8(value)];
  const own = text("com/example/Probe");
  const parent = text("kg/apc/jmeter/samplers/DummySampler");
  const names = [...text("<init>"), ...text("()V"), ...text("Code")];
  const constants = [...own, 7, 0, 1, ...parent, 7, 0, 3, ...names, 12, 0, 5, 0, 6, 10, 0, 4, 0, 8];
  const code = [0, 1, 0, 1, 0, 0, 0, 5, 0x2a, 0xb7, 0, 9, 0xb1, 0, 0, 0, 0];
  const method = [0, 1, 0, 5, 0, 6, 0, 1, 0, 7, 0, 0, 0, code.length, ...code];
  const header = [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52, 0, 10];
  return Uint8Array.from([...header, ...constants, 0, 0x21, 0, 2, 0, 4, 0, 0, 0, 0, 0, 1, ...method, 0, 0]);
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

test("a zip runs with its data file, its plugin and what it writes", async () => {
  await using target = await startServer((_, response) => response.end("answer"));
  const plan = readFileSync(new URL("../taurus/files/plan.jmx", import.meta.url), "utf8");
  const zip = zipSync({
    "test.loadtest.yml": strToU8("execution: {scenario: login}\nscenarios: {login: {script: plan.jmx}}\n"),
    "plan.jmx": strToU8(plan.replaceAll(/kg\.apc\.jmeter\.samplers\.DummySampler(?!Gui)/g, "com.example.Probe")),
    "data/users.csv": strToU8("user\nu0\nu1\n"),
    "plugins/probe.jar": zipSync({
      // JMeter wants one in every jar.
      "META-INF/MANIFEST.MF": strToU8("Manifest-Version: 1.0\r\n\r\n"),
      "com/example/Probe.class": probeClass(),
    }),
  });
  const unpacked = readZip("shop.zip", zip);
  const files = "files" in unpacked ? Object.fromEntries(unpacked.files) : {};
  const { result, root, runId } = await run("zip", files, 1, { environment: { port: String(target.port) } });
  expect(result.labels["pause of none"]).toMatchObject({ count: 6, failed: 0 });
  expect(result.labels["login"]).toMatchObject({ count: 6, failed: 0 });
  const kept = await openLocalEngine({ root, runnerPath, agentPath: "unused" }).artifacts(runId, signal);
  expect(kept.map(({ key }) => key.slice(key.indexOf("artifacts/")))).toContain("artifacts/0/own.csv");
});

test("a container says that it is ready, and ends with its figures when it is told to", async () => {
  await using target = await startServer((_, response) => response.end("answer"));
  const text = yaml("concurrency: 2, hold-for: 10m", `{requests: ["${target.address}/own"]}`);
  let health = "";
  let stopping: Promise<unknown> | undefined;
  const stop = (view: RunView): void => {
    if (stopping !== undefined || view.points.length < 2) return;
    const name = `loadfleet-${view.run.runId}-0-1`;
    health = execFileSync(program, ["exec", name, "ls", "/task/healthy"]).toString();
    // What Fargate does: SIGTERM, and SIGKILL when the time is over.
    stopping = call(program, ["stop", "--time", "30", name]);
  };
  const { result } = await run("told", { "test.loadtest.yml": text }, 1, { driver: "taurus", onView: stop });
  await stopping;
  expect(health.trim()).toBe("/task/healthy");
  expect(result).toMatchObject({ tasks: { wanted: 1, reported: 1, missing: [] } });
  expect(result.reason).toMatch(
    /^1 of 1 tasks ended early, with what they had measured\. Task 0: The process was told to end\.$/,
  );
  const count = result.labels[""]?.count ?? 0;
  expect(count).toBeGreaterThan(10);
  expect(count).toBeLessThanOrEqual(target.requests.length);
});

test("what kept a container's engine from starting is told with its hint, and its logs are kept", async () => {
  const text = "execution: {scenario: login}\nscenarios: {login: {script: plan.jmx}}\n";
  const plan = readFileSync(new URL("../taurus/files/plan.jmx", import.meta.url), "utf8");
  const files = {
    "test.loadtest.yml": text,
    "plan.jmx": plan.replace("<hashTree/>", "<hashTree/><Probe testclass='Probe'/><hashTree/>"),
    "data/users.csv": "user\nu0\n",
  };
  const { record, kept } = await runToFailure("broken", files);
  expect(record).toMatchObject({ status: "failed" });
  expect(record?.reason).toMatch(
    /task 0 failed: JMeter has no class Probe, which the script needs\. Put the plugin's jar into a folder plugins\/ beside the scenario\.$/,
  );
  expect(kept).toEqual(expect.arrayContaining(["artifacts/0/failure.log", "artifacts/0/taurus-artifacts/jmeter.log"]));
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
  const text = `${yaml("concurrency: 3, hold-for: 6s", "{script: s.js}")}loadfleet: {healthy: 0.5}\n`;
  let isKilled = false;
  const kill = (view: RunView): void => {
    if (isKilled || view.run.status !== "running") return;
    isKilled = true;
    const name = `loadfleet-${view.run.runId}-1-1`;
    execFileSync(program, ["kill", "--signal", "KILL", name]);
  };
  const { result } = await run("killed", { "test.loadtest.yml": text, "s.js": js }, 3, { onView: kill });
  expect(isKilled).toBe(true);
  expect(result).toMatchObject({ isPartial: true, tasks: { wanted: 3, reported: 2, missing: [{ task: 1 }] } });
  expect(result.reason).toMatch(/^2 of 3 tasks reported\. Task 1: It was lost\. /);
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
