import { cpSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openFolder, type Files } from "../generator/runs.ts";
import { startServer, type TestServer } from "../servers/testServer.ts";
import { planTaurus, runTask, toolchain, type TaskOptions, type TaskRun } from "./tasks.ts";

const plan = readFileSync(new URL("files/plan.jmx", import.meta.url));
const users = `user,note\n${Array.from({ length: 12 }, (_, row) => `u${row},"two\nlines ${row}"\n`).join("")}`;
const files: Files = { "shop/plan.jmx": plan, "shop/data/users.csv": users };

function runJmx(server: TestServer, extra = "", options: TaskOptions = {}): Promise<TaskRun> {
  const yaml = `
execution: [{scenario: login, ${extra}}]
scenarios: {login: {script: shop/plan.jmx}}
`;
  const environment = { port: String(server.port), ...options.environment };
  return runTask(planTaurus(yaml, { files, ...options }), { files, ...options, environment });
}

function usersSeen({ requests }: TestServer): readonly string[] {
  return requests.map(({ url }) => url.split("/")[2] ?? "");
}

test("runs a test plan by its own thread groups, with its data, properties and plugins, and keeps what it writes", async () => {
  await using server = await startServer((_, response) => response.end("ok"));
  const { report, artifact } = await runJmx(server, "", { environment: { token: "t-1" } });
  expect(report).toMatchObject({ outcome: "finished", maxUsers: 2 });
  expect(report.labels["login"]).toMatchObject({ count: 6, failed: 0 });
  expect(report.labels["pause of t-1"]).toMatchObject({ count: 6, failed: 0 });
  expect(usersSeen(server).toSorted()).toEqual(["u0", "u1", "u2", "u3", "u4", "u5"]);
  expect(server.requests.every(({ url }) => url.endsWith("/t-1"))).toBe(true);
  expect(artifact("own.csv").trim().split("\n")).toHaveLength(13);
});

test("runs a test plan under the users and iterations of the scenario", async () => {
  await using server = await startServer((_, response) => response.end("ok"));
  const { report } = await runJmx(server, "concurrency: 3, iterations: 2");
  expect(report.labels["login"]?.count).toBe(6);
  expect(report.maxUsers).toBe(3);
});

test("gives each task its own rows, headers kept and none lost or doubled", async () => {
  await using server = await startServer((_, response) => response.end("ok"));
  for (const index of [0, 1]) {
    const yaml = `
execution: [{scenario: login}]
scenarios: {login: {script: shop/plan.jmx}}
loadfleet: {tasks: 2, split-data: true}
`;
    const environment = { port: String(server.port) };
    await runTask(planTaurus(yaml, { files }), { files, place: { index, of: 2 }, environment });
  }
  expect(new Set(usersSeen(server))).toEqual(new Set(Array.from({ length: 12 }, (_, row) => `u${row}`)));
});

test("takes plugins from the folder plugins/ of the scenario", async () => {
  await using server = await startServer((_, response) => response.end("ok"));
  const there = await toolchain();
  const isDummy = (name: string): boolean => name.startsWith("jmeter-plugins-dummy-");
  const jar = readdirSync(join(there.jmeterHome, "lib/ext")).find(isDummy) ?? "";
  using bare = openFolder({});
  cpSync(join(there.jmeterHome, "bin"), join(bare.path, "bin"), { recursive: true, verbatimSymlinks: true });
  for (const folder of ["lib", "lib/ext"]) {
    mkdirSync(join(bare.path, folder), { recursive: true });
    for (const name of readdirSync(join(there.jmeterHome, folder)).filter(
      (one) => one.endsWith(".jar") && !isDummy(one),
    )) {
      symlinkSync(join(there.jmeterHome, folder, name), join(bare.path, folder, name));
    }
  }
  const options = { toolchain: { ...there, jmeterHome: bare.path } };
  await expect(runJmx(server, "", options)).rejects.toThrow(
    "JMeter lacks what the script uses: kg.apc.jmeter.samplers.DummySampler (plugin jpgc-dummy).",
  );
  const withJar = { ...files, "plugins/dummy.jar": readFileSync(join(there.jmeterHome, "lib/ext", jar)) };
  const { report } = await runJmx(server, "", { ...options, files: withJar });
  expect(report.labels["pause of none"]).toMatchObject({ count: 6, failed: 0 });
});

test("masks secrets in labels and files", async () => {
  await using server = await startServer((_, response) => response.end("ok"));
  const yaml = `
execution: [{scenario: login}]
scenarios: {login: {script: shop/plan.jmx}}
loadfleet: {secrets: {token: "env:TOKEN"}}
`;
  const environment = { port: String(server.port), token: "hunter-äß\\2" };
  const run = await runTask(planTaurus(yaml, { files }), { files, environment });
  expect(server.requests[0]?.url).toContain(encodeURIComponent("hunter-äß\\2"));
  expect(Object.keys(run.report.labels)).toContain("pause of ***");
  expect(JSON.stringify(run.report)).not.toContain("hunter");
  expect(run.report.artifacts.filter((path) => run.artifact(path).includes("hunter-äß"))).toEqual([]);
});
