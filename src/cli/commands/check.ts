import { exitCodes } from "../../core/errors.ts";
import type { Problem } from "../../core/scenario/problem.ts";
import { hasError } from "../../local/planFile.ts";
import { openScenario } from "../../local/scenarioFiles.ts";
import type { Command } from "../command.ts";
import { formatOption, writeJson } from "../output.ts";
import { formatProblem, formatProblemCount } from "../problemText.ts";
import { styleFor } from "../style.ts";

/** `loadfleet check FILE...`: exit code 2 when a file has an error. */
export const checkCommand: Command = {
  name: "check",
  summary: "Find mistakes in scenarios before anything runs",
  operands: { usage: "FILE...", fewest: 1, most: Infinity, completes: "files" },
  options: [formatOption("text", "json")],
  examples: [
    { line: "loadfleet check shop.loadtest.yml", explains: "each mistake with its place and what to write instead" },
    { line: "loadfleet check tests/*.yml plan.jmx", explains: "several files, JMeter's too" },
    {
      line: "loadfleet check *.yml --format json | jq '.files[].problems[].message'",
      explains: "for other programs",
    },
  ],
  run: async (args, { stdout, cwd }) => {
    const files = args.operands.map((file) => ({ file, ...openScenario(file, cwd) }));
    const problems = files.flatMap((file) => file.problems);
    if (args.text("format") === "json") {
      writeJson(stdout, {
        schema: "loadfleet.check.v1",
        files: groupByFile(
          files.map(({ file }) => file),
          problems,
        ),
      });
    } else {
      const style = styleFor(stdout);
      const texts = files.flatMap(({ textOf, ...file }) =>
        file.problems.map((problem) => formatProblem(problem, textOf, style)),
      );
      stdout.write([...texts, formatProblemCount(problems, files.length), ""].join("\n"));
    }
    return hasError(problems) ? exitCodes.badInput : exitCodes.passed;
  },
};

/** Groups Problems by the file that holds the mistake: those that were named, then those that they include. */
function groupByFile(files: readonly string[], problems: readonly Problem[]) {
  const names = new Set([...files.map((file) => file.replaceAll("\\", "/")), ...problems.map(({ file }) => file)]);
  return [...names].map((name) => ({
    file: name,
    problems: problems.filter(({ file }) => file === name).map(({ file: _file, ...problem }) => problem),
  }));
}
