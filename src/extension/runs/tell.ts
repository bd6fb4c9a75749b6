import { l10n, window, type LogOutputChannel } from "vscode";
import { UserError } from "../../core/errors.ts";
import { editorError } from "../editorError.ts";
import { tell } from "../language.ts";

/** An answer that a message offers. */
export interface Answer {
  readonly title: string;
  readonly run: () => unknown;
}

/** Tells a person of a failure: one sentence, the next step, and at most two answers. An abort is no failure. */
export async function tellError(error: unknown, log: LogOutputChannel, answers: readonly Answer[] = []): Promise<void> {
  if (error instanceof Error && error.name === "AbortError") return;
  const { message, hint } = editorError(error);
  if (!(error instanceof UserError)) log.error(error instanceof Error ? error : String(error));
  const shown: readonly Answer[] =
    error instanceof UserError ? answers : [{ title: l10n.t("Show Log"), run: () => log.show() }];
  const sentence = hint === undefined ? tell(message) : `${tell(message)} ${tell(hint)}`;
  await choose(await window.showErrorMessage(sentence, ...shown.map(({ title }) => title)), shown);
}

/** Does what the chosen answer stands for. */
async function choose(title: string | undefined, answers: readonly Answer[]): Promise<void> {
  await answers.find((answer) => answer.title === title)?.run();
}
