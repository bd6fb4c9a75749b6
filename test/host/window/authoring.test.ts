import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "mocha";
import {
  commands,
  CompletionItemKind,
  EndOfLine,
  languages,
  Position,
  Range,
  Selection,
  Uri,
  window,
  workspace,
  WorkspaceEdit,
  type CodeAction,
  type CompletionList,
  type Diagnostic,
  type DocumentSymbol,
  type FoldingRange,
  type Hover,
  type Location,
  type MarkdownString,
  type TextDocument,
} from "vscode";

const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file("/");
let made = 0;

/** Opens a new load test; `|` marks a position. */
async function open(marked: string, name = `made${++made}.loadtest.yml`) {
  const offset = marked.indexOf("|");
  const text = offset < 0 ? marked : marked.slice(0, offset) + marked.slice(offset + 1);
  const uri = Uri.joinPath(folder, "authoring", name);
  await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  const document = await workspace.openTextDocument(uri);
  await window.showTextDocument(document);
  return { document, uri, position: document.positionAt(Math.max(0, offset)) };
}

/** Waits until what is shown about a document is as wanted; mocha ends it when that never comes. */
async function problemsWhen(uri: Uri, isWanted: (shown: readonly Diagnostic[]) => boolean): Promise<Diagnostic[]> {
  const own = () => languages.getDiagnostics(uri).filter(({ source }) => source === "Loadfleet");
  if (isWanted(own())) return own();
  return new Promise((resolve) => {
    const listener = languages.onDidChangeDiagnostics(() => {
      if (!isWanted(own())) return;
      listener.dispose();
      resolve(own());
    });
  });
}

const codesOf = (shown: readonly Diagnostic[]) =>
  shown.map(({ code }) => (typeof code === "object" ? String(code.value) : String(code)));
const hasCode = (code: string) => (shown: readonly Diagnostic[]) => codesOf(shown).includes(code);

async function fix(document: TextDocument, shown: Diagnostic | undefined, title: string): Promise<void> {
  assert.ok(shown, "there is a problem");
  const actions = await commands.executeCommand<CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    shown.range,
  );
  const action = actions.find((candidate) => candidate.title === title);
  assert.ok(action?.edit, `"${title}" is among ${actions.map((candidate) => candidate.title).join(", ")}`);
  await workspace.applyEdit(action.edit);
}

async function suggestionsAt({ uri, position }: { uri: Uri; position: Position }): Promise<string[]> {
  const list = await commands.executeCommand<CompletionList>("vscode.executeCompletionItemProvider", uri, position);
  return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
}

const shop = `execution:
  - scenario: browse
    concurrency: 10
    ramp-up: 5s
    hold-for: 15s
scenarios:
  browse:
    default-address: http://127.0.0.1:8080
    requests:
      - label: List products
        url: /products
reporting:
  - module: passfail
    criteria:
      - p95>300ms
`;

