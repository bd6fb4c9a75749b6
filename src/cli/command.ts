import { UserError } from "../core/errors.ts";
import type { Arguments } from "./arguments.ts";
import type { Context } from "./context.ts";
import { suggest } from "./suggest.ts";

/** What a shell offers for a word: paths of files or folders, ids of runs, or nothing. */
export type Completes = "files" | "folders" | "runs" | "commands" | "shells" | "nothing";

/** One option of a command; without `value` it is a switch. */
export interface Option {
  /** Without the dashes. */
  readonly name: string;
  /** Name of the value in help, for example `DURATION`. */
  readonly value?: string;
  readonly isRepeatable?: boolean;
  /** The only values there are. */
  readonly choices?: readonly string[];
  readonly completes?: Completes;
  /** Imperative phrase without a full stop. */
  readonly summary: string;
}

/** What stands after the command's name, beside options. */
export interface Operands {
  /** As in help: `FILE...`, `RUN`, `[COMMAND]`. */
  readonly usage: string;
  readonly fewest: number;
  readonly most: number;
  readonly completes: Completes;
}

/** A command of the CLI: the one source of parsing, help and completion. */
export interface Command {
  readonly name: string;
  /** Imperative phrase without a full stop. */
  readonly summary: string;
  /** A paragraph for its own help, when the summary does not say enough. */
  readonly details?: string;
  readonly operands: Operands;
  readonly options: readonly Option[];
  readonly examples: readonly { readonly line: string; readonly explains: string }[];
  /** Answers the exit code. @throws {UserError} */
  readonly run: (args: Arguments, context: Context) => Promise<number>;
}

/** Finds a command by its name. @throws {UserError} `unknown-command`, with the nearest name */
export function findCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) return command;
  const names = commands.map((candidate) => candidate.name);
  throw new UserError("unknown-command", `There is no command "${name}".`, {
    hint: suggest(name, names) ?? 'Run "loadfleet help" to see all commands.',
  });
}
