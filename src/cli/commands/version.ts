import { exitCodes } from "../../core/errors.ts";
import type { Command } from "../command.ts";

/** `loadfleet version`. */
export const versionCommand: Command = {
  name: "version",
  summary: "Print the version",
  operands: { usage: "", fewest: 0, most: 0, completes: "nothing" },
  options: [],
  examples: [{ line: "loadfleet version", explains: "the number alone, for scripts" }],
  run: async (_args, { stdout, version }) => {
    stdout.write(`${version}\n`);
    return exitCodes.passed;
  },
};
