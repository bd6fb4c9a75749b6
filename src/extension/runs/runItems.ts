import { basename, dirname } from "node:path";
import {
  env,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
  workspace,
} from "vscode";
import { isFinal, type RunRecord } from "../../core/run/run.ts";
import { commandIds } from "../commands.ts";
import { tell } from "../language.ts";
import { groupRuns, type RunGroup } from "./runGroups.ts";
import { figuresText, outcomeWord, runIcon, runTooltip } from "./runLabel.ts";
import type { RunListing } from "./runListing.ts";

/** A run in a list. */
export class RunItem extends TreeItem {
  readonly run: RunRecord;

  constructor(run: RunRecord) {
    const startedAt = formatInstant(run.createdAtMs);
    super(startedAt, TreeItemCollapsibleState.None);
    const outcome = outcomeWord(run, l10n.t);
    this.run = run;
    this.id = run.runId;
    this.description = [outcome, figuresText(run, l10n.t)].filter((text) => text !== "").join(" · ");
    this.iconPath = themeIcon(run);
    this.contextValue = isFinal(run.status) ? "endedRun" : "activeRun";
    this.tooltip = new MarkdownString(runTooltip(run, startedAt, l10n.t, tell));
    this.accessibilityInformation = { label: `${run.name}, ${startedAt}, ${this.description}` };
    this.command = { command: commandIds.openRun, title: l10n.t("Open Run"), arguments: [this] };
  }
}

class RunGroupItem extends TreeItem {
  readonly group: RunGroup;

  constructor(group: RunGroup, isFiltered: boolean) {
    const { Expanded, Collapsed } = TreeItemCollapsibleState;
    super(group.name, group.isInWorkspace || isFiltered ? Expanded : Collapsed);
    this.group = group;
    // The editor remembers by it what is collapsed; what a filter has found is open at first.
    this.id = `${isFiltered ? "filtered" : "group"}:${group.key}`;
    this.contextValue = "runGroup";
    this.description = placeOf(group);
    this.iconPath = new ThemeIcon("beaker");
    if (group.scenarioPath !== undefined) this.tooltip = group.scenarioPath;
    // Without it a screen reader would read the tooltip: the whole path.
    this.accessibilityInformation = { label: [group.name, this.description].filter((text) => text !== "").join(", ") };
  }
}

/** Lists runs by scenario, with what continues the list at its end. */
export function runItems(listing: RunListing, parent: TreeItem | undefined): readonly TreeItem[] {
  if (parent instanceof RunGroupItem) return parent.group.runs.map((run) => new RunItem(run));
  if (parent !== undefined) return [];
  const { runs, hasMore } = listing.read();
  const groups = groupRuns(runs, isInWorkspace);
  return [...groups.map((group) => new RunGroupItem(group, listing.isFiltered)), ...(hasMore ? [moreItem()] : [])];
}

/** The icon of a run in the theme's colour. */
export function themeIcon(run: RunRecord): ThemeIcon {
  const { id, color } = runIcon(run);
  return color === undefined ? new ThemeIcon(id) : new ThemeIcon(id, new ThemeColor(color));
}

/** Writes an instant in the person's language, short: of today only the time. */
export function formatInstant(ms: number): string {
  const isToday = new Date(ms).toDateString() === new Date().toDateString();
  const style = isToday ? ({ timeStyle: "short" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
  return new Intl.DateTimeFormat(env.language, style).format(ms);
}

/** Tells whether a path belongs to the folders that are open. */
function isInWorkspace(path: string): boolean {
  return workspace.getWorkspaceFolder(Uri.file(path)) !== undefined;
}

function placeOf({ scenarioPath, isInWorkspace: isHere }: RunGroup): string {
  if (scenarioPath === undefined) return "";
  return isHere
    ? workspace.asRelativePath(scenarioPath)
    : `${basename(dirname(scenarioPath))}/${basename(scenarioPath)}`;
}

function moreItem(): TreeItem {
  const item = new TreeItem(l10n.t("Show older runs"), TreeItemCollapsibleState.None);
  item.id = "more";
  item.iconPath = new ThemeIcon("ellipsis");
  item.command = { command: commandIds.loadMoreRuns, title: l10n.t("Show older runs") };
  return item;
}
