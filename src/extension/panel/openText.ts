import { l10n, Range, Uri, window, workspace } from "vscode";
import { UserError } from "../../core/errors.ts";

/** Shows a line of a scenario, 1-based, beside the panel; without a line, the file. @throws {UserError} `scenario-gone` */
export async function openScenario(path: string | undefined, line: number | undefined): Promise<void> {
  const at = Math.max(0, (line ?? 1) - 1);
  const options = { selection: new Range(at, 0, at, 0) };
  try {
    if (path !== undefined) await window.showTextDocument(Uri.file(path), options);
  } catch (cause) {
    throw new UserError("scenario-gone", l10n.t("Could not open {0}.", path ?? ""), {
      hint: l10n.t("It may have been moved or deleted since the run."),
      cause,
    });
  }
}

/** Shows a text in an editor of its own, unsaved. */
export async function openText({
  text,
  language,
}: {
  readonly text: string;
  readonly language: string;
}): Promise<void> {
  await window.showTextDocument(await workspace.openTextDocument({ content: text, language }));
}
