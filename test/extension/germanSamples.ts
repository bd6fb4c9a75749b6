import { join } from "node:path";
import { CriterionWindow } from "../../src/core/results/criterionWindow.ts";
import { finalSentence, windowSentence } from "../../src/core/results/judgeWords.ts";
import { parseCriterion } from "../../src/core/results/parseCriterion.ts";
import { planRun } from "../../src/core/run/planRun.ts";
import type { RunChoice } from "../../src/core/run/plan.ts";
import { describeProfile } from "../../src/core/scenario/language/profileSvg.ts";
import { configSchema } from "../../src/core/scenario/schema/config.ts";
import type { Rule } from "../../src/core/scenario/schema/terms.ts";
import { readScenario } from "../../src/core/scenario/readScenario.ts";
import { diagnose as diagnoseK6 } from "../../src/agent/drivers/k6/failure.ts";
import { diagnose as diagnoseTaurus } from "../../src/agent/drivers/taurus/failure.ts";
import { filesOf, readFixture } from "../core/scenario/scenarioFiles.ts";

type List = (folder: string) => readonly string[];

/** Sentences as the product makes them, by where they come from: made by the real functions wherever these are at hand. */
export function toldSentences(list: List, root: string): Readonly<Record<string, readonly string[]>> {
  const broken = "test/fixtures/scenarios/broken";
  const problems = list(join(root, broken)).flatMap((name) => readFixture(`${broken}/${name}`).problems);
  return {
    "problems of every broken file": problems.map(({ message }) => message),
    "titles of their fixes": problems.flatMap(({ fix }) => fix?.title ?? []),
    "descriptions of the scenario language": [...descriptionsIn(configSchema)],
    "advice of the scenario language": [...adviceIn(configSchema)].map(
      (advice) => `"users" cannot be a list: ${advice}.`,
    ),
    "criteria that cannot be read": badRules.flatMap(faultsOf),
    "sentences about criteria": rules.flatMap(judgedSentences),
    "warnings of plans": choices.flatMap(planSentences),
    "load profiles": [describeProfile([{ ...plain, ratePerSecond: 20 }]), describeProfile([{ ...plain, users: null }])],
    "failures of engines": [...engineFailures()],
    "reasons of runs": reasons,
  };
}

const englishWords =
  /(?<![-\w])(?:the|of|is|are|and|or|it|its|this|that|there|with|from|for|not|no|write|users?|failed|ended|allowed|requests per)(?![-\w]|\.\w)/gi;

/** The English words left in a German sentence; quotes, code and the words of the file format aside. */
export function englishLeftIn(text: string): readonly string[] {
  const own = text
    .replaceAll(/"[^"\n]*"|`[^`\n]*`|\$\{[^}]*\}/g, "")
    // Rules, as a person writes them.
    .replaceAll(
      /(?:p95|avg-rt|fail) of \w+(?:[<>=]+\w+)?(?: for \w+)?|as (?:non-)?failed|Das Kriterium .* hat ausgelöst/g,
      "",
    )
    .replaceAll(/Vorgabe for\b|Wort of\b|auf for\b|mit of\b|es gibt for\b|Sie for\b/g, "")
    // The parser's own words.
    .replaceAll(/Das ist kein gültiges XML: .*/g, "");
  return own.match(englishWords) ?? [];
}

function* descriptionsIn(rule: Rule): Generator<string> {
  if (rule.description !== undefined) yield rule.description;
  for (const part of partsOf(rule)) yield* descriptionsIn(part);
}

function* adviceIn(rule: Rule): Generator<string> {
  if (rule.errorMessage !== undefined) yield rule.errorMessage;
  for (const part of partsOf(rule)) yield* adviceIn(part);
}

function partsOf(rule: Rule): readonly Rule[] {
  const { items, additionalProperties: others, anyOf = [], properties = {}, $defs = {} } = rule;
  return [
    ...Object.values(properties),
    ...Object.values($defs),
    ...anyOf,
    ...(items === undefined ? [] : [items]),
    ...(typeof others === "object" ? [others] : []),
  ];
}

const badRules = [
  "p95",
  "p95 of A for 3>1ms",
  "of>1",
  "xyz>1ms",
  "p95>",
  "p95>1 kg",
  "p95>5%",
  "bytes>x",
  "hits>x",
  "fail>x%",
];

function faultsOf(text: string): readonly string[] {
  const parsed = parseCriterion(text);
  return "fault" in parsed ? [parsed.fault.message] : parsed.warnings.map(({ message }) => message);
}

const subjects = [
  "p95",
  "avg-rt",
  "avg-lt",
  "avg-ct",
  "stdev-rt",
  "hits",
  "succ",
  "fail",
  "bytes",
  "concurrency",
  "rc5??",
];
const rules = subjects.flatMap((subject) =>
  [">", ">=", "<", "<=", "=="].flatMap((condition) =>
    (subject === "concurrency" ? [""] : ["", " of Checkout"]).flatMap((label) =>
      ["", " for 10s", " within 10s", " over 10s"].map((window) => `${subject}${label}${condition}100${window}`),
    ),
  ),
);

