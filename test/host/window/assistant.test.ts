import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { LanguageModelTextPart, lm, Uri, workspace } from "vscode";

const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file("/");

async function use(name: string, path: string): Promise<string> {
  const { content } = await lm.invokeTool(name, { input: { path }, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : "")).join("");
}

async function write(name: string, text: string): Promise<void> {
  await workspace.fs.writeFile(Uri.joinPath(folder, name), new TextEncoder().encode(text));
}

describe("an assistant", () => {
  it("finds the tools", () => {
    const names = lm.tools.map(({ name }) => name).filter((name) => name.startsWith("loadfleet_"));
    assert.deepEqual(names.toSorted(), ["loadfleet_check", "loadfleet_result", "loadfleet_run"]);
  });

  it("has a load test checked", async () => {
    await write("assistant.loadtest.yml", "execution:\n  - concurency: 5\n");
    assert.match(
      await use("loadfleet_check", "assistant.loadtest.yml"),
      /^assistant\.loadtest\.yml:2:5: error: .*\(unknown-key\)/m,
    );
  });

  it("is told that a file is not there", async () => {
    assert.equal(
      await use("loadfleet_check", "nowhere.loadtest.yml"),
      "There is no file nowhere.loadtest.yml in the workspace. (no-such-file)",
    );
  });

  // Who calls a tool outside of a chat is not asked; in a chat the editor shows what the tool is about to do.
  it("runs a load test to its end, and reads its result again", async function () {
    this.timeout(60_000);
    const shop = new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(folder, "search.loadtest.yml")));
    const address = /http:\/\/127\.0\.0\.1:\d+/.exec(shop)?.[0] ?? "";
    const text = `execution: { concurrency: 2, iterations: 5, scenario: s }\nscenarios: { s: { requests: [{ url: "${address}/products", label: Products }] } }\nreporting: [{ module: passfail, criteria: ["fail>90%"] }]\n`;
    await write("quick.loadtest.yml", text);
    assert.equal(await use("loadfleet_result", "quick.loadtest.yml"), "It was not run on this machine yet.");
    const told = await use("loadfleet_run", "quick.loadtest.yml");
    assert.match(told, /Products/);
    assert.equal(await use("loadfleet_result", "quick.loadtest.yml"), told);
  });
});
