import { commands, Uri, type ExtensionContext } from "vscode";
import { registerAuthoring } from "./authoring/register.ts";
import { commandIds } from "./commands.ts";
import { registerRuns } from "./runs/register.ts";

/** Registers what the manifest promises; each feature is loaded when it is first needed. */
export function activate(context: ExtensionContext): void {
  const startMs = performance.now();
  const walkthrough = `${context.extension.id}#start`;
  context.subscriptions.push(
    commands.registerCommand(commandIds.openWalkthrough, () =>
      commands.executeCommand("workbench.action.openWalkthrough", walkthrough),
    ),
    // Welcome texts name a page; the palette opens the first one to read.
    commands.registerCommand(commandIds.openDocs, (page?: unknown) => {
      const name = typeof page === "string" ? page : "scenario";
      return commands.executeCommand("markdown.showPreview", Uri.joinPath(context.extensionUri, "docs", `${name}.md`));
    }),
  );
  registerAuthoring(context);
  registerRuns(context);
  // For whoever measures: the editor's own figure has the loading of the code in it.
  performance.measure("loadfleet activate", { start: startMs });
}
