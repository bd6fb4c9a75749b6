import type { CodeText } from "./englishTexts.ts";

/** Files and texts of the core that stay English, by the reason. Paths are beginnings. */
const files: Readonly<Record<string, readonly string[]>> = {
  "printed by the command line, or part of what it exports": [
    "src/core/results/format.ts",
    "src/core/results/junit.ts",
    "src/core/results/csv.ts",
    "src/core/results/reportHtml.ts",
    "src/core/run/formatDebug.ts",
    "src/local/doctor.ts",
  ],
  "of AWS and its API, which the editor does not show yet": [
    "src/core/api/",
    "src/core/stack/",
    "src/agent/cloudAgent.ts",
    "src/fleet/caps.ts",
    "src/fleet/targets.ts",
  ],
  "lines of a task's log, like those of the engines": ["src/agent/loadLog.ts"],
  "explained in docs/problems.md only": ["src/core/scenario/problemCodes.ts", "src/core/run/planProblem.ts"],
  "errors of requests, in the words of JMeter that people search for": [
    "src/generator/http/exchange.ts",
    "src/generator/http/failure.ts",
    "src/generator/http/fetchResources.ts",
    "src/generator/http/outgoing.ts",
    "src/generator/http/address.ts",
    "src/generator/load/outcome.ts",
  ],
  "written into files and requests": [
    "src/core/scenario/language/newScenario.ts",
    "src/core/scenario/language/firstText.ts",
    "src/agent/drivers/k6/load.ts",
    "src/generator/http/body.ts",
  ],
};

const texts: Readonly<Record<string, readonly RegExp[]>> = {
  "file content, code and questions to other programs": [/^import |\n {2}|^ {2}|^- |^<|\$\{\d:|^text\/plain|form-data/],
  "zips, which only the API takes": [/ in the zip|^The zip /],
  "bugs, which nobody should see": [
    /was not prepared\.$|^There is no such execution|^The share has no|^The plan has no|^The set-up is not|^The report's \{0\} holds|^The folder with versions|^An agent in AWS|^The page is complete|^The user has ended/,
  ],
  "words that other programs write": [
    /^(?:Empty results|Number of samples in|Non-TEXT|avg-rt of |fail of |p95 of |uniform\(|gaussian\(|poisson\(|application|an entry of$|Application Support|\(Get-Process|The rest was left out|stop-when )/,
  ],
  "words of JMeter in the failure of an assertion": [
    /Nodes Matched|^JSONPath |^XPath |^found |^(?:no|something|nothing) (?:JSON|at)|^matches nothing|^Test failed: \{0\}/,
  ],
};

/** Tells whether a text of the code stays English. */
export function isExempt({ where, text, callee }: CodeText): boolean {
  if (/\blog\b|\.throwIfAborted|^performance|error$/i.test(callee ?? "")) return true;
  return (
    Object.values(files).some((paths) => paths.some((path) => where.startsWith(path))) ||
    Object.values(texts).some((patterns) => patterns.some((pattern) => pattern.test(text)))
  );
}
