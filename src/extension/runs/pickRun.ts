import { basename } from "node:path";
import { l10n, window, workspace, type Uri } from "vscode";
import type { RunRecord } from "../../core/run/run.ts";
import { isScenario } from "../recognize.ts";
import { figuresText, outcomeWord, runIcon } from "./runLabel.ts";
import { formatInstant } from "./runItems.ts";
import { findScenarios } from "./scenarioItems.ts";

/** Lets a person choose one of several runs; a single one needs no question. */
export async function pickRun(title: string, runs: readonly RunRecord[]): Promise<RunRecord | undefined> {
  const [only, second] = runs;
  if (second === undefined) return only;
  const items = runs.map((run) => ({
    run,
    label: `$(${runIcon(run).id}) ${run.name}`,
    description: formatInstant(run.createdAtMs),
    detail: [outcomeWord(run, l10n.t), figuresText(run, l10n.t)].filter((text) => text !== "").join(" · "),
  }));
  const options = { title, placeHolder: l10n.t("Run"), matchOnDescription: true, matchOnDetail: true };
  return (await window.showQuickPick(items, options))?.run;
}

/** The load test in the active editor, else one that the person chooses; undefined when there is none. */
export async function pickScenario(title: string): Promise<Uri | undefined> {
  const document = window.activeTextEditor?.document;
  if (document !== undefined && isScenario(document)) return document.uri;
  const uris = await findScenarios();
  const [only, second] = uris;
  if (only === undefined) return undefined;
  if (second === undefined) return only;
  const items = uris.map((uri) => ({ uri, label: basename(uri.path), description: workspace.asRelativePath(uri) }));
  const options = { title, placeHolder: l10n.t("Load test"), matchOnDescription: true };
  return (await window.showQuickPick(items, options))?.uri;
}