function judgedSentences(text: string): readonly string[] {
  const parsed = parseCriterion(text);
  if ("fault" in parsed) throw new Error(parsed.fault.message);
  const { criterion } = parsed;
  if (criterion.window === undefined) {
    const sentence = finalSentence(criterion, 150);
    const small = sentence.charAt(0).toLowerCase() + sentence.slice(1);
    return [sentence, `After the ramp-up, ${small}`, `${sentence.slice(0, -1)}; the rule only notes it.`];
  }
  const window = new CriterionWindow(criterion, criterion.window);
  const untouched = windowSentence(criterion, criterion.window, window);
  const fired = { worst: 3, firedAtSecond: 12, longestHeldSeconds: 0 };
  const said = windowSentence(criterion, criterion.window, withValues(window, fired));
  const held = windowSentence(
    criterion,
    criterion.window,
    withValues(window, { ...fired, firedAtSecond: undefined, longestHeldSeconds: 4 }),
  );
  return [untouched, said, held, `The rule ${text} was met: ${said.charAt(0).toLowerCase()}${said.slice(1)}`];
}

type Reached = Pick<CriterionWindow, "worst" | "firedAtSecond" | "longestHeldSeconds">;

function withValues(window: CriterionWindow, reached: Reached): CriterionWindow {
  return new Proxy(window, { get: (target, key) => Reflect.get(key in reached ? reached : target, key) });
}

const shop = `execution:
- {scenario: shop, concurrency: 10, ramp-up: 5s, hold-for: 20s}
scenarios:
  shop: {default-address: "http://localhost", requests: [{url: /, label: Home}]}
`;
const choices: readonly Omit<RunChoice, "engine">[] = [
  { users: 5000, tasks: 1 },
  { users: 5000, tasks: 200 },
  { users: 3, tasks: 8 },
  { users: 0 },
  { tasks: 0 },
  { ratePerSecond: -1 },
  { holdForMs: 0 },
  { holdForMs: 6 * 3_600_000 },
  { ratePerSecond: 100_000, users: 1000 },
  { labelFilter: "Nowhere" },
];

function planSentences(choice: Omit<RunChoice, "engine">): readonly string[] {
  const { scenario } = readScenario("shop.yml", shop, filesOf({}));
  if (scenario === undefined) throw new Error("The sample is broken.");
  const { problems } = planRun(scenario, { engine: "aws", ...choice }, { files: [], sha256: "" });
  return problems.map(({ message }) => message);
}

const plain = {
  scenario: "shop",
  executor: undefined,
  users: 40,
  ratePerSecond: null,
  rampUpMs: 5000,
  holdForMs: 15_000,
  delayMs: 0,
  iterations: null,
  steps: null,
};

function* engineFailures(): Generator<string> {
  for (const code of [100, 101, 104, 105, 106, 107, 108, 109, 110, 99, null]) {
    const error = diagnoseK6(code, []);
    if (error !== undefined) yield `${error.message} ${error.hint ?? ""}`;
  }
  const quiet = { failures: [], jmeterLog: "", output: "", endedBy: undefined };
  for (const symptoms of [quiet, { ...quiet, endedBy: "SIGKILL" }, { ...quiet, output: "java: not found" }]) {
    const { message, hint } = diagnoseTaurus(symptoms);
    yield `${message} ${hint ?? ""}`;
  }
}

/** As fleet/outcome, watch, start and harvest put them together out of several. */
const reasons = [
  "2 of 4 tasks reported. Task 1: It was lost. Its process was ended by SIGKILL. Task 2: It ended without a report.",
  "1 of 2 tasks ended early, with what they had measured. Task 0: The load had not ended at the deadline of the run and was stopped.",
  "3 of 9 tasks reported. Task 1: It failed before its end: it gave no reason. 3 more tasks have no complete report.",
  "Only 1 of 3 tasks were left; task 2 was lost: Its process ended with exit code 1.",
  "Only 0 of 1 tasks became ready; task 0 failed: There is no k6 on this machine. Install k6 2.1.0 and have it on PATH.",
  "Only 0 of 2 tasks became ready; the others were not ready after 60 s.",
  "The run, planned for 30 s, had not ended at its deadline, 90 s after its start, and was stopped.",
  "The run could not go on: The plan of run abc is not in the store.",
  "At least 90 % of all requests failed for 1m.",
  "It was stopped in the editor.",
  "5,210 requests in 25s (208 RPS) by up to 40 users from 3 tasks: p95 was 312 ms and 0.5 % failed. It was stopped in the editor.",
  "1 request in 1s (1 RPS) by up to 1 user from 1 of 2 tasks: p95 was about 312 ms and none failed.",
  "No requests were measured by 1 task.",
  'The test "Shop" (shop-1) is already running: run abc.',
];

/** Tells whether a text of the code reads as a sentence or a part of one. */
export function isEnglish(text: string): boolean {
  return /[a-z]{2,} [a-z]{2,}/i.test(text) && /\b(?:[a-z]{3,})\b.*\b(?:[a-z]{2,})\b/i.test(text);
}
