import { basename, posix } from "node:path";
import { l10n, MarkdownString, ThemeIcon, TreeItem, TreeItemCollapsibleState, workspace, type Uri } from "vscode";
import { isFinal } from "../../core/run/run.ts";
import { scenariosByContent } from "../authoring/openScenarios.ts";
import { tell } from "../language.ts";
import { scenarioGlob } from "../recognize.ts";
import type { RunBook } from "./runBook.ts";
import { formatInstant, themeIcon } from "./runItems.ts";
import { figuresText, outcomeWord, runTooltip } from "./runLabel.ts";

const mostFiles = 2000;
const excluded = "**/{node_modules,.git,dist,out,target,build,vendor,.venv}/**";

/** A load test of the workspace. */
export class ScenarioItem extends TreeItem {
  readonly uri: Uri;

  constructor(uri: Uri, book: RunBook) {
    super(basename(uri.path), TreeItemCollapsibleState.None);
    const [latest] = book.runsOf(uri.fsPath);
    const folder = posix.dirname(workspace.asRelativePath(uri, (workspace.workspaceFolders?.length ?? 0) > 1));
    const outcome = latest === undefined ? "" : outcomeWord(latest, l10n.t);
    this.uri = uri;
    this.id = uri.toString();
    this.resourceUri = uri;
    this.contextValue = latest === undefined || isFinal(latest.status) ? "scenario" : "runningScenario";
    this.description = [folder === "." ? "" : folder, outcome].filter((text) => text !== "").join(" · ");
    this.iconPath = latest === undefined ? new ThemeIcon("beaker") : themeIcon(latest);
    this.tooltip =
      latest === undefined
        ? l10n.t("Not run yet")
        : new MarkdownString(runTooltip(latest, formatInstant(latest.createdAtMs), l10n.t, tell));
    const figures = latest === undefined ? l10n.t("Not run yet") : `${outcome}, ${figuresText(latest, l10n.t)}`;
    this.accessibilityInformation = { label: `${basename(uri.path)}, ${figures}` };
    this.command = { command: "vscode.open", title: l10n.t("Open"), arguments: [uri] };
  }
}

/** Finds the load tests of the workspace, by path: all that their names tell, and those that are open. */
export async function findScenarios(): Promise<readonly Uri[]> {
  const named = await workspace.findFiles(scenarioGlob, excluded, mostFiles);
  return [...named, ...scenariosByContent()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** Lists the load tests of the workspace with what became of their last runs. */
export async function scenarioItems(book: RunBook, parent: TreeItem | undefined): Promise<readonly TreeItem[]> {
  if (parent !== undefined) return [];
  return (await findScenarios()).map((uri) => new ScenarioItem(uri, book));
}
