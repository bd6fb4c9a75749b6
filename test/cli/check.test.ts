import { expect, it } from "vitest";
import { CommandLine } from "./commandLine.ts";

const good = `execution:
- concurrency: 5
  hold-for: 10s
  scenario: shop
scenarios:
  shop:
    requests:
    - http://127.0.0.1:8080/
`;
const bad = good.replace("hold-for", "hold-fro");

it("finds nothing in a scenario without mistakes", async () => {
  using shell = new CommandLine();
  shell.write("good.loadtest.yml", good);
  expect(await shell.run(["check", "good.loadtest.yml"])).toEqual({
    code: 0,
    stdout: "No problems in 1 file.\n",
    stderr: "",
  });
});

it("shows the place of a mistake, the line with the mistake underlined, and the fix", async () => {
  using shell = new CommandLine();
  shell.write("bad.loadtest.yml", bad);
  const { code, stdout } = await shell.run(["check", "bad.loadtest.yml"]);
  expect(code).toBe(2);
  expect(stdout).toContain("bad.loadtest.yml:3:3  error  ");
  expect(stdout).toContain('  3 |   hold-fro: 10s\n    |   ^^^^^^^^\n  fix  Change to "hold-for"\n');
  expect(stdout).toMatch(/1 error.* in 1 file\.\n$/);
});

it("writes the contract's JSON, files without mistakes included", async () => {
  using shell = new CommandLine();
  shell.write("good.loadtest.yml", good);
  shell.write("bad.loadtest.yml", bad);
  const { code, stdout } = await shell.run(["check", "good.loadtest.yml", "bad.loadtest.yml", "--format", "json"]);
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    schema: "loadfleet.check.v1",
    files: [
      { file: "good.loadtest.yml", problems: [] },
      {
        file: "bad.loadtest.yml",
        problems: expect.arrayContaining([
          {
            code: "unknown-key",
            severity: "error",
            message: expect.stringContaining('write "hold-for"'),
            line: 3,
            column: 3,
            endLine: 3,
            endColumn: 11,
            fix: { title: 'Change to "hold-for"', edits: [expect.objectContaining({ text: "hold-for" })] },
          },
        ]),
      },
    ],
  });
});

it("lists mistakes of an included configuration under its own name, with its own line", async () => {
  using shell = new CommandLine();
  shell.write("base.yml", "scenarios:\n  cart:\n    request:\n    - http://127.0.0.1:8080/\n");
  shell.write("main.loadtest.yml", `included-configs: [base.yml]\n${good}`);
  const text = await shell.run(["check", "main.loadtest.yml"]);
  expect(text.stdout).toContain("base.yml:3:5  error");
  expect(text.stdout).toContain("3 |     request:");
  const json = await shell.run(["check", "main.loadtest.yml", "--format", "json"]);
  const files: readonly { file: string; problems: readonly unknown[] }[] = JSON.parse(json.stdout).files;
  expect(files.map(({ file, problems }) => [file, problems.length > 0])).toEqual([
    ["main.loadtest.yml", false],
    ["base.yml", true],
  ]);
});

it("refuses a file over 1 MB without reading it", async () => {
  using shell = new CommandLine();
  shell.write("huge.loadtest.yml", `${good}# ${"x".repeat(1024 * 1024)}\n`);
  const { code, stdout } = await shell.run(["check", "huge.loadtest.yml"]);
  expect(code).toBe(2);
  expect(stdout).toContain("[file-too-large]");
});

it.each([
  [["check", "none.yml"], 'There is no file "none.yml".'],
  [["check", "."], '"." is no file.'],
  [["check"], 'The command "loadfleet check" needs FILE....'],
])("explains %j", async (argv, sentence) => {
  using shell = new CommandLine();
  const { code, stdout, stderr } = await shell.run(argv);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain(sentence);
});
