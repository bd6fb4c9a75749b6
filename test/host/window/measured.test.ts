import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { commands, Uri, workspace, type CodeLens } from "vscode";

const requests = Array.from(
  { length: 990 },
  (_, index) => `      - url: /page/${index}\n        label: Page ${index}\n`,
).join("");
const content = `execution:\n  - concurrency: 5\n    hold-for: 1m\n    scenario: long\nscenarios:\n  long:\n    default-address: http://127.0.0.1:8000\n    requests:\n${requests}reporting:\n  - module: passfail\n    criteria: ["p95>1s"]\n`;

describe("a scenario of 2,000 lines", () => {
  it("gets its lenses from the reading that its problems come from", async () => {
    const [folder] = workspace.workspaceFolders ?? [];
    assert.ok(folder, "a folder is open");
    const uri = Uri.joinPath(folder.uri, "long.loadtest.yml");
    await workspace.fs.writeFile(uri, new TextEncoder().encode(content));
    const document = await workspace.openTextDocument(uri);
    const lenses = () => commands.executeCommand<CodeLens[]>("vscode.executeCodeLensProvider", document.uri);
    const first = await lenses();
    const second = await lenses();
    const [own] = performance.getEntriesByName("loadfleet lenses");
    assert.ok(first.length > 0, "there are lenses");
    assert.equal(second.length, first.length);
    assert.ok(own, "their time is measured");
    console.log(`measured: ${own.duration.toFixed(2)} ms for the lenses of 2,000 lines from the reading that is kept`);
  });
});
