import { l10n } from "vscode";
import { makePhrasebook, type Phrasebook } from "../core/phrasebook.ts";

let phrasebook: Phrasebook | undefined;

/** Says a text of the core (a problem, a reason, a hint) in the editor's language. */
export function tell(text: string): string {
  return (phrasebook ??= makePhrasebook(l10n.bundle)).tell(text);
}
