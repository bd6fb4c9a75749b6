import { expect, test } from "vitest";
import { pluginJars } from "../../src/local/pluginJars.ts";
import { openFolder, planOf } from "../generator/runs.ts";

const jmx = `<jmeterTestPlan><hashTree><TestPlan testname="p"/><hashTree><ThreadGroup testname="g"/><hashTree>
<DebugSampler testname="s"/><hashTree/></hashTree></hashTree></hashTree></jmeterTestPlan>`;
const files = {
  "a/plan.jmx": jmx,
  "plugins/x.jar": "",
  "plugins/note.txt": "",
  "a/plugins/y.JAR": "",
  "b/plugins/z.jar": "",
};

test("jars beside the scenario and beside its test plans travel with a run", async () => {
  using folder = openFolder(files);
  const { scenario } = planOf("execution: {scenario: {script: a/plan.jmx}}", files, { driver: "taurus" });
  expect(await pluginJars(scenario, folder.path)).toEqual(["plugins/x.jar", "a/plugins/y.JAR"]);
});

test("a scenario without test plans takes no jars along", async () => {
  using folder = openFolder(files);
  const { scenario } = planOf("execution: {scenario: {requests: ['http://h/']}}");
  expect(await pluginJars(scenario, folder.path)).toEqual([]);
});
