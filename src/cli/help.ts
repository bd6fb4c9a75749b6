import { sharedOptions } from "./arguments.ts";
import type { Command, Option } from "./command.ts";
import { wrap, type Style } from "./style.ts";

const width = 78;
const firstSteps = [
  ["loadfleet check shop.loadtest.yml", "find mistakes before anything runs"],
  ["loadfleet plan shop.loadtest.yml", "see the load, the tasks and the totals"],
  ["loadfleet debug shop.loadtest.yml", "send each request once and look at the answers"],
  ["loadfleet run shop.loadtest.yml", "run it on this machine"],
  ["loadfleet run shop.loadtest.yml --users 10 --for 30s", "run it smaller and shorter"],
  ["loadfleet show last", "look at the latest result again"],
] as const;

const exitCodeLines = [
  "0    passed, or there was nothing to judge",
  "1    a criterion failed",
  "2    the command line or a file has a mistake",
  "3    the run failed and has no verdict",
  "4    the environment lacks something",
  "130  cancelled",
];

/** Writes the overview of all commands. */
export function formatOverview(commands: readonly Command[], style: Style): string {
  const longest = Math.max(...commands.map(({ name }) => name.length));
  const names = commands.map(({ name, summary }) => `  ${style.bold(name.padEnd(longest))}  ${summary}`);
  return [
    "Load tests beside the code they test, judged on figures of the whole fleet.",
    "",
    section("Usage", style),
    "  loadfleet COMMAND [OPTION...]",
    "",
    section("Commands", style),
    ...names,
    "",
    section("First steps", style),
    ...pairs(firstSteps, style),
    "",
    section("Exit codes", style),
    ...exitCodeLines.map((line) => `  ${line}`),
    "",
    `"loadfleet help COMMAND" shows options and examples. NO_COLOR=1 switches colour off.`,
    "",
  ].join("\n");
}

/** Writes the help of one command: usage, options, examples. */
export function formatCommandHelp(command: Command, style: Style): string {
  const usage = `  loadfleet ${command.name} ${command.operands.usage}`.trimEnd();
  const options = [...command.options, ...sharedOptions].map(
    (option) => [optionUsage(option), summaryOf(option)] as const,
  );
  const longest = Math.max(...options.map(([name]) => name.length));
  const details = command.details === undefined ? [] : ["", ...wrap(command.details, width)];
  return [
    `${command.summary}.`,
    ...details,
    "",
    section("Usage", style),
    `${usage} [OPTION...]`,
    "",
    section("Options", style),
    ...options.flatMap(([name, summary]) => {
      const [first = "", ...rest] = wrap(summary, width - longest - 4);
      return [`  ${style.bold(name.padEnd(longest))}  ${first}`, ...rest.map((line) => " ".repeat(longest + 4) + line)];
    }),
    "",
    section("Examples", style),
    ...pairs(
      command.examples.map(({ line, explains }) => [line, explains] as const),
      style,
    ),
    "",
  ].join("\n");
}

function section(title: string, { bold }: Style): string {
  return bold(title);
}

function optionUsage({ name, value, choices }: Option): string {
  return value === undefined ? `--${name}` : `--${name} ${choices?.join("|") ?? value}`;
}

function summaryOf({ summary, isRepeatable }: Option): string {
  return isRepeatable === true ? `${summary}; may be given several times` : summary;
}

// An example stands on its own line: copied whole, it still works.
function pairs(lines: readonly (readonly [string, string])[], { dim }: Style): readonly string[] {
  return lines.flatMap(([line, explains]) => [`  ${dim(`# ${explains}`)}`, `  ${line}`]);
}
