import { join } from "node:path";
import {
  l10n,
  window,
  workspace,
  type CodeLens,
  type ExtensionContext,
  type TextDocument,
  type TreeItem,
  type Uri,
  type WebviewPanel,
} from "vscode";
import type { RunRecord } from "../../core/run/run.ts";
import { openLocalEngine } from "../../local/localEngine.ts";
import { Panels } from "../panel/panels.ts";
import { tell } from "../language.ts";
import { scenarioGlob } from "../recognize.ts";
import { ActiveRuns } from "./activeRuns.ts";
import { lensesOf } from "./lenses.ts";
import type { RunCommandId } from "./names.ts";
import { readPast } from "./pastScenario.ts";
import { ResultMarks } from "./resultMarks.ts";
import { RunBook } from "./runBook.ts";
import { RunCommands } from "./runCommands.ts";
import { RunFeeds } from "./runFeeds.ts";
import { runItems } from "./runItems.ts";
import { figuresText, outcomeWord } from "./runLabel.ts";
import { RunListing } from "./runListing.ts";
import { RunStarter } from "./runStarter.ts";
import { scenarioItems } from "./scenarioItems.ts";
import type { RunServices } from "./services.ts";
import type { RunViews } from "./views.ts";

/** Running load tests and everything that shows their runs, once it is loaded. */
export interface RunsFeature {
  readonly services: RunServices;
  execute(id: RunCommandId, args: readonly unknown[]): Promise<void>;
  scenarioItems(parent: TreeItem | undefined): Promise<readonly TreeItem[]>;
  runItems(parent: TreeItem | undefined): Promise<readonly TreeItem[]>;
  lensesOf(document: TextDocument): CodeLens[];
  /** The text of a scenario as it was once. */
  readPast(uri: Uri): Promise<string>;
  restorePanel(panel: WebviewPanel, state: unknown): Promise<void>;
}

/** Opens the engine of this machine and sets up what shows its runs; everything ends with the extension. */
export async function openRunsFeature(context: ExtensionContext, views: RunViews): Promise<RunsFeature> {
  const services = openServices(context);
  const { book, closing } = services;
  await book.refresh(closing);
  const starter = new RunStarter(services);
  const listing = new RunListing(book, views);
  const panels = new Panels(services, {
    startSame: (runId) => runCommands.startSame(runId),
    sendOnce: (uri, only, signal) => starter.debug(uri, only, signal),
  });
  const runCommands = new RunCommands({ services, views, listing, starter, panels });
  const marks = new ResultMarks(services);
  const active = new ActiveRuns(services, views, (view) => {
    const { runId, name } = view.run;
    if (panels.isVisible(runId) || services.quietRuns.has(runId)) return;
    void tellEnd(view.run, () => panels.showRun(runId, name, "follow"));
  });
  context.subscriptions.push(
    panels,
    marks,
    active,
    book.onChange(() => {
      views.refreshRuns();
      views.refreshScenarios();
      views.refreshLenses();
    }),
    refreshWithFiles(views),
  );
  return {
    services,
    execute: (id, args) => runCommands.execute(id, args),
    scenarioItems: (parent) => scenarioItems(book, parent),
    runItems: async (parent) => runItems(listing, parent),
    lensesOf: (document) => lensesOf(document, book),
    readPast: (uri) => readPast(uri, services),
    restorePanel: (panel, state) => panels.restore(panel, state),
  };
}

function openServices(context: ExtensionContext): RunServices {
  const programs = join(context.extensionPath, "dist");
  const log = window.createOutputChannel("Loadfleet", { log: true });
  const engine = openLocalEngine({
    runnerPath: join(programs, "runner.mjs"),
    agentPath: join(programs, "agent.mjs"),
    onCorrupt: (sentence) => log.warn(sentence),
    // What is not installed is taken from the image, where that is there.
    findImage: async ({ driver }) => {
      const { findEnginePlace } = await import("../../local/enginePlace.ts");
      const place = await findEnginePlace(driver);
      if (place.kind === "installed") return undefined;
      log.info(place.sentence);
      return place.image;
    },
  });
  const feeds = new RunFeeds(engine);
  const closing = new AbortController();
  context.subscriptions.push(log, feeds, { dispose: () => closing.abort() });
  return {
    engine,
    feeds,
    book: new RunBook(engine),
    quietRuns: new Set(),
    log,
    memory: context.workspaceState,
    extensionUri: context.extensionUri,
    storageUri: context.storageUri,
    closing: closing.signal,
  };
}

function refreshWithFiles(views: RunViews) {
  const watcher = workspace.createFileSystemWatcher(scenarioGlob, false, true, false);
  watcher.onDidCreate(views.refreshScenarios);
  watcher.onDidDelete(views.refreshScenarios);
  return watcher;
}

/** Says how a run ended that nobody is looking at. */
async function tellEnd(run: RunRecord, show: () => void): Promise<void> {
  const figures = figuresText(run, l10n.t);
  const sentence =
    `${run.name}: ${outcomeWord(run, l10n.t)}${figures === "" ? "" : ` (${figures})`}. ${tell(run.reason ?? "")}`.trim();
  const isBad = run.status === "failed" || run.summary?.verdict === "failed";
  const open = l10n.t("Open Run");
  const showMessage = isBad ? window.showWarningMessage : window.showInformationMessage;
  if ((await showMessage(sentence, open)) === open) show();
}
