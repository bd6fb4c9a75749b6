/** Gives a sentence in the person's language, `{0}`, `{1}`, … filled in; `l10n.t` of the editor, or a test's own. */
export type Translate = (message: string, ...values: readonly (string | number)[]) => string;
