import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import {
  commands,
  languages,
  Position,
  Uri,
  window,
  workspace,
  type CodeAction,
  type CodeLens,
  type CompletionList,
  type Diagnostic,
  type TextDocument,
} from "vscode";
import { MemoryFiles } from "./memoryFiles.ts";

const scenario = `execution:
  - concurency: 5
    hold-for: 10s
    scenario: shop
scenarios:
  shop:
    data-sources: [users.csv]
    requests:
      - http://127.0.0.1:8000/
`;

describe("a load test in a workspace that is on no disk", () => {
  const uri = Uri.parse("memfs:/shop.loadtest.yml");
  let document: TextDocument;

  before(async () => {
    workspace.registerFileSystemProvider("memfs", new MemoryFiles(), { isCaseSensitive: true });
    assert.deepEqual(
      workspace.workspaceFolders?.map((folder) => folder.uri.toString()),
      ["memfs:/"],
    );
    await workspace.fs.writeFile(uri, new TextEncoder().encode(scenario));
    document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document);
  });

  async function problems(): Promise<readonly Diagnostic[]> {
    const own = () => languages.getDiagnostics(uri).filter(({ source }) => source === "Loadfleet");
    if (own().length > 0) return own();
    return new Promise((resolve) => {
      const listener = languages.onDidChangeDiagnostics(() => {
        if (own().length === 0) return;
        listener.dispose();
        resolve(own());
      });
    });
  }

  it("shows what is wrong in it, and nothing about files that cannot be seen", async () => {
    assert.deepEqual(
      (await problems()).map(({ code }) => (typeof code === "object" ? code.value : code)),
      ["unknown-key"],
    );
  });

  it("mends a misspelt key", async () => {
    const [problem] = await problems();
    assert.ok(problem);
    const actions = await commands.executeCommand<CodeAction[]>("vscode.executeCodeActionProvider", uri, problem.range);
    const edit = actions.find(({ title }) => title.includes('"concurrency"'))?.edit;
    assert.ok(edit, actions.map(({ title }) => title).join(", "));
    assert.ok(await workspace.applyEdit(edit));
    assert.match(document.lineAt(1).text, /concurrency: 5/);
  });

  it("suggests names of scenarios", async () => {
    const position = new Position(3, "    scenario: ".length);
    const list = await commands.executeCommand<CompletionList>("vscode.executeCompletionItemProvider", uri, position);
    const labels = list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
    assert.ok(labels.includes("shop"), labels.join(", "));
  });

  it("offers no run, which would need the files on a disk", async () => {
    const lenses = await commands.executeCommand<CodeLens[]>("vscode.executeCodeLensProvider", uri);
    assert.deepEqual(lenses, []);
  });
});
