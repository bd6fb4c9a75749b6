import { commands, type ExtensionContext } from "vscode";
import { registerAuthoring } from "./authoring/register.ts";
import { commandIds } from "./commands.ts";
import { registerRuns } from "./runs/register.ts";

/** Registers what the manifest promises; each feature is loaded when it is first needed. */
export function activate(context: ExtensionContext): void {
  const walkthrough = `${context.extension.id}#start`;
  context.subscriptions.push(
    commands.registerCommand(commandIds.openWalkthrough, () =>
      commands.executeCommand("workbench.action.openWalkthrough", walkthrough),
    ),
  );
  registerAuthoring(context);
  registerRuns(context);
}
