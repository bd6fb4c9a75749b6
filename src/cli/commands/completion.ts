import { exitCodes, UserError } from "../../core/errors.ts";
import type { Command } from "../command.ts";
import { formatCompletion, shells } from "../completion.ts";

/** Makes `loadfleet completion SHELL` for a table of commands. */
export function completionCommand(commands: () => readonly Command[]): Command {
  return {
    name: "completion",
    summary: "Print the completion script of a shell",
    operands: { usage: shells.join("|"), fewest: 1, most: 1, completes: "shells" },
    options: [],
    examples: [
      { line: "source <(loadfleet completion bash)", explains: "bash: this line in ~/.bashrc" },
      { line: "source <(loadfleet completion zsh)", explains: "zsh: this line in ~/.zshrc, after compinit" },
      { line: "loadfleet completion fish | source", explains: "fish: this line in ~/.config/fish/config.fish" },
    ],
    run: async ({ operands: [name = ""] }, { stdout }) => {
      const shell = shells.find((known) => known === name);
      if (shell === undefined) {
        throw new UserError("unknown-shell", `There is no completion for the shell "${name}".`, {
          hint: `Choose one of ${shells.join(", ")}.`,
        });
      }
      stdout.write(formatCompletion(shell, commands()));
      return exitCodes.passed;
    },
  };
}
