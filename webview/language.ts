import { makePhrasebook, type Phrases } from "../src/core/phrasebook.ts";

let known: Phrases = {};
let phrasebook = makePhrasebook();

/** Has the page speak a language: before it is drawn, and for as long as it lives. */
export function speak(language: string, phrases: Phrases): void {
  known = phrases;
  phrasebook = makePhrasebook(phrases);
  document.documentElement.lang = language;
}

/**
 * Says a text of the page, `{0}`, `{1}`, … filled in. To be called while drawing: before, the language is not known.
 * A text that means several things says which one behind a bar, as `Failed|verdict`; English does not show that. It also
 * keeps a template as short as `{0} of {1}|times` from being found in other texts by {@link tell}.
 */
export function t(template: string, ...values: readonly (string | number)[]): string {
  return phrasebook.t(Object.hasOwn(known, template) ? template : template.replace(/\|.*$/, ""), ...values);
}

/** Says a text that the core has made, or that a result brings along. */
export function tell(text: string): string {
  return phrasebook.tell(text);
}
