import { describe, expect, it } from "vitest";
import { readArguments, type Arguments } from "../../src/cli/arguments.ts";
import type { Command } from "../../src/cli/command.ts";
import { findCommand } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { UserError } from "../../src/core/errors.ts";

const command: Command = {
  name: "sample",
  summary: "Try the parser",
  operands: { usage: "FILE...", fewest: 1, most: 2, completes: "files" },
  options: [
    { name: "tasks", value: "N", summary: "A count" },
    { name: "rate", value: "RPS", summary: "An amount" },
    { name: "for", value: "DURATION", summary: "A duration" },
    { name: "env", value: "NAME=VALUE", isRepeatable: true, summary: "Pairs" },
    { name: "format", value: "FORMAT", choices: ["text", "json"], summary: "A choice" },
    { name: "detach", summary: "A switch" },
  ],
  examples: [],
  run: async () => 0,
};

function read(line: string): Arguments {
  return readArguments(command, line.split(" "));
}

function refusal(act: () => unknown): { readonly code: string; readonly text: string } {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return { code: error.code, text: `${error.message} ${error.hint ?? ""}` };
    throw error;
  }
  throw new Error("It was accepted.");
}

describe("readArguments", () => {
  it("takes options before, between and after operands", () => {
    const args = read("--tasks 4 a.yml --detach b.yml --for=1m30s");
    expect(args.operands).toEqual(["a.yml", "b.yml"]);
    expect([args.count("tasks"), args.has("detach"), args.durationMs("for")]).toEqual([4, true, 90_000]);
  });

  it("takes the last value of an option that is given twice, and all pairs of a repeatable one", () => {
    const args = read("a.yml --tasks 4 --tasks 5 --env a=1 --env b=x=y --env a=2");
    expect(args.count("tasks")).toBe(5);
    expect(args.pairs("env")).toEqual({ a: "2", b: "x=y" });
  });

  it("takes what follows -- as operands", () => {
    expect(read("-- --tasks").operands).toEqual(["--tasks"]);
  });

  it("needs no operand to show help", () => {
    expect(read("--help").has("help")).toBe(true);
    expect(read("-h").has("help")).toBe(true);
  });

  it.each([
    ["a.yml --task 4", "unknown-option", 'Did you mean "--tasks"?'],
    ["a.yml --detahc", "unknown-option", 'Did you mean "--detach"?'],
    ["a.yml -x", "unknown-option", "loadfleet help sample"],
    ["a.yml --xylophone", "unknown-option", "loadfleet help sample"],
    ["a.yml --tasks", "bad-option-value", "--tasks=N"],
    ["a.yml --tasks --detach", "bad-option-value", "--tasks=N"],
    ["a.yml --tasks=", "bad-option-value", "--tasks=N"],
    ["a.yml --detach=yes", "bad-option-value", "takes no value"],
    ["a.yml --format xml", "bad-option-value", "Choose one of text, json"],
    ["--detach", "missing-operand", "needs FILE..."],
    ["a b c", "too-many-operands", '"c"'],
  ])("refuses %s", (line, code, text) => {
    const refused = refusal(() => read(line));
    expect(refused.code).toBe(code);
    expect(refused.text).toContain(text);
  });

  it.each([
    ["--tasks 0", (args: Arguments) => args.count("tasks")],
    ["--tasks 1.5", (args: Arguments) => args.count("tasks")],
    ["--tasks=-3", (args: Arguments) => args.count("tasks")],
    ["--tasks four", (args: Arguments) => args.count("tasks")],
    ["--rate 0", (args: Arguments) => args.amount("rate")],
    ["--rate 1e999", (args: Arguments) => args.amount("rate")],
    ["--rate fast", (args: Arguments) => args.amount("rate")],
    ["--for soon", (args: Arguments) => args.durationMs("for")],
    ["--for 0s", (args: Arguments) => args.durationMs("for")],
    ["--env port", (args: Arguments) => args.pairs("env")],
    ["--env =8080", (args: Arguments) => args.pairs("env")],
  ])("refuses the value of %s", (line, decode) => {
    expect(refusal(() => decode(read(`a.yml ${line}`))).code).toBe("bad-option-value");
  });

  it("reads fractions of a rate, and bare seconds as a duration", () => {
    const args = read("a.yml --rate 0.5 --for 90");
    expect([args.amount("rate"), args.durationMs("for")]).toEqual([0.5, 90_000]);
  });
});

describe("the table of commands", () => {
  it.each(commands)("gives $name examples that its own parser accepts", ({ examples }) => {
    expect(examples.length).toBeGreaterThan(0);
    for (const { line } of examples) {
      const words = /loadfleet (.*?)(?: [|]|\)|$)/.exec(line)?.[1]?.replaceAll("'", "").split(" ") ?? [];
      const [first = "", ...rest] = words;
      expect(() => readArguments(findCommand(commands, first), rest)).not.toThrow();
    }
  });

  it.each(commands)("uses each option of $name once", ({ options }) => {
    const names = options.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  it("uses each name once", () => {
    const names = commands.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });
});
