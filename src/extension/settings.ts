import { workspace, type ConfigurationScope } from "vscode";

/** The settings of package.json with their types; each reads the value that holds now, for a resource where it has one. */
export const settings = {
  recognizesContent: (scope: ConfigurationScope) => read("editor.recognizeContent", true, scope),
  showsCodeLens: (scope: ConfigurationScope) => read("editor.codeLens", true, scope),
  showsInlineFigures: (scope: ConfigurationScope) => read("editor.inlineFigures", true, scope),
  opensPanel: () => read("run.openPanel", true),
  runsPageSize: () => read("runs.pageSize", 50),
  isTestingEnabled: () => read("testing.enabled", true),
};

function read<T>(name: string, fallback: T, scope?: ConfigurationScope): T {
  return workspace.getConfiguration("loadfleet", scope).get<T>(name, fallback);
}
