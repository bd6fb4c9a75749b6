import type { Option } from "./command.ts";
import type { Output } from "./context.ts";

/** The option `--format` with its values; the first is what a command does without it. */
export function formatOption(...choices: readonly string[]): Option {
  return { name: "format", value: "FORMAT", choices, summary: `Write the answer as ${choices.join(" or ")}` };
}

/** Writes a value as indented JSON on stdout. */
export function writeJson(stdout: Output, value: unknown): void {
  stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
