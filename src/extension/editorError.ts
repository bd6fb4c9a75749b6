import { l10n } from "vscode";
import { errorMessage, type ErrorMessage } from "../core/errors.ts";

/** Reduces an error to what the editor tells: a hint that names a command of the command line becomes what to do here. */
export function editorError(error: unknown): ErrorMessage {
  const told = errorMessage(error);
  const hint = hintHere(told.code);
  return hint === undefined ? told : { ...told, hint };
}

function hintHere(code: string): string | undefined {
  switch (code) {
    case "no-run":
      return l10n.t("It was deleted. The runs that are left stand in the Runs view.");
    case "run-active":
      return l10n.t("Open or stop it in the Runs view.");
    case "taurus-missing":
      return l10n.t("Run the load test from its file: that offers to set up Taurus.");
    case "file-not-found":
      return l10n.t("It may have been moved or deleted.");
    default:
      return undefined;
  }
}
