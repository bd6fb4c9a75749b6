import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { afterEach, expect, test, vi } from "vitest";
import type { Problem } from "../../src/core/scenario/problem.ts";
import { planFile } from "../../src/local/planFile.ts";
import { openScenario } from "../../src/local/scenarioFiles.ts";

const folder = mkdtempSync(join(tmpdir(), "loadfleet-plugins-"));

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const udp = "kg.apc.jmeter.samplers.UDPSampler";
const dummy = "kg.apc.jmeter.samplers.DummySampler";

const jmx = (...classes: readonly string[]): string => `<jmeterTestPlan><hashTree>
<TestPlan testclass="TestPlan" testname="p"/><hashTree>
<ThreadGroup testclass="ThreadGroup" testname="g"><stringProp name="LoopController.loops">1</stringProp></ThreadGroup><hashTree>
${classes.map((name) => `<${name} testclass="${name}" testname="s"/><hashTree/>`).join("\n")}
</hashTree></hashTree></hashTree></jmeterTestPlan>`;

const jar = (...classes: readonly string[]): Uint8Array =>
  zipSync(Object.fromEntries(classes.map((name) => [`${name.replaceAll(".", "/")}.class`, strToU8("x")])));

/** What keeps a scenario of these files from a run in the image. */
async function refusals(
  yaml: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<readonly Problem[]> {
  vi.stubEnv("PATH", "");
  for (const [path, content] of Object.entries({ "test.loadtest.yml": yaml, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const { problems } = await planFile(openScenario("test.loadtest.yml", folder), { engine: "local" }, true);
  return problems.filter(({ severity }) => severity === "error");
}

const script = "execution: [{scenario: s, iterations: 1, concurrency: 1}]\nscenarios: {s: {script: jmx/a.jmx}}\n";

test("a plugin that is nowhere keeps the run from starting, named at its place with what is on board", async () => {
  const [problem, ...others] = await refusals(script, { "jmx/a.jmx": jmx(dummy, udp, "com.example.Probe") });
  expect(problem).toMatchObject({ code: "plugin-missing", file: "jmx/a.jmx", line: 5 });
  expect(problem?.message).toMatch(
    /^JMeter lacks kg\.apc\.jmeter\.samplers\.UDPSampler of the plugin jpgc-udp, and tasks install nothing: .* On board are bzm-parallel, /,
  );
  expect(others.map(({ message }) => message)).toEqual([expect.stringMatching(/^JMeter lacks com\.example\.Probe, /)]);
});

test("the jar beside the scenario or the script is enough", async () => {
  const files = {
    "jmx/a.jmx": jmx(udp, "com.example.Probe"),
    "plugins/jmeter-plugins-udp-0.4.jar": jar(udp),
    "jmx/plugins/probe.jar": jar("com.example.Probe"),
  };
  expect(await refusals(script, files)).toEqual([]);
});

test("what modules.jmeter.plugins lists has to be on board or among the jars", async () => {
  const listed = `${script}modules: {jmeter: {plugins: [jpgc-casutg=2.10, jpgc-udp=0.4, mqtt-xmeter]}}\n`;
  const plan = { "jmx/a.jmx": jmx(dummy) };
  const messages = (await refusals(listed, plan)).map(({ message }) => message);
  expect(messages).toEqual([
    expect.stringMatching(/^JMeter lacks modules\.jmeter\.plugins: jpgc-udp, /),
    expect.stringMatching(/^JMeter lacks modules\.jmeter\.plugins: mqtt-xmeter, /),
  ]);
  const jars = { "plugins/jmeter-plugins-udp-0.4.jar": jar("x.Y"), "plugins/other.jar": jar("net.xmeter.Sampler") };
  expect(await refusals(listed, { ...plan, ...jars })).toEqual([]);
});
