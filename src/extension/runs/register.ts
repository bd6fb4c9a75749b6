import {
  commands,
  EventEmitter,
  languages,
  window,
  workspace,
  type CodeLensProvider,
  type ExtensionContext,
} from "vscode";
import { watchScenariosByContent } from "../authoring/openScenarios.ts";
import { lazy } from "../lazy.ts";
import { isScenario, scenarioSelector } from "../recognize.ts";
import { settings } from "../settings.ts";
import { registerAssistant } from "../assistant/register.ts";
import { registerTests } from "../testing/register.ts";
import { LazyTree } from "./lazyTree.ts";
import { panelType, pastScheme, runCommandIds } from "./names.ts";
import type { RunsFeature } from "./runsFeature.ts";
import type { RunViews } from "./views.ts";

const lensMeasure = "loadfleet lenses";

/** Registers running, its views and the panel; what they need is loaded at their first use. */
export function registerRuns(context: ExtensionContext): void {
  const lensesChanged = new EventEmitter<void>();
  const feature = lazy(async () => (await import("./runsFeature.ts")).openRunsFeature(context, views));
  const scenarios = new LazyTree(async (parent) => (await feature()).scenarioItems(parent));
  const runs = new LazyTree(async (parent) => (await feature()).runItems(parent));
  const runsView = window.createTreeView("loadfleet.runs", { treeDataProvider: runs });
  const views: RunViews = {
    runsView,
    refreshRuns: runs.refresh,
    refreshScenarios: scenarios.refresh,
    refreshLenses: () => lensesChanged.fire(),
  };
  const lenses: CodeLensProvider = {
    onDidChangeCodeLenses: lensesChanged.event,
    provideCodeLenses: async (document) => {
      const isShown = document.uri.scheme === "file" && isScenario(document) && settings.showsCodeLens(document.uri);
      if (!isShown) return [];
      const loaded = await feature();
      const startMs = performance.now();
      const shown = loaded.lensesOf(document);
      // For whoever measures, the latest only: the editor's own way takes longer.
      performance.clearMeasures(lensMeasure);
      performance.measure(lensMeasure, { start: startMs });
      return shown;
    },
  };
  context.subscriptions.push(
    lensesChanged,
    runsView,
    watchScenariosByContent(scenarios.refresh),
    window.registerTreeDataProvider("loadfleet.scenarios", scenarios),
    // Its welcome text shows until a stack can be deployed from here.
    window.registerTreeDataProvider("loadfleet.stack", new LazyTree(async () => [])),
    ...runCommandIds.map((id) =>
      commands.registerCommand(id, async (...args: readonly unknown[]) => (await feature()).execute(id, args)),
    ),
    languages.registerCodeLensProvider(scenarioSelector, lenses),
    workspace.registerTextDocumentContentProvider(pastScheme, {
      provideTextDocumentContent: async (uri) => (await feature()).readPast(uri),
    }),
    window.registerWebviewPanelSerializer(panelType, {
      deserializeWebviewPanel: async (panel, state: unknown) => (await feature()).restorePanel(panel, state),
    }),
  );
  registerTests(context, async () => (await feature()).services);
  registerAssistant(context, async () => (await feature()).services);
  wakeWhenNeeded(context, feature);
}

/** Loads the feature for a load test that is visible, whose figures it shows, and for a run that still goes on. */
function wakeWhenNeeded(context: ExtensionContext, feature: () => Promise<RunsFeature>): void {
  const wakeForEditors = async (): Promise<void> => {
    if (window.visibleTextEditors.some(({ document }) => isScenario(document))) await feature();
  };
  const wakeForRuns = async (): Promise<void> => {
    const { hasOpenRuns } = await import("../../local/openRuns.ts");
    if (await hasOpenRuns()) await feature();
  };
  context.subscriptions.push(window.onDidChangeVisibleTextEditors(wakeForEditors));
  void wakeForEditors();
  void wakeForRuns();
}
