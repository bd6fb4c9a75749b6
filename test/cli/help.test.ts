import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { commands } from "../../src/cli/commands.ts";
import { formatCompletion, shells } from "../../src/cli/completion.ts";
import { CommandLine } from "./commandLine.ts";

describe("help", () => {
  it.each([[[]], [["help"]], [["--help"]], [["-h"]]])("shows every command for %j", async (argv) => {
    using shell = new CommandLine();
    const { code, stdout } = await shell.run(argv);
    expect(code).toBe(0);
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, "m"));
  });

  it.each(commands)(
    "of $name is the same in both forms, and fits into 80 columns but for examples",
    async ({ name }) => {
      using shell = new CommandLine();
      const { stdout } = await shell.run(["help", name]);
      expect((await shell.run([name, "--help"])).stdout).toBe(stdout);
      const [text = ""] = stdout.split("\nExamples\n");
      expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it.each([[["help", "rnu"]], [["rnu"]]])("suggests the command that %j means", async (argv) => {
    using shell = new CommandLine();
    const { code, stderr } = await shell.run(argv);
    expect(code).toBe(2);
    expect(stderr).toBe('There is no command "rnu".\nDid you mean "run"?\n');
  });

  it("prints the version alone", async () => {
    using shell = new CommandLine();
    expect(await shell.run(["--version"])).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
  });
});

function completeInBash(words: readonly string[]): readonly string[] {
  const script = [
    'loadfleet() { printf "%s\\n" 01aaa 01bbb; }',
    formatCompletion("bash", commands),
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _loadfleet`,
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join("\n");
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\n").filter(Boolean);
}

describe.skipIf(process.platform === "win32")("completion in bash", () => {
  it.each([
    [
      ["loadfleet", "ru"],
      ["run", "runs"],
    ],
    [["loadfleet", "run", "--us"], ["--users"]],
    [
      ["loadfleet", "run", "--format", ""],
      ["text", "json"],
    ],
    [
      ["loadfleet", "show", ""],
      ["last", "01aaa", "01bbb"],
    ],
    [["loadfleet", "stop", "01b"], ["01bbb"]],
    [["loadfleet", "completion", ""], [...shells]],
    [["loadfleet", "help", "chec"], ["check"]],
    [["loadfleet", "run", "--tasks", ""], []],
  ])("answers %j with %j", (words, expected) => {
    expect(completeInBash(words)).toEqual(expected);
  });

  it("offers files", () => {
    expect(completeInBash(["loadfleet", "check", "package.j"])).toEqual(["package.json"]);
  });
});

describe("completion", () => {
  it.each([["zsh"], ["fish"], ["bash"]] as const)("names every command and option for %s", (shell) => {
    const script = formatCompletion(shell, commands);
    for (const { name, options } of commands) {
      expect(script).toContain(name);
      for (const option of options)
        expect(script).toContain(shell === "fish" ? `-l ${option.name}` : `--${option.name}`);
    }
  });

  it("refuses a shell that it does not know", async () => {
    using shell = new CommandLine();
    const { code, stderr } = await shell.run(["completion", "tcsh"]);
    expect(code).toBe(2);
    expect(stderr).toContain("Choose one of bash, zsh, fish.");
  });
});