describe("problems of a load test", () => {
  it("appear with a code and a link, and go when they are mended by their quick fix", async () => {
    const { document, uri } = await open(shop.replace("hold-for", "hold-fro"));
    const [shown] = await problemsWhen(uri, hasCode("unknown-key"));
    assert.equal(shown?.range.start.line, 4);
    assert.match(String(typeof shown?.code === "object" ? shown.code.target : ""), /problems\.md#L\d+$/);
    await fix(document, shown, 'Change to "hold-for"');
    assert.equal(document.getText(), shop);
    assert.deepEqual(await problemsWhen(uri, (now) => now.length === 0), []);
  });

  it("follow what is typed", async () => {
    const { document, uri } = await open(shop);
    await problemsWhen(uri, (shown) => shown.length === 0);
    const edit = new WorkspaceEdit();
    edit.replace(uri, new Range(1, 14, 1, 20), "nobody");
    await workspace.applyEdit(edit);
    await problemsWhen(uri, hasCode("unknown-scenario"));
    assert.ok(document.isDirty);
  });

  it("offer to create a file that is missing, and see that it is there", async () => {
    const { uri, position } = await open(
      shop.replace("    requests:", "    data-sources: [peo|ple.csv]\n    requests:"),
    );
    await problemsWhen(uri, hasCode("missing-file"));
    const editor = window.activeTextEditor;
    assert.equal(editor?.document.uri.toString(), uri.toString());
    editor.selection = new Selection(position, position);
    await commands.executeCommand("editor.action.autoFix");
    await problemsWhen(uri, (now) => now.length === 0);
    const bytes = await workspace.fs.readFile(Uri.joinPath(uri, "..", "people.csv"));
    assert.equal(new TextDecoder().decode(bytes), "name\nvalue\n");
  });

  it("see what another program does with the files that are named", async () => {
    const { uri } = await open(shop.replace("    requests:", "    data-sources: [rows/late.csv]\n    requests:"));
    await problemsWhen(uri, hasCode("missing-file"));
    const rows = Uri.joinPath(uri, "..", "rows").fsPath;
    await mkdir(rows);
    await writeFile(join(rows, "late.csv"), "name\nvalue\n");
    await problemsWhen(uri, (shown) => shown.length === 0);
    await rm(rows, { recursive: true });
    await problemsWhen(uri, hasCode("missing-file"));
  });

  it("offer to remove a key that nobody reads", async () => {
    const { document, uri } = await open(shop.replace("    ramp-up: 5s\n", "    frobnicate: 1\n"));
    const [shown] = await problemsWhen(uri, hasCode("unknown-key"));
    await fix(document, shown, "Remove it");
    assert.equal(document.getText(), shop.replace("    ramp-up: 5s\n", ""));
  });

  it("offer a relative path for an absolute one below the folder", async () => {
    const plan = Uri.joinPath(folder, "authoring", "plans", "a.js");
    await workspace.fs.writeFile(plan, new TextEncoder().encode("export default function () {}\n"));
    const { document, uri } = await open(
      `execution:\n  - scenario: s\n    executor: k6\n    hold-for: 1m\nscenarios:\n  s:\n    script: ${plan.fsPath}\n`,
    );
    const shown = (await problemsWhen(uri, hasCode("absolute-path"))).find((one) => hasCode("absolute-path")([one]));
    await fix(document, shown, 'Change to "plans/a.js"');
    await problemsWhen(uri, (now) => !hasCode("absolute-path")(now));
  });

  it("offer a tracked percentile, a label and a duration", async () => {
    const text = shop.replace("15s", "15 seconds").replace("p95>300ms", "p96>300ms\n      - p95 of List product>300ms");
    const { document, uri } = await open(text);
    for (const [code, title] of [
      ["bad-value", 'Change to "15s"'],
      ["untracked-percentile", 'Change to "p95"'],
      ["unknown-label", 'Change to "List products"'],
    ] as const) {
      const shown = await problemsWhen(uri, hasCode(code));
      await fix(
        document,
        shown.find((one) => hasCode(code)([one])),
        title,
      );
    }
    assert.deepEqual(await problemsWhen(uri, (now) => now.length === 0), []);
  });

  it("are found in a file with Windows' line ends at the same places", async () => {
    const { document, uri } = await open(shop.replace("hold-for", "hold-fro").replaceAll("\n", "\r\n"));
    assert.equal(document.eol, EndOfLine.CRLF);
    const [shown] = await problemsWhen(uri, hasCode("unknown-key"));
    assert.equal(document.getText(shown?.range), "hold-fro");
  });

  it("are found in YAML that is Taurus by its content, and not in other YAML", async () => {
    const taurus = await open("execution:\n  - scenario: nobody\n", "any-name.yml");
    await problemsWhen(taurus.uri, hasCode("unknown-scenario"));
    const other = await open("services:\n  web: {image: nginx}\n", "compose-like.yml");
    const list = await commands.executeCommand<CompletionList>(
      "vscode.executeCompletionItemProvider",
      other.uri,
      new Position(2, 0),
    );
    // The editor itself suggests the words of other files.
    assert.deepEqual(
      list.items.filter(({ kind }) => kind === CompletionItemKind.Property),
      [],
    );
    assert.deepEqual(codesOf(languages.getDiagnostics(other.uri).filter(({ source }) => source === "Loadfleet")), []);
  });

  it("of a JMX file are found", async () => {
    const { uri } = await open("<jmeterTestPlan><hashTree/></jmeterTestPlan>\n", "empty.jmx");
    await problemsWhen(uri, hasCode("jmx-no-thread-group"));
  });
});

describe("completion", () => {
  it("offers keys, scenarios, labels and files", async () => {
    const keys = await suggestionsAt(await open(shop.replace("    ramp-up: 5s\n", "    |\n")));
    assert.ok(keys.includes("ramp-up") && keys.includes("throughput") && !keys.includes("hold-for"), keys.join());
    const scenarios = await suggestionsAt(await open(shop.replace("- scenario: browse", "- scenario: |")));
    assert.ok(scenarios.includes("browse"), scenarios.join());
    const labels = await suggestionsAt(await open(shop.replace("p95>300ms", "p95 of |")));
    assert.ok(labels.includes("List products"), labels.join());
    await workspace.fs.writeFile(Uri.joinPath(folder, "authoring", "data", "rows.csv"), new Uint8Array());
    const data = shop.replace("    requests:", "    data-sources:\n      - data/|\n    requests:");
    assert.ok((await suggestionsAt(await open(data))).includes("rows.csv"));
  });
});

describe("hover", () => {
  const textAt = async ({ uri, position }: { uri: Uri; position: Position }) => {
    const hovers = await commands.executeCommand<Hover[]>("vscode.executeHoverProvider", uri, position);
    return hovers.flatMap(({ contents }) => contents.map((part) => (part as MarkdownString).value)).join("\n");
  };

  it("explains a key with a link to Taurus' documentation", async () => {
    const text = await textAt(await open(shop.replace("requests:", "requ|ests:")));
    assert.match(text, /Requests and blocks, in order\.[\s\S]*\(https:\/\/gettaurus\.org\/docs\/JMeter\/#Requests\)/);
  });

  it("explains a key of its own with a link to the manual that comes with it", async () => {
    const text = await textAt(await open(`${shop}loadfleet:\n  ta|sks: 2\n`));
    assert.match(text, /\[Loadfleet documentation\]\(file:\/\/[^)]*\/docs\/scenario\.md#L\d{2,}\)/);
  });

  it("of execution shows a picture of the load", async () => {
    const text = await textAt(await open(`|${shop}`));
    assert.match(text, /Up to 10 users, ramp-up 5s, 20s in all\./);
    const svg = Buffer.from(/base64,([^)]+)/.exec(text)?.[1] ?? "", "base64").toString();
    assert.match(svg, /^<svg [\s\S]*>10 users<[\s\S]*<\/svg>$/);
  });
});

describe("finding one's way", () => {
  const ask = <T>(command: string, { uri, position }: { uri: Uri; position: Position }, ...more: unknown[]) =>
    commands.executeCommand<T>(command, uri, position, ...more);

  it("goes to the definition of a scenario, a label and a file", async () => {
    const scenario = await ask<Location[]>(
      "vscode.executeDefinitionProvider",
      await open(shop.replace(": browse", ": bro|wse")),
    );
    assert.equal(scenario[0]?.range.start.line, 6);
    const label = await ask<Location[]>(
      "vscode.executeDefinitionProvider",
      await open(shop.replace("p95>", "p95 of List| products>")),
    );
    assert.equal(label[0]?.range.start.line, 9);
    await workspace.fs.writeFile(Uri.joinPath(folder, "authoring", "users.csv"), new Uint8Array());
    const file = await ask<Location[]>(
      "vscode.executeDefinitionProvider",
      await open(shop.replace("    requests:", "    data-sources: [us|ers.csv]\n    requests:")),
    );
    assert.match(file[0]?.uri.path ?? "", /authoring\/users\.csv$/);
  });

  it("renames a scenario and its uses", async () => {
    const opened = await open(shop.replace(": browse", ": bro|wse"));
    const edit = await ask<WorkspaceEdit>("vscode.executeDocumentRenameProvider", opened, "look around");
    await workspace.applyEdit(edit);
    assert.equal(opened.document.getText(), shop.replaceAll("browse", "look around"));
  });

  it("refuses the name of another scenario", async () => {
    const opened = await open(
      shop.replace(": browse", ": bro|wse").replace("reporting:", "  buy: {requests: [/]}\nreporting:"),
    );
    await assert.rejects(async () => ask("vscode.executeDocumentRenameProvider", opened, "buy"), /buy already/);
  });

  it("outlines and folds", async () => {
    const { uri } = await open(shop);
    const symbols = await commands.executeCommand<DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", uri);
    const ours = symbols.find(({ name }) => name === "scenarios");
    assert.equal(ours?.children[0]?.children[0]?.name, "List products");
    const folds = await commands.executeCommand<FoldingRange[]>("vscode.executeFoldingRangeProvider", uri);
    assert.ok(folds.some(({ start, end }) => start === 0 && end === 4));
  });

  it("outlines a JMX file", async () => {
    const { uri } = await open(
      '<jmeterTestPlan><hashTree><TestPlan testname="P"/><hashTree><ThreadGroup testclass="ThreadGroup" testname="Users"><stringProp name="ThreadGroup.num_threads">5</stringProp></ThreadGroup><hashTree><HTTPSamplerProxy testclass="HTTPSamplerProxy" testname="Home"/><hashTree/></hashTree></hashTree></hashTree></jmeterTestPlan>\n',
      "plan.jmx",
    );
    const symbols = await commands.executeCommand<DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", uri);
    assert.deepEqual(
      symbols.map(({ name, children }) => [name, children.map((child) => child.name)]),
      [["Users", ["Home"]]],
    );
  });
});

describe("a new load test", () => {
  it("from a URL is a file without problems", async () => {
    await window.showTextDocument((await open(shop)).document);
    await commands.executeCommand("loadfleet.scenario.new", "https://www.example.com/news");
    const document = window.activeTextEditor?.document;
    assert.match(document?.uri.path ?? "", /example\.loadtest\.yml$/);
    assert.match(document?.getText() ?? "", /default-address: https:\/\/www\.example\.com\n[\s\S]*label: News/);
  });

  it("of the same address gets a name of its own", async () => {
    await commands.executeCommand("loadfleet.scenario.new", "https://www.example.com/news");
    assert.match(window.activeTextEditor?.document.uri.path ?? "", /example-2\.loadtest\.yml$/);
  });

  it("from a test plan goes beside the plan", async () => {
    const plan = await open("<jmeterTestPlan><hashTree/></jmeterTestPlan>\n", "Peak.jmx");
    await commands.executeCommand("loadfleet.scenario.new", plan.uri);
    const document = window.activeTextEditor?.document;
    assert.match(document?.uri.path ?? "", /authoring\/peak\.loadtest\.yml$/);
    assert.match(document?.getText() ?? "", /script: Peak\.jmx/);
  });
});
