import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeTaurusDriver } from "../../src/agent/drivers/taurus/driver.ts";
import { UserError } from "../../src/core/errors.ts";
import { openFolder, type Files } from "../generator/runs.ts";
import { startServer } from "../servers/testServer.ts";
import { planTaurus, runTask, toolchain } from "./tasks.ts";

const plan = readFileSync(new URL("files/plan.jmx", import.meta.url), "utf8");
const jmxYaml = "execution: [{scenario: {script: plan.jmx}}]";

const files: Files = { "plan.jmx": plan, "data/users.csv": "user\nu0\n" };

/** The error that a run of this ends with. */
async function failureOf(yaml: string, given: Files): Promise<UserError> {
  // What the check of the scenario would find is let through, to see what the driver says.
  const error: unknown = await runTask(planTaurus(yaml, { files }), { files: { ...files, ...given } }).then(
    ({ report }) => new Error(`It ended as ${report.outcome}: ${report.reason}.`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof UserError)) throw error;
  return error;
}

const probe = '<com.example.Probe testclass="com.example.Probe" guiclass="x" testname="probe"/>';

test.for<[string, string, string, RegExp]>([
  ["is no XML", "<jmeterTestPlan><hashTree>", "script-unreadable", /^JMeter cannot open the script: /],
  [
    "needs a plugin that is not there",
    plan.replace("<hashTree/>", `<hashTree/>${probe}<hashTree/>`),
    "plugin-missing",
    /^JMeter lacks what the script uses: com\.example\.Probe\.$/,
  ],
  [
    "is of classes that JMeter does not know",
    plan.replace("<hashTree/>", "<hashTree/><Probe testclass='Probe'/><hashTree/>"),
    "jmeter-class-missing",
    /^JMeter has no class Probe, which the script needs\.$/,
  ],
])("names a script that %s", async ([, script, code, sentence]) => {
  const error = await failureOf(jmxYaml, { "plan.jmx": script });
  expect(error.message).toMatch(sentence);
  expect(error.code).toBe(code);
  expect(error.hint).toMatch(/^[A-Z`].*\.$/);
});

test("leaves its logs and the lines that tell why, secrets masked, when it cannot start", async () => {
  const secret = "hunter2-secret";
  const script = plan.replace("<hashTree/>", `<hashTree/><Probe testclass='${secret}'/><hashTree/>`);
  using folder = openFolder({ ...files, "plan.jmx": script });
  const driver = makeTaurusDriver(toolchain);
  const scenario = planTaurus(`${jmxYaml}\nloadfleet: {secrets: {KEY: "env:KEY"}}`, { files });
  const job = { plan: scenario, task: 0, folder: folder.path, environment: { KEY: secret } };
  await expect(driver.prepare(job, AbortSignal.timeout(40_000))).rejects.toThrow(/^JMeter has no class/);
  const { artifacts, logLines } = (await driver.remains?.(job)) ?? { artifacts: [], logLines: [] };
  expect(artifacts).toEqual(expect.arrayContaining(["taurus-artifacts/bzt.log", "taurus-artifacts/jmeter.log"]));
  expect(logLines.join("\n")).toMatch(/^jmeter\.(?:log|out|err): .*CannotResolveClassException/m);
  expect(artifacts.map((path) => readFileSync(join(folder.path, path), "utf8")).join() + logLines.join()).not.toContain(
    secret,
  );
});

test("says so when a heap is too small for the load", async () => {
  const heavy = `
execution: [{concurrency: 1, iterations: 100, scenario: s}]
modules: {jmeter: {memory-xmx: 64m}}
scenarios:
  s:
    requests:
    - {url: TARGET/, jsr223: [{language: beanshell, execute: before, script-text: 'l = new ArrayList(); while (true) l.add(new byte[1000000]);'}]}
`;
  await using server = await startServer((_, response) => response.end("ok"));
  const { report } = await runTask(planTaurus(heavy.replace("TARGET", server.address)));
  expect(report.outcome).toBe("failed");
  expect(report.reason).toMatch(/^JMeter ran out of memory/);
  expect(report.artifacts).toContain("taurus-artifacts/jmeter.log");
});

test.for([
  ["refused", "http://127.0.0.1:9", /Connection refused/],
  ["unknown", "http://no-such-host.invalid", /no-such-host\.invalid/],
] as const)("a target that is %s makes every request fail, and a note says so", async ([, address, message]) => {
  const yaml = `
execution: [{concurrency: 2, iterations: 3, scenario: s}]
scenarios: {s: {requests: [{label: home, url: "${address}/"}]}}
`;
  const { report } = await runTask(planTaurus(yaml));
  expect(report.outcome).toBe("finished");
  expect(report.labels["home"]).toMatchObject({ count: 6, failed: 6 });
  expect(report.labels["home"]?.errors[0]?.message).toMatch(message);
  expect(report.notes.join(" ")).toMatch(/^Every one of 6 requests failed/);
});

test("refuses executors that this Taurus does not have", async () => {
  const error = await failureOf("execution: [{executor: gatling, scenario: {requests: ['http://127.0.0.1/']}}]", {});
  expect(error.message).toBe("This Taurus runs JMeter, and an execution asks for gatling.");
});

test.for([
  ["Python", "taurus-not-started", /^Could not start Taurus with /],
  ["Taurus", "taurus-broken", /^Python cannot load Taurus: No module named 'bzt'\.$/],
  ["JMeter", "jmeter-missing", /^There is no JMeter at \/nowhere\/jmeter\.$/],
] as const)("says so when %s is gone", async ([what, code, sentence]) => {
  const there = await toolchain();
  const broken = {
    Python: { ...there, python: "/nowhere/python" },
    Taurus: { ...there, python: "/usr/bin/python3" },
    JMeter: { ...there, jmeterHome: "/nowhere/jmeter" },
  }[what];
  using folder = openFolder({});
  const driver = makeTaurusDriver(() => Promise.resolve(broken));
  const job = {
    plan: planTaurus("execution: [{scenario: {requests: ['http://127.0.0.1/']}}]"),
    task: 0,
    folder: folder.path,
    environment: {},
  };
  const error: unknown = await driver.prepare(job, AbortSignal.timeout(30_000)).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) });
});
