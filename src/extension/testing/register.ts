import { Disposable, l10n, TestRunProfileKind, tests, workspace, type ExtensionContext } from "vscode";
import type { RunServices } from "../runs/services.ts";
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
  controller.resolveHandler = async (item) => (await import("./testTree.ts")).resolveTests(controller, item);
  controller.refreshHandler = async () => (await import("./testTree.ts")).resolveTests(controller, undefined);
  // This machine alone: "Run All Tests" never starts a fleet that costs money.
  controller.createRunProfile(
    l10n.t("Run Locally"),
    TestRunProfileKind.Run,
    async (request, token) => (await import("./testRun.ts")).runTests(controller, request, await services(), token),
    true,
  );
  const saving = workspace.onDidSaveTextDocument(async ({ uri }) => {
    if (controller.items.size > 0) await (await import("./testTree.ts")).refreshFile(controller, uri);
  });
  return Disposable.from(controller, saving);
}
