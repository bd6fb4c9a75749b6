import { homedir } from "node:os";
import { dirname } from "node:path";
import { commands, env, l10n, Uri, window, workspace } from "vscode";
import { UserError } from "../../core/errors.ts";
import type { ExportFormat } from "../../core/panel/protocol.ts";
import { formatCsv } from "../../core/results/csv.ts";
import { formatJunit } from "../../core/results/junit.ts";
import type { RunResult } from "../../core/results/result.ts";
import type { RunId } from "../../core/run/ids.ts";
import { makeReportPage, readReportAssets } from "../../local/reportPage.ts";
import type { RunServices } from "../runs/services.ts";
import { exportName } from "./exportName.ts";
import { pagesFolder } from "./pageHtml.ts";

const endings = { html: "html", json: "json", csv: "csv", junit: "xml" } as const;

/** Lets a person choose the format of an export; undefined when they leave it. */
export async function pickFormat(): Promise<ExportFormat | undefined> {
  const items = [
    { format: "html", label: "HTML", description: l10n.t("the report as one file that can be mailed") },
    { format: "json", label: "JSON", description: l10n.t("everything that was measured") },
    { format: "csv", label: "CSV", description: l10n.t("the figures per request") },
    { format: "junit", label: "JUnit", description: l10n.t("the criteria as test cases, for CI") },
  ] as const;
  return (await window.showQuickPick(items, { title: l10n.t("Export Result"), placeHolder: l10n.t("Format") }))?.format;
}

/**
 * Writes the result of a run to a file that the person chooses; undefined when they choose none.
 * @throws {UserError} `no-result`, `cannot-write`
 */
export async function exportResult(
  services: RunServices,
  runId: RunId,
  format: ExportFormat,
): Promise<Uri | undefined> {
  const result = await services.engine.result(runId, services.closing);
  if (result === undefined) {
    throw new UserError("no-result", l10n.t("This run has no figures yet, so there is nothing to export."), {
      kind: "run",
    });
  }
  const uri = await window.showSaveDialog({
    title: l10n.t("Export Result"),
    defaultUri: Uri.joinPath(folderFor(result), `${exportName(result)}.${endings[format]}`),
    filters: { [format === "junit" ? "JUnit XML" : format.toUpperCase()]: [endings[format]] },
  });
  if (uri === undefined) return undefined;
  const text = await write(result, format, services.extensionUri);
  try {
    await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError("cannot-write", l10n.t("Could not write {0}: {1}", uri.fsPath, why), {
      hint: l10n.t("Choose a place that you may write to."),
      cause,
    });
  }
  return uri;
}

/** Offers to open a file that was written. */
export async function offerToOpen(uri: Uri): Promise<void> {
  const open = l10n.t("Open");
  const chosen = await window.showInformationMessage(l10n.t("Wrote {0}", workspace.asRelativePath(uri)), open);
  if (chosen !== open) return;
  if (uri.path.endsWith(".html")) await env.openExternal(uri);
  else await commands.executeCommand("vscode.open", uri);
}

async function write(result: RunResult, format: ExportFormat, extensionUri: Uri): Promise<string> {
  switch (format) {
    case "html":
      return makeReportPage(result, await readReportAssets(pagesFolder(extensionUri).fsPath));
    case "json":
      return `${JSON.stringify(result)}\n`;
    case "csv":
      return formatCsv(result);
    case "junit":
      return formatJunit(result);
  }
}

function folderFor({ origin }: RunResult): Uri {
  const scenario = origin.scenarioPath === undefined ? undefined : Uri.file(origin.scenarioPath);
  const own = scenario === undefined ? undefined : workspace.getWorkspaceFolder(scenario);
  const open = own ?? workspace.workspaceFolders?.[0];
  if (open !== undefined) return open.uri;
  return Uri.file(scenario === undefined ? homedir() : dirname(scenario.fsPath));
}
