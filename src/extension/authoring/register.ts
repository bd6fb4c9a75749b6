import {
  CodeActionKind,
  commands,
  languages,
  window,
  workspace,
  type ExtensionContext,
  type TextDocument,
} from "vscode";
import { commandIds } from "../commands.ts";
import { lazy } from "../lazy.ts";
import { isScenario, scenarioSelector } from "../recognize.ts";
import type { AuthoringFeature } from "./authoringFeature.ts";

/** Registers what helps to write load tests; the parser and the rest are loaded when the first one is open. */
export function registerAuthoring(context: ExtensionContext): void {
  const feature = lazy(async () => (await import("./authoringFeature.ts")).openAuthoring(context));
  const ask = async <T>(document: TextDocument, question: (authoring: AuthoringFeature) => T | Promise<T>) =>
    isScenario(document) ? question(await feature()) : undefined;
  const wake = async (document: TextDocument): Promise<void> => {
    await ask(document, (authoring) => authoring.checkSoon(document));
  };
  const selector = scenarioSelector;
  context.subscriptions.push(
    commands.registerCommand(commandIds.newScenario, async (source?: unknown) => (await feature()).create(source)),
    workspace.onDidOpenTextDocument(wake),
    workspace.onDidChangeTextDocument(({ document }) => wake(document)),
    window.onDidChangeActiveTextEditor((editor) => editor && wake(editor.document)),
    languages.registerCompletionItemProvider(
      selector,
      {
        provideCompletionItems: (document, at, token) => ask(document, ({ complete }) => complete(document, at, token)),
      },
      " ",
      ":",
      ">",
      "/",
    ),
    languages.registerHoverProvider(selector, {
      provideHover: (document, position) => ask(document, ({ hover }) => hover(document, position)),
    }),
    languages.registerDefinitionProvider(selector, {
      provideDefinition: (document, position) => ask(document, ({ define }) => define(document, position)),
    }),
    languages.registerReferenceProvider(selector, {
      provideReferences: (document, position) => ask(document, ({ findUses }) => findUses(document, position)),
    }),
    languages.registerRenameProvider(selector, {
      prepareRename: (document, position) => ask(document, ({ prepareRename }) => prepareRename(document, position)),
      provideRenameEdits: (document, position, name) => ask(document, ({ rename }) => rename(document, position, name)),
    }),
    languages.registerDocumentSymbolProvider(
      selector,
      { provideDocumentSymbols: (document) => ask(document, ({ outline }) => outline(document)) },
      { label: "Loadfleet" },
    ),
    languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: (document) => ask(document, ({ fold }) => fold(document)),
    }),
    languages.registerCodeActionsProvider(
      selector,
      {
        provideCodeActions: (document, range, { diagnostics }) =>
          ask(document, ({ mend }) => mend(document, range, diagnostics)),
      },
      { providedCodeActionKinds: [CodeActionKind.QuickFix] },
    ),
  );
  for (const document of workspace.textDocuments) void wake(document);
}
