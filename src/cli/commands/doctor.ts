import { exitCodes } from "../../core/errors.ts";
import { examineMachine, type Finding } from "../../local/doctor.ts";
import type { Command } from "../command.ts";
import { formatOption, writeJson } from "../output.ts";
import { styleFor, type Style } from "../style.ts";

/** `loadfleet doctor`: which tools are here, which are missing and how to get them. */
export const doctorCommand: Command = {
  name: "doctor",
  summary: "Say which tools are on this machine, and how to get those that are missing",
  details:
    "Only Node is needed for scenarios made of requests; the others serve Taurus, JMX, k6, Locust and containers.",
  operands: { usage: "", fewest: 0, most: 0, completes: "nothing" },
  options: [formatOption("text", "json")],
  examples: [
    { line: "loadfleet doctor", explains: "a table with hints" },
    { line: "loadfleet doctor --format json", explains: "for other programs" },
  ],
  run: async (args, { stdout }) => {
    const examination = await examineMachine();
    if (args.text("format") === "json") writeJson(stdout, { schema: "loadfleet.doctor.v1", ...examination });
    else stdout.write(`${formatFindings(examination.tools, styleFor(stdout))}\n${examination.taurusSentence}\n`);
    return exitCodes.passed;
  },
};

function formatFindings(findings: readonly Finding[], { green, yellow, dim }: Style): string {
  const nameWidth = Math.max(...findings.map(({ name }) => name.length));
  const versionWidth = Math.max(...findings.map(({ version = "missing" }) => version.length));
  const lines = findings.map(({ name, use, version = "missing", state, from, hint }) => {
    const color = state === "there" ? green : yellow;
    const origin = from === undefined ? "" : ` (from ${from})`;
    const needed = state === "there" ? "" : ` ${state === "old" ? "Too old. " : ""}${hint ?? ""}`;
    return `${name.padEnd(nameWidth)}  ${color(version.padEnd(versionWidth))}  ${use}${origin}.${dim(needed)}`;
  });
  return `${lines.join("\n")}\n`;
}
