import {
  Disposable,
  l10n,
  TestRunProfileKind,
  tests,
  workspace,
  type ExtensionContext,
  type TestController,
  type Uri,
} from "vscode";
import type { RunServices } from "../runs/services.ts";
import { scenarioGlob } from "../recognize.ts";
import { settings } from "../settings.ts";

/** Offers load tests in the Testing view while the setting allows it. */
export function registerTests(context: ExtensionContext, services: () => Promise<RunServices>): void {
  let shown: Disposable | undefined;
  const follow = (): void => {
    if (settings.isTestingEnabled() === (shown !== undefined)) return;
    shown?.dispose();
    shown = settings.isTestingEnabled() ? offerTests(services) : undefined;
  };
  follow();
  context.subscriptions.push(
    workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("loadfleet.testing")) follow();
    }),
    { dispose: () => shown?.dispose() },
  );
}

function offerTests(services: () => Promise<RunServices>): Disposable {
  const controller = tests.createTestController("loadfleet.tests", l10n.t("Load Tests"));
  let following: Disposable | undefined;
  controller.resolveHandler = async (item) => {
    following ??= followFiles(controller);
    await (await import("./testTree.ts")).resolveTests(controller, item);
  };
  controller.refreshHandler = async () => (await import("./testTree.ts")).resolveTests(controller, undefined);
  // This machine alone: "Run All Tests" never starts a fleet that costs money.
  controller.createRunProfile(
    l10n.t("Run Locally"),
    TestRunProfileKind.Run,
    async (request, token) => (await import("./testRun.ts")).runTests(controller, request, await services(), token),
    true,
  );
  return Disposable.from(controller, { dispose: () => following?.dispose() });
}

/** Keeps the tests up to date with the files, once somebody has seen them. */
function followFiles(controller: TestController): Disposable {
  const refreshAll = async () => (await import("./testTree.ts")).resolveTests(controller, undefined);
  const refreshOne = async ({ uri }: { readonly uri: Uri }) =>
    (await import("./testTree.ts")).refreshFile(controller, uri);
  const watcher = workspace.createFileSystemWatcher(scenarioGlob);
  return Disposable.from(
    watcher,
    watcher.onDidCreate(refreshAll),
    watcher.onDidDelete(refreshAll),
    watcher.onDidChange((uri) => refreshOne({ uri })),
    // A change on the disk is heard of before or after an editor has read it.
    workspace.onDidSaveTextDocument(refreshOne),
  );
}
