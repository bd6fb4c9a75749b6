import { expect, test } from "vitest";
import { CommandLine } from "./commandLine.ts";

test("doctor says of each tool whether it is there, and how to get it otherwise", async () => {
  using shell = new CommandLine();
  const { code, stdout } = await shell.run(["doctor", "--format", "json"]);
  expect(code).toBe(0);
  const { schema, tools }: { schema: string; tools: Record<string, string>[] } = JSON.parse(stdout);
  expect(schema).toBe("loadfleet.doctor.v1");
  expect(tools[0]).toMatchObject({ name: "Node", version: process.versions.node, state: "there" });
  expect(
    tools.filter(({ state, version, hint }) => (state === "there") !== (version !== undefined && hint === undefined)),
  ).toEqual([]);
  const { stdout: text } = await shell.run(["doctor"]);
  expect(text).toContain(process.versions.node);
  expect(text.trim().split("\n").at(-1)).toMatch(/^A run that needs Taurus (?:uses .*|cannot start: .*)\.$/);
});

test("setup knows nothing but Taurus", async () => {
  using shell = new CommandLine();
  const { code, stderr } = await shell.run(["setup", "jmeter"]);
  expect(code).toBe(2);
  expect(stderr).toContain("loadfleet setup taurus");
});
