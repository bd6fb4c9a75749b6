import { exitCodeOf, exitCodes, UserError } from "../core/errors.ts";
import { readArguments } from "./arguments.ts";
import { findCommand } from "./command.ts";
import { commands } from "./commands.ts";
import type { Context } from "./context.ts";
import { formatCommandHelp } from "./help.ts";
import { styleFor, type Style } from "./style.ts";

/** Runs a command line (without `node` and the script) and answers its exit code; expected failures are told on stderr. */
export async function runCli(argv: readonly string[], context: Context): Promise<number> {
  try {
    return await dispatch(argv, context);
  } catch (error) {
    if (error instanceof UserError) {
      context.stderr.write(formatError(error, styleFor(context.stderr)));
      return exitCodeOf(error.kind);
    }
    // Whoever waits throws when it is interrupted; what the person asked for needs no message.
    if (context.interrupted.aborted) return exitCodes.cancelled;
    throw error;
  }
}

async function dispatch(argv: readonly string[], context: Context): Promise<number> {
  const [first, ...rest] = argv;
  const name = first === undefined ? "help" : (aliases.get(first) ?? first);
  const command = findCommand(commands, name);
  const args = readArguments(command, rest);
  if (!args.has("help")) return command.run(args, context);
  context.stdout.write(formatCommandHelp(command, styleFor(context.stdout)));
  return exitCodes.passed;
}

const aliases: ReadonlyMap<string, string> = new Map([
  ["--help", "help"],
  ["-h", "help"],
  ["--version", "version"],
  ["-v", "version"],
]);

function formatError({ message, hint }: UserError, { red, dim }: Style): string {
  return `${red(message)}\n${hint === undefined ? "" : `${dim(hint)}\n`}`;
}
