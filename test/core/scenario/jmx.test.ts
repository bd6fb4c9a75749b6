import { expect, test } from "vitest";
import { readJmxScenario } from "../../../src/core/scenario/jmx.ts";
import { readScenario } from "../../../src/core/scenario/readScenario.ts";
import { filesOf, readFixture } from "./scenarioFiles.ts";

const plan = (body: string): string =>
  `<jmeterTestPlan><hashTree><TestPlan testname="Shop &amp; co"/><hashTree>\n${body}\n</hashTree></hashTree></jmeterTestPlan>`;
const group = (inner: string, attributes = ""): string =>
  `<ThreadGroup testclass="ThreadGroup" testname="G"${attributes}><stringProp name="ThreadGroup.num_threads">\${__P(n,3)}</stringProp></ThreadGroup><hashTree>${inner}</hashTree>`;
const sampler = (label: string): string =>
  `<HTTPSamplerProxy testclass="HTTPSamplerProxy" testname="${label}"/><hashTree/>`;
const csv = (path: string): string =>
  `<CSVDataSet testclass="CSVDataSet" testname="c"><stringProp name="filename">${path}</stringProp></CSVDataSet><hashTree/>`;

test("outlines thread groups, samplers, files, plugins and properties", () => {
  const reading = readFixture("examples/peak.jmx");
  if (!("outline" in reading) || reading.outline === undefined) throw new Error("no outline");
  const { outline, scenario, problems } = reading;
  expect(problems).toEqual([]);
  expect(outline.threadGroups.map(({ name, threads, duration }) => [name, threads, duration])).toEqual([
    ["Browsers", "${__P(browsers,40)}", "120"],
    ["Members", "${__P(members,10)}", "150"],
  ]);
  expect(outline.samplers.map(({ label }) => label)).toContain("List products");
  expect(outline.plugins.map(({ plugin }) => plugin)).toEqual(["jpgc-casutg", "jpgc-tst"]);
  expect(outline.properties).toContainEqual({ name: "port", defaultValue: "8080" });
  expect(scenario?.executions[0]?.load.local.users).toBeUndefined();
  expect(scenario?.files.map(({ path, use }) => `${use} ${path}`)).toEqual(["script peak.jmx", "data data/users.csv"]);
});

test.each([
  ["<a>\n<hashTree>\n  <oops>", 3, 3, "<oops> is never closed: add </oops>."],
  ["<a>\n <!-- <b> --> <b x='>'/>\n", 1, 1, "<a> is never closed: add </a>."],
  ["<a>\n<b>\n</a>", 3, 1, "</a> stands where </b> should, for <b> in line 2."],
  ["<a/>\n</b>", 2, 1, "</b> closes nothing: remove it."],
  ['<a>\n<b x="1/>\n</a>', 2, 3, "A quotation mark is not closed in <b>."],
  ["<a>\n<b x/></a>", 2, 4, 'The attribute "x" has no value in quotes.'],
  ["<a>\n<b x='1' x='2'/></a>", 2, 10, 'The attribute "x" stands twice in its element.'],
  ["<a>\n1 < 2</a>", 2, 4, "Write &lt; for a < in a text."],
  ["<a>\nA & B</a>", 2, 3, "Write &amp; for a & in a text."],
  ["<a></a>\n<b></b>", 2, 3, "Nothing may follow after the end of the first element."],
  ["plan", 1, 1, "No text may stand before the first element."],
])("says what is wrong with %o, and where", (text, line, column, sentence) => {
  const { problems } = readJmxScenario("a.jmx", text, filesOf({}));
  expect(problems).toMatchObject([
    { code: "jmx-not-xml", line, column, message: `This is not valid XML: ${sentence}` },
  ]);
});

test("leaves out what is disabled, with everything below it", () => {
  const text = plan(group(sampler("A")) + group(sampler("B"), ' enabled="false"') + group(sampler("C")));
  expect(readJmxScenario("a.jmx", text, filesOf({})).outline?.samplers.map(({ label }) => label)).toEqual(["A", "C"]);
});

test.each([
  ["users.csv", undefined],
  ["missing.csv", "missing-file"],
  ["/data/users.csv", "absolute-path"],
  ["C:\\data\\users.csv", "absolute-path"],
  ["${__P(file,users.csv)}", undefined],
  ["${file}", "dynamic-file"],
])("checks the data file %s", (path, code) => {
  const { problems } = readJmxScenario("a.jmx", plan(group(sampler("A") + csv(path))), filesOf({ "users.csv": "a\n" }));
  expect(problems.map((problem) => problem.code)).toEqual(code === undefined ? [] : [code]);
  expect(problems.every(({ line, column }) => line === 2 && column > 100)).toBe(true);
});

test("a scenario that runs a plan checks it, finds its files beside it, and knows its labels", () => {
  const text = `execution: {scenario: jmx/a.jmx, hold-for: 1m}
reporting: [{module: passfail, criteria: ["p95 of A>1s", "p95 of Z>1s"]}]\n`;
  const files = filesOf({
    "jmx/a.jmx": plan(group(sampler("A") + csv("u.csv") + csv("none.csv"))),
    "jmx/u.csv": "a\n",
  });
  const { scenario, problems } = readScenario("a.yml", text, files);
  expect(problems.map(({ file, code }) => [file, code])).toEqual([
    ["a.yml", "unknown-label"],
    ["jmx/a.jmx", "missing-file"],
  ]);
  expect(scenario?.files.map(({ path }) => path)).toEqual(["jmx/a.jmx", "jmx/u.csv", "none.csv"]);
});

test("a plugin that the scenario lists gets a hint all the same, since tasks install nothing", () => {
  const udp = "kg.apc.jmeter.samplers.UDPSampler";
  const files = filesOf({ "a.jmx": plan(group(`<${udp} testclass="${udp}" testname="D"/><hashTree/>`)) });
  const text = "execution: {scenario: a.jmx, hold-for: 1m}\n";
  expect(readScenario("a.yml", text, files).problems.map(({ code }) => code)).toEqual(["jmx-plugin"]);
  const listed = `${text}modules: {jmeter: {plugins: [jpgc-udp=0.4, jpgc-dummy]}}\n`;
  expect(readScenario("a.yml", listed, files).problems.map(({ file, code }) => [file, code])).toEqual([
    ["a.jmx", "jmx-plugin"],
    ["a.yml", "jmx-plugin"],
  ]);
});
