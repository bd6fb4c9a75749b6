import { exitCodes } from "../../core/errors.ts";
import { findCommand, type Command } from "../command.ts";
import { formatCommandHelp, formatOverview } from "../help.ts";
import { styleFor } from "../style.ts";

/** Makes `loadfleet help [COMMAND]` for a table of commands. */
export function helpCommand(commands: () => readonly Command[]): Command {
  return {
    name: "help",
    summary: "Show all commands, or the options and examples of one",
    operands: { usage: "[COMMAND]", fewest: 0, most: 1, completes: "commands" },
    options: [],
    examples: [{ line: "loadfleet help run", explains: "options and examples of one command" }],
    run: async ({ operands: [name] }, { stdout }) => {
      const style = styleFor(stdout);
      const text =
        name === undefined
          ? formatOverview(commands(), style)
          : formatCommandHelp(findCommand(commands(), name), style);
      stdout.write(text);
      return exitCodes.passed;
    },
  };
}
