import type { TreeItem, TreeView } from "vscode";

/** What is registered before the feature is loaded, for it to keep up to date. */
export interface RunViews {
  readonly runsView: TreeView<TreeItem>;
  readonly refreshRuns: () => void;
  readonly refreshScenarios: () => void;
  readonly refreshLenses: () => void;
}
