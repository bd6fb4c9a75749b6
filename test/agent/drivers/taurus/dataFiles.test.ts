import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { splitData } from "../../../../src/agent/drivers/taurus/dataFiles.ts";
import { pluginFolders, readScripts } from "../../../../src/agent/drivers/taurus/scripts.ts";
import { openFolder, planOf } from "../../../generator/runs.ts";

const jmx = (path: string, names: string, isHeaderIgnored: boolean): string => `<jmeterTestPlan><hashTree>
<TestPlan testname="p"/><hashTree>
<CSVDataSet testname="rows"><stringProp name="filename">${path}</stringProp><stringProp name="variableNames">${names}</stringProp>
<boolProp name="ignoreFirstLine">${isHeaderIgnored}</boolProp><boolProp name="quotedData">true</boolProp></CSVDataSet><hashTree/>
<CSVDataSet testname="off" enabled="false"><stringProp name="filename">other.csv</stringProp></CSVDataSet><hashTree/>
<ThreadGroup testname="g"><stringProp name="ThreadGroup.num_threads">1</stringProp></ThreadGroup><hashTree>
<DebugSampler testname="s"/><hashTree/></hashTree></hashTree></hashTree></jmeterTestPlan>`;

/** The parts that the tasks of a run get of a data set, as bytes. */
async function partsOf(script: string, csv: Buffer, of: number): Promise<readonly Buffer[]> {
  const files = { "a/plan.jmx": script, "a/rows.csv": csv };
  const plan = planOf("execution: {scenario: {script: a/plan.jmx}}", files, { driver: "taurus" });
  using folder = openFolder(files);
  const scripts = await readScripts(plan, folder.path);
  const originals = new Map<string, string>();
  const parts: Buffer[] = [];
  for (let index = 0; index < of; index++) {
    await splitData(plan, scripts, folder.path, { index, of, executions: [] }, originals);
    parts.push(readFileSync(join(folder.path, "a/rows.csv")));
  }
  return parts;
}

const row = fc
  .tuple(fc.string({ unit: "grapheme" }), fc.nat())
  .map(([text, number]) => `"${text.replaceAll('"', '""')}",${number}\n`);

test("the rows of a JMX data set are divided byte for byte, neither lost nor doubled, and each part has the header", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), async (rows, of) => {
      const csv = Buffer.from(["name,number\n", ...rows].join(""));
      const parts = await partsOf(jmx("rows.csv", "", false), csv, of);
      const bodies = parts.map((part) => {
        expect(part.subarray(0, 12).toString()).toBe("name,number\n");
        return part.subarray(12);
      });
      expect(Buffer.concat(bodies)).toEqual(csv.subarray(12));
    }),
    { numRuns: 40 },
  );
});

test.for<[string, string, boolean, string]>([
  ["without a header when the data set names the columns", "a,b", false, "1,x\n"],
  ["with the header that is ignored", "a,b", true, "1,x\n2,y\n"],
])("data is divided %s", async ([, names, isHeaderIgnored, first]) => {
  const [part] = await partsOf(jmx("rows.csv", names, isHeaderIgnored), Buffer.from("1,x\n2,y\n3,z\n"), 2);
  expect(part?.toString()).toBe(first);
});

test("a path that is a property takes its default, and YAML data sources are divided too", async () => {
  const [, second] = await partsOf(jmx("${__P(file,rows.csv)}", "", false), Buffer.from("h\n1\n2\n"), 2);
  expect(second?.toString()).toBe("h\n2\n");
  const files = { "data.csv": "name\nx\ny\n" };
  const yaml = "execution: {scenario: {data-sources: [data.csv], requests: ['http://h/${name}']}}";
  using folder = openFolder(files);
  await splitData(planOf(yaml, files), [], folder.path, { index: 1, of: 2, executions: [] }, new Map());
  expect(readFileSync(join(folder.path, "data.csv"), "utf8")).toBe("name\ny\n");
});

test("plugins are looked for beside the scenario and beside each script", async () => {
  const files = {
    "a/plan.jmx": jmx("rows.csv", "", false),
    "a/rows.csv": "h\n",
    "a/plugins/x.jar": "",
    "plugins/y.jar": "",
  };
  const plan = planOf("execution: {scenario: {script: a/plan.jmx}}", files, { driver: "taurus" });
  using folder = openFolder(files);
  const scripts = await readScripts(plan, folder.path);
  expect(pluginFolders(scripts, folder.path)).toEqual([join(folder.path, "plugins"), join(folder.path, "a/plugins")]);
});
