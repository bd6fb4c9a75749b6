/** English texts, with `{0}`, `{1}`, … where values go, and what stands for each in another language. */
export type Phrases = Readonly<Record<string, string>>;

/**
 * Says English texts in another language. What the product records, sends and prints (results, reasons, problems) is
 * English, whoever reads it later; a view translates it as it shows it. A text without a translation stays English.
 */
export interface Phrasebook {
  /** Says a template of a view's own, with its values filled in. */
  readonly t: (template: string, ...values: readonly (string | number)[]) => string;
  /**
   * Says a finished text: it is a phrase, or made from one by filling in values, or several of these in a row. A
   * translation writes `{0}` for a value that stays as it is (a name, a figure) and `{0:phrase}` for one that is said
   * in the language too.
   */
  readonly tell: (text: string) => string;
}

/** Makes the phrasebook of a language; without phrases, that of English. */
export function makePhrasebook(phrases: Phrases = {}): Phrasebook {
  const teller = new Teller(phrases);
  return {
    t: (template, ...values) =>
      fill(Object.hasOwn(phrases, template) ? (phrases[template] ?? template) : template, values, teller.tellPart),
    tell: teller.tell,
  };
}

class Teller {
  readonly #phrases: Phrases;
  readonly #templates: TemplateIndex;
  readonly #told = new Map<string, string>();

  constructor(phrases: Phrases) {
    this.#phrases = phrases;
    this.#templates = new TemplateIndex(phrases);
  }

  readonly tell = (text: string): string => {
    const known = this.#told.get(text);
    if (known !== undefined) return known;
    const told = this.#tellWhole(text, true) ?? this.#tellEach(text) ?? this.#tellWhole(text, false) ?? text;
    // Figures change with each second of a run: what is kept has an end.
    if (this.#told.size >= 2000) this.#told.clear();
    this.#told.set(text, told);
    return told;
  };

  /** Says a value of a phrase: a phrase that stands inside a sentence may lack its full stop and its capital, or have one more. */
  readonly tellPart = (text: string): string => {
    const other = swapCase(text);
    // It begins with a quote or a figure.
    if (other === text) return this.tell(text);
    // A phrase as it stands is meant before one with a value at its place.
    const isOtherKnown = !Object.hasOwn(this.#phrases, text) && Object.hasOwn(this.#phrases, other);
    const ways = isOtherKnown ? [other, text] : [text, other];
    for (const way of [...ways, `${text}.`, `${other}.`]) {
      const told = this.tell(way);
      if (told === way) continue;
      const ending = way.length > text.length ? told.replace(/\.$/, "") : told;
      return isUpper(text) && !isUpper(ending) ? swapCase(ending) : ending;
    }
    return text;
  };

  /** @param isStrict whether a value with several sentences in it counts as none, so that each is looked up by itself */
  #tellWhole(text: string, isStrict: boolean): string | undefined {
    if (Object.hasOwn(this.#phrases, text)) return this.#phrases[text];
    const found = this.#templates.find(text, isStrict);
    return found && fill(found.translation, found.values, this.tellPart);
  }

  #tellEach(text: string): string | undefined {
    const sentences = text.split(sentenceEnd);
    // Two sentences may be one phrase, and a value may have a full stop in it: the longest beginning that is known.
    for (let count = sentences.length - 1; count > 0; count--) {
      const head = this.#tellWhole(sentences.slice(0, count).join(" "), true);
      if (head !== undefined) return `${head} ${this.tell(sentences.slice(count).join(" "))}`;
    }
    if (sentences.length < 2 || this.#templates.find(text, false) !== undefined) return undefined;
    return `${sentences[0]} ${this.tell(sentences.slice(1).join(" "))}`;
  }
}

/** The space between two sentences. */
const sentenceEnd = /(?<=[.!])\s+(?=\S)/;

function swapCase(text: string): string {
  const first = text.charAt(0);
  return (isUpper(text) ? first.toLowerCase() : first.toUpperCase()) + text.slice(1);
}

function isUpper(text: string): boolean {
  return /^\p{Lu}/u.test(text);
}

function fill(translation: string, values: readonly (string | number)[], tellPart: (text: string) => string): string {
  return translation.replaceAll(/\{(\d+)(:phrase)?\}/g, (place, index: string, isPhrase?: string) => {
    const value = values[Number(index)];
    if (value === undefined) return place;
    return isPhrase === undefined ? String(value) : tellPart(String(value));
  });
}

interface Template {
  readonly pattern: RegExp;
  /** Position in the values of each group of the pattern. */
  readonly places: readonly number[];
  readonly translation: string;
  /** The longest piece between two values: a text without it needs no closer look. */
  readonly longest: string;
  /** Part of a sentence: a text that ends one is not made from it. */
  readonly isPart: boolean;
  /** Characters that are not values: of two templates that fit, the one with more says more. */
  readonly fixedLength: number;
}

interface Found {
  readonly template: Template;
  readonly groups: readonly string[];
}

/** Finds the template that a text was made from; by its first word, so that a page of problems takes no time. */
class TemplateIndex {
  readonly #byFirstWord = new Map<string, Template[]>();
  readonly #phrases: Phrases;
  #isBuilt = false;

  constructor(phrases: Phrases) {
    this.#phrases = phrases;
  }

  find(
    text: string,
    isStrict: boolean,
  ): { readonly translation: string; readonly values: readonly string[] } | undefined {
    if (!this.#isBuilt) this.#build();
    // One that begins with the same word says more than one that begins with a value, which may be anything.
    const best =
      this.#bestOf(text, this.#byFirstWord.get(firstWord(text)), isStrict) ??
      this.#bestOf(text, this.#byFirstWord.get(""), isStrict);
    if (best === undefined) return undefined;
    const values: string[] = [];
    for (const [at, place] of best.template.places.entries()) values[place] = best.groups[at] ?? "";
    return { translation: best.template.translation, values };
  }

  #bestOf(text: string, templates: readonly Template[] | undefined, isStrict: boolean): Found | undefined {
    const isSentence = /[.!]$/.test(text);
    let best: Found | undefined;
    for (const template of templates ?? []) {
      if (best !== undefined && best.template.fixedLength >= template.fixedLength) continue;
      if ((isSentence && template.isPart) || !text.includes(template.longest)) continue;
      const groups = template.pattern.exec(text)?.slice(1);
      if (groups === undefined || (isStrict && groups.some((group) => sentenceEnd.test(group)))) continue;
      best = { template, groups };
    }
    return best;
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
  const pieces = key.split(/(\{\d+\})/);
  const fixed = pieces.filter((_, index) => index % 2 === 0);
  const source = pieces.map((piece, index) => {
    if (index % 2 === 0) return piece.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);
    const place = Number(piece.slice(1, -1));
    const known = places.indexOf(place);
    if (known >= 0) return `\\${known + 1}`;
    places.push(place);
    return "(.*?)";
  });
  return {
    pattern: new RegExp(`^${source.join("")}$`, "s"),
    places,
    translation,
    longest: fixed.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), ""),
    isPart: !/[.!]$|[.:] \{\d+\}$/.test(key),
    fixedLength: fixed.join("").length,
  };
}
