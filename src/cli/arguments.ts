import { parseArgs } from "node:util";
import { UserError } from "../core/errors.ts";
import { parseDuration } from "../core/units.ts";
import type { Command, Option } from "./command.ts";
import { suggest } from "./suggest.ts";

/** The command line of one command, checked against its table. */
export class Arguments {
  readonly operands: readonly string[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(operands: readonly string[], values: ReadonlyMap<string, readonly string[]>) {
    this.operands = operands;
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The option's value; the last one counts. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  texts(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** @throws {UserError} `bad-option-value` unless it is a whole number of at least 1 */
  count(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw badValue(name, text, "is no whole number of at least 1", `${name} 4`);
  }

  /** @throws {UserError} `bad-option-value` unless it is a number above 0 */
  amount(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d/.test(text) && Number.isFinite(value) && value > 0) return value;
    throw badValue(name, text, "is no number above 0", `${name} 50`);
  }

  /** In ms. @throws {UserError} `bad-option-value` unless it is a duration as Taurus writes them */
  durationMs(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const ms = parseDuration(text);
    if (ms !== undefined && ms > 0) return ms;
    throw badValue(name, text, "is no duration above 0", `${name} 1m30s`);
  }

  /** Pairs of a repeatable option such as `--env NAME=VALUE`. @throws {UserError} `bad-option-value` */
  pairs(name: string): Readonly<Record<string, string>> {
    const pairs = this.texts(name).map((text): [string, string] => {
      const at = text.indexOf("=");
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw badValue(name, text, "has no name and value", `${name} port=8080`);
    });
    return Object.fromEntries(pairs);
  }
}

function badValue(name: string, text: string, fault: string, example: string): UserError {
  return new UserError("bad-option-value", `The value "${text}" of --${name} ${fault}.`, {
    hint: `Write it like --${example}.`,
  });
}

/** Options that every command takes. */
export const sharedOptions: readonly Option[] = [{ name: "help", summary: "Show the help of this command" }];

/**
 * Reads the command line of a command.
 * @throws {UserError} `unknown-option`, `bad-option-value`, `missing-operand`, `too-many-operands`
 */
export function readArguments(command: Command, args: readonly string[]): Arguments {
  const options = [...command.options, ...sharedOptions];
  const config = Object.fromEntries(
    options.map(({ name, value }) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  const { tokens } = parseArgs({
    args: [...args],
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const operands: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") operands.push(token.value);
    if (token.kind !== "option") continue;
    const option = options.find(({ name }) => name === token.name || (token.rawName === "-h" && name === "help"));
    if (option === undefined) throw unknownOption(command, token.rawName, options);
    const value = readValue(option, token.value, token.inlineValue === true);
    values.set(option.name, [...(values.get(option.name) ?? []), value]);
  }
  if (!values.has("help")) checkOperands(command, operands);
  return new Arguments(operands, values);
}

function readValue(option: Option, value: string | undefined, isInline: boolean): string {
  if (option.value === undefined) {
    if (value === undefined) return "";
    throw new UserError("bad-option-value", `The option --${option.name} takes no value.`, {
      hint: `Write --${option.name} alone.`,
    });
  }
  if (value === undefined || value === "" || (!isInline && /^-./.test(value))) {
    throw new UserError("bad-option-value", `The option --${option.name} has no value.`, {
      hint: `Write --${option.name}=${option.choices?.join("|") ?? option.value}.`,
    });
  }
  if (option.choices !== undefined && !option.choices.includes(value)) {
    throw new UserError("bad-option-value", `The value "${value}" of --${option.name} does not exist.`, {
      hint: `Choose one of ${option.choices.join(", ")}.`,
    });
  }
  return value;
}

function unknownOption(command: Command, rawName: string, options: readonly Option[]): UserError {
  const names = options.map(({ name }) => `--${name}`);
  return new UserError("unknown-option", `There is no option ${rawName} of "loadfleet ${command.name}".`, {
    hint: suggest(rawName, names) ?? `Run "loadfleet help ${command.name}" to see its options.`,
  });
}

function checkOperands(command: Command, operands: readonly string[]): void {
  const { fewest, most, usage } = command.operands;
  if (operands.length < fewest) {
    throw new UserError("missing-operand", `The command "loadfleet ${command.name}" needs ${usage}.`, {
      hint: `Run "loadfleet help ${command.name}" for examples.`,
    });
  }
  const excess = operands[most];
  if (excess !== undefined) {
    throw new UserError("too-many-operands", `The command "loadfleet ${command.name}" does not take "${excess}".`, {
      hint: `Write it as "loadfleet ${command.name} ${usage}".`,
    });
  }
}
