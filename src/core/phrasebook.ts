/** English texts, with `{0}`, `{1}`, … where values go, and what stands for each in another language. */
export type Phrases = Readonly<Record<string, string>>;

/**
 * Says English texts in another language. What the product records, sends and prints (results, reasons, problems) is
 * English, whoever reads it later; a view translates it as it shows it. A text without a translation stays English.
 */
export interface Phrasebook {
  /** Says a template of a view's own, with its values filled in. */
  t(template: string, ...values: readonly (string | number)[]): string;
  /**
   * Says a finished text: it is a phrase, or made from one by filling in values, or several of these in a row. A
   * translation writes `{0}` for a value that stays as it is (a name, a figure) and `{0:phrase}` for one that is said
   * in the language too.
   */
  tell(text: string): string;
}

/** Makes the phrasebook of a language; without phrases, that of English. */
export function makePhrasebook(phrases: Phrases = {}): Phrasebook {
  const templates = new TemplateIndex(phrases);
  const known = new Map<string, string>();
  const tell = (text: string): string => {
    const kept = known.get(text);
    if (kept !== undefined) return kept;
    const told = tellWhole(text) ?? tellEach(text) ?? text;
    // Figures change with each second of a run: what is kept has an end.
    if (known.size >= 2000) known.clear();
    known.set(text, told);
    return told;
  };
  const tellWhole = (text: string): string | undefined => {
    if (Object.hasOwn(phrases, text)) return phrases[text];
    const found = templates.find(text);
    return found && fill(found.translation, found.values, tell);
  };
  const tellEach = (text: string): string | undefined => {
    const sentences = text.split(/(?<=[.!?])\s+(?=\S)/);
    if (sentences.length < 2) return undefined;
    // Two sentences may be one phrase, and a value may have a full stop in it: the longest beginning that is known.
    for (let count = sentences.length - 1; count > 0; count--) {
      const head = tellWhole(sentences.slice(0, count).join(" "));
      if (head !== undefined) return `${head} ${tell(sentences.slice(count).join(" "))}`;
    }
    return `${sentences[0]} ${tell(sentences.slice(1).join(" "))}`;
  };
  return {
    t: (template, ...values) =>
      fill(Object.hasOwn(phrases, template) ? (phrases[template] ?? template) : template, values, tell),
    tell,
  };
}

function fill(
  translation: string,
  values: readonly (string | number)[],
  tell: (text: string) => string,
): string {
  return translation.replaceAll(/\{(\d+)(:phrase)?\}/g, (place, index: string, isPhrase?: string) => {
    const value = values[Number(index)];
    if (value === undefined) return place;
    return isPhrase === undefined ? String(value) : tell(String(value));
  });
}

interface Template {
  readonly pattern: RegExp;
  /** Position in the values of each group of the pattern. */
  readonly places: readonly number[];
  readonly translation: string;
  /** Characters that are not values: of two templates that fit, the one with more says more. */
  readonly fixedLength: number;
}

/** Finds the template that a text was made from; by its first word, so that a page of problems takes no time. */
class TemplateIndex {
  readonly #byFirstWord = new Map<string, Template[]>();
  readonly #phrases: Phrases;
  #isBuilt = false;

  constructor(phrases: Phrases) {
    this.#phrases = phrases;
  }

  find(text: string): { readonly translation: string; readonly values: readonly string[] } | undefined {
    if (!this.#isBuilt) this.#build();
    const candidates = [...(this.#byFirstWord.get(firstWord(text)) ?? []), ...(this.#byFirstWord.get("") ?? [])];
    let best: { readonly template: Template; readonly groups: readonly string[] } | undefined;
    for (const template of candidates) {
      if (best !== undefined && best.template.fixedLength >= template.fixedLength) continue;
      const groups = template.pattern.exec(text)?.slice(1);
      if (groups !== undefined) best = { template, groups };
    }
    if (best === undefined) return undefined;
    const values: string[] = [];
    for (const [at, place] of best.template.places.entries()) values[place] = best.groups[at] ?? "";
    return { translation: best.template.translation, values };
  }

  #build(): void {
    this.#isBuilt = true;
    for (const [key, translation] of Object.entries(this.#phrases)) {
      if (!/\{\d+\}/.test(key)) continue;
      const template = readTemplate(key, translation);
      const word = firstWord(key);
      this.#byFirstWord.set(word, [...(this.#byFirstWord.get(word) ?? []), template]);
    }
  }
}

/** The word that a text begins with, with the space behind it; empty when a value stands in it. */
function firstWord(text: string): string {
  return /^[^\s{}]+ /.exec(text)?.[0] ?? "";
}

function readTemplate(key: string, translation: string): Template {
  const places: number[] = [];
  let fixedLength = 0;
  const source = key.split(/(\{\d+\})/).map((piece) => {
    const place = /^\{(\d+)\}$/.exec(piece)?.[1];
    if (place === undefined) {
      fixedLength += piece.length;
      return piece.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    }
    const known = places.indexOf(Number(place));
    if (known >= 0) return `\\${known + 1}`;
    places.push(Number(place));
    return "(.*?)";
  });
  return { pattern: new RegExp(`^${source.join("")}$`, "s"), places, translation, fixedLength };
}
