import { describe, expect, test } from "vitest";
import type { PlannedExecution } from "../../../../src/core/run/plan.ts";
import { parseDocument } from "../../../../src/core/scenario/document.ts";
import { beyondSchema } from "../../../../src/core/scenario/language/beyondSchema.ts";
import { fixesOf, pathBelow } from "../../../../src/core/scenario/language/fixes.ts";
import { scenarioFromJmx, scenarioFromUrl } from "../../../../src/core/scenario/language/newScenario.ts";
import { removeEntry } from "../../../../src/core/scenario/language/removal.ts";
import { describeProfile, drawProfile } from "../../../../src/core/scenario/language/profileSvg.ts";
import { readScenario } from "../../../../src/core/scenario/readScenario.ts";
import { applyFix, filesOf } from "../scenarioFiles.ts";
import { somewhere } from "../../run/scenarios.ts";

const folders = { folder: "/home/sam/load", ignoresCase: false };

function mend(
  text: string,
  code: string,
  files: Readonly<Record<string, string>> = {},
): [title: string, text: string][] {
  const { problems, document } = readScenario("a.yml", text, filesOf(files));
  const problem = problems.find((candidate) => candidate.code === code);
  if (problem === undefined) throw new Error(`no ${code} in ${problems.map((found) => found.code).join()}`);
  return fixesOf(problem, document, folders).map((fix) => [fix.title, applyFix(text, { ...problem, fix })]);
}

const withRule = (rule: string, rest = ""): string =>
  `execution: {scenario: s, hold-for: 1m}\nscenarios:\n  s:\n    requests: [{url: "http://x/", label: Home}]\nreporting:\n  - module: passfail\n    criteria:\n      - ${rule}${rest}\n`;

describe("fixes", () => {
  test("turn an absolute path below the scenario's folder into a relative one", () => {
    const text = "execution: {scenario: s}\nscenarios:\n  s:\n    script: /home/sam/load/plans/a.jmx\n";
    expect(mend(text, "absolute-path")).toEqual([['Change to "plans/a.jmx"', text.replace("/home/sam/load/", "")]]);
    expect(mend(text.replace("/home/sam", "/home/max"), "absolute-path")).toEqual([]);
  });

  test("offer the nearest tracked percentile, or to have Taurus track it", () => {
    const text = withRule("p97>300ms");
    expect(mend(text, "untracked-percentile")).toEqual([
      ['Change to "p95"', text.replace("p97", "p95")],
      [
        "Have Taurus track p97",
        `${text.trimEnd()}\n\nmodules:\n  consolidator:\n    percentiles: [0, 50, 90, 95, 97, 99, 99.9, 100]\n`,
      ],
    ]);
  });

  test.each([
    ["between others", "a: 1\nfrobnicate: {x: 1} # of no use\nb: 2\n", "a: 1\nb: 2\n"],
    ["with lines of its own below", "a: 1\nfrobnicate:\n  x:\n    - 1\n# about b\nb: 2\n", "a: 1\n# about b\nb: 2\n"],
    ["at the end", "a: 1\nfrobnicate: 1", "a: 1\n"],
    ["without a value", "a: 1\nfrobnicate:\nb: 2\n", "a: 1\nb: 2\n"],
    ["with Windows' line ends", "a: 1\r\nfrobnicate: 1\r\nb: 2\r\n", "a: 1\r\nb: 2\r\n"],
    ["first after a dash", "- frobnicate: 1\n  a: 1\n", "- a: 1\n"],
    ["in braces", "{a: 1, frobnicate: 2, b: 3}", "{a: 1, b: 3}"],
    ["last in braces", "{a: 1, frobnicate: 2}", "{a: 1}"],
    ["alone", "frobnicate: 1\n", undefined],
    ["with a shared value", "a: &a 1\nfrobnicate: *a\n", undefined],
  ])("remove a key that nobody reads: %s", (_, text, mended) => {
    const document = parseDocument("a.yml", text);
    const fixes = removeEntry(document, text.indexOf("frobnicate"));
    const [range] = fixes.flatMap(({ edits }) => edits.map((edit) => edit.range));
    const found = {
      code: "unknown-key",
      severity: "warning",
      file: "a.yml",
      message: "",
      ...somewhere,
      ...range,
    } as const;
    expect(fixes.map((fix) => applyFix(text, { ...found, fix }))).toEqual(mended === undefined ? [] : [mended]);
  });

  test("remove a key without a near name", () => {
    const text = "execution: {scenario: s, frobnicate: 1}\n";
    expect(mend(text, "unknown-key")).toEqual([["Remove it", "execution: {scenario: s}\n"]]);
  });

  test("mend what they promise: no problem is left", () => {
    for (const [, mended] of mend(withRule("p97>300ms"), "untracked-percentile")) {
      expect(readScenario("a.yml", mended, filesOf({})).problems).toEqual([]);
    }
  });

  test("add a percentile to the list that is there", () => {
    const text = withRule("p97>300ms", "\nmodules: {consolidator: {percentiles: [50, 95]}}");
    expect(mend(text, "untracked-percentile").at(-1)?.[1]).toContain("percentiles: [50, 95, 97]");
  });

  test.each([
    ["a misspelt key", "execution: {scenari: s}", "unknown-key", 'Change to "scenario"'],
    ["a label", withRule("p95 of Hone>1s"), "unknown-label", 'Change to "Home"'],
    ["a duration", "execution: {scenario: s, hold-for: 5 minutes}", "bad-value", 'Change to "5m"'],
  ])("come with the problem: %s", (_, text, code, title) => {
    expect(mend(text, code).map(([first]) => first)).toContain(title);
  });
});

