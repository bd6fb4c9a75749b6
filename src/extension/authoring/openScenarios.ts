import { commands, Disposable, workspace, type TextDocument, type Uri } from "vscode";
import { isScenario, isScenarioName } from "../recognize.ts";

/** Finds the load tests of the workspace that only their content tells, as far as they are open. */
export function scenariosByContent(): readonly Uri[] {
  return workspace.textDocuments.filter(isScenarioByContent).map(({ uri }) => uri);
}

/** Keeps the context key by which menus of package.json know them, and calls back when one comes or goes. */
export function watchScenariosByContent(onChange: () => void): Disposable {
  const known = new Map<string, Uri>();
  const note = (uri: Uri, isOne: boolean): void => {
    const key = uri.toString();
    if (known.has(key) === isOne) return;
    if (isOne) known.set(key, uri);
    else known.delete(key);
    // A menu knows a file by the first of these in a local window, by the second in a remote one.
    const paths = [...known.values()].flatMap(({ fsPath, path }) => [fsPath, path]);
    void commands.executeCommand("setContext", "loadfleet.scenariosByContent", paths);
    onChange();
  };
  const look = (document: TextDocument): void => note(document.uri, isScenarioByContent(document));
  const lookAtAll = (): void => workspace.textDocuments.forEach(look);
  lookAtAll();
  return Disposable.from(
    workspace.onDidOpenTextDocument(look),
    workspace.onDidChangeTextDocument(({ document }) => look(document)),
    workspace.onDidCloseTextDocument(({ uri }) => note(uri, false)),
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("loadfleet.editor")) lookAtAll();
    }),
  );
}

function isScenarioByContent(document: TextDocument): boolean {
  const { uri } = document;
  if (isScenarioName(uri) || uri.scheme !== "file" || workspace.getWorkspaceFolder(uri) === undefined) return false;
  return isScenario(document);
}
