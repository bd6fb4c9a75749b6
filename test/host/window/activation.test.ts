import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { commands, extensions } from "vscode";

describe("activation", () => {
  const extension = extensions.getExtension("loadfleet.loadfleet");

  it("activates in a workspace with a load test", async () => {
    assert.ok(extension, "the extension is installed");
    await extension.activate();
    assert.ok(extension.isActive);
    const [inside] = performance.getEntriesByName("loadfleet activate");
    assert.ok(inside, "the time inside activate is measured");
    console.log(`measured: ${inside.duration.toFixed(1)} ms inside activate`);
  });

  it("registers every command of its manifest", async () => {
    const declared: { command: string }[] = extension?.packageJSON.contributes.commands;
    const registered = new Set(await commands.getCommands(true));
    const missing = declared.map(({ command }) => command).filter((id) => !registered.has(id));
    assert.deepEqual(missing, []);
  });
});