describe("beside an editor that validates by the schema", () => {
  const left = (text: string) =>
    beyondSchema(readScenario("a.yml", text, filesOf({})).problems).map(({ code, message }) => [code, message]);

  test("what only Loadfleet finds is left", () => {
    const text = withRule("p95 of Hone>1s").replace("hold-for: 1m", "hold-fro: 1m, ramp-up: soon");
    expect(left(text).map(([code]) => code)).toEqual(["unknown-label"]);
  });

  test("a near miss of a key is left where the schema allows any key", () => {
    expect(left(`${withRule("p95>1s")}modlues: {}\n`).map(([code]) => code)).toEqual(["unknown-key"]);
  });
});

describe("a path below a folder", () => {
  test.each([
    [{ folder: "/home/sam", ignoresCase: false }, "/home/sam/a/b.csv", "a/b.csv"],
    [{ folder: "/home/sam/", ignoresCase: false }, "/home/sam/b.csv", "b.csv"],
    [{ folder: "/home/sam", ignoresCase: false }, "/home/samuel/b.csv", undefined],
    [{ folder: "/home/sam", ignoresCase: false }, "/home/Sam/b.csv", undefined],
    [{ folder: "c:\\Users\\Sam", ignoresCase: true }, "C:\\Users\\sam\\load\\b.csv", "load/b.csv"],
    [{ folder: undefined, ignoresCase: false }, "/a", undefined],
  ])("%j %s", (paths, path, expected) => {
    expect(pathBelow(paths, path)).toBe(expected);
  });
});

describe("a new load test", () => {
  test.each([
    ["https://www.shop.example.com/products?page=2", "shop.loadtest.yml", "label: Products"],
    ["http://127.0.0.1:8080", "site.loadtest.yml", "label: Home"],
    ["http://localhost:3000/api/v1/Items.json", "localhost.loadtest.yml", "label: Items json"],
  ])("of %s has no problem", (address, fileName, part) => {
    const made = scenarioFromUrl(address);
    expect(made?.fileName).toBe(fileName);
    expect(made?.text).toContain(part);
    expect(readScenario(fileName, made?.text ?? "", filesOf({})).problems).toEqual([]);
  });

  test("is not made of what is no web address", () => {
    expect(scenarioFromUrl("shop")).toBeUndefined();
    expect(scenarioFromUrl("ftp://x/")).toBeUndefined();
  });

  test("leaves user and password out, and tells", () => {
    const made = scenarioFromUrl("https://sam:secret@shop.example.com/a");
    expect(made?.text).not.toMatch(/sam|secret/);
    expect(made?.isWithoutCredentials).toBe(true);
    expect(scenarioFromUrl("https://shop.example.com/a")?.isWithoutCredentials).toBe(false);
  });

  test("of a test plan names the plan", () => {
    const { fileName, text } = scenarioFromJmx("plans/Peak load.jmx");
    expect(fileName).toBe("peak-load.loadtest.yml");
    const { scenario } = readScenario(fileName, text, filesOf({ "plans/Peak load.jmx": "<jmeterTestPlan/>" }));
    expect(scenario?.bodies["peak-load"]?.script).toBe("plans/Peak load.jmx");
  });
});

describe("the picture of a load", () => {
  const execution: PlannedExecution = {
    scenario: "s",
    executor: undefined,
    users: 40,
    ratePerSecond: null,
    rampUpMs: 5000,
    holdForMs: 15_000,
    delayMs: 0,
    iterations: null,
    steps: null,
  };
  const colors = { line: "#3794ff", rate: "#e2c08d", text: "#cccccc", grid: "#444444" };

  test("shows users over time", () => {
    const svg = drawProfile([execution], colors);
    expect(svg).toContain(">40 users<");
    expect(svg).toContain(">20s<");
    expect(svg).not.toContain("requests/s");
    expect(svg).not.toContain("NaN");
  });

  test("says its words in the reader's language", () => {
    const inGerman = (words: string): string => words.replace("users", "Nutzer").replace("requests", "Anfragen");
    const svg = drawProfile([{ ...execution, ratePerSecond: 12.5 }], colors, inGerman);
    expect(svg).toContain(">40 Nutzer<");
    expect(svg).toContain(">12.5 Anfragen/s<");
  });

  test("shows the rate beside the users", () => {
    expect(drawProfile([{ ...execution, ratePerSecond: 12.5 }], colors)).toContain(">12.5 requests/s<");
  });

  test.each([
    [{}, "Up to 40 users, ramp-up 5s, 20s in all"],
    [{ users: 1, rampUpMs: 0 }, "Up to 1 user, 15s in all"],
    [{ holdForMs: null, users: null, rampUpMs: 0 }, "Users as the script says, ends with its iterations or its script"],
    [{ ratePerSecond: 100 }, "Up to 40 users, up to 100 requests/s, ramp-up 5s, 20s in all"],
  ])("is said in a sentence", (change, sentence) => {
    expect(describeProfile([{ ...execution, ...change }])).toBe(sentence);
    expect(drawProfile([{ ...execution, ...change }], colors)).not.toContain("NaN");
  });
});
