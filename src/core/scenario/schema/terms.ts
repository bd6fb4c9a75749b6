/**
 * The part of JSON Schema that the scenario language uses. `errorMessage` says what to write instead, in the
 * imperative; editors show it and so do our Problems.
 */
export interface Rule {
  readonly $schema?: string;
  readonly $defs?: Readonly<Record<string, Rule>>;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly errorMessage?: string;
  readonly type?: string | readonly string[];
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Rule>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Rule;
  readonly patternProperties?: Readonly<Record<string, Rule>>;
  readonly items?: Rule;
  readonly anyOf?: readonly Rule[];
}

const expression = String.raw`\$\{`;
const oneNumber = String.raw`(\d+(\.\d*)?|\.\d+)`;
const unit = "([mM][sS]|[sSmMhHdD])";
/** A duration as Taurus reads it, as a pattern without its ends. */
export const durationPattern = String.raw`\s*(${oneNumber}\s*${unit}\s*)*${oneNumber}(\s*${unit})?\s*`;
const scalars = ["string", "number", "boolean"] as const;

/** Text, or a number or boolean that is taken as text. */
export function text(description: string): Rule {
  return { description, type: scalars, errorMessage: "write text" };
}

/** A duration as Taurus reads it, or an expression that yields one. */
export function duration(description: string): Rule {
  return {
    description,
    type: ["string", "number"],
    minimum: 0,
    pattern: `^${durationPattern}$|${expression}`,
    errorMessage: "write a duration such as 30s, 1m30s or 500ms; a bare number means seconds",
  };
}

/** A number from `minimum`, or an expression that yields one. */
export function amount(description: string, minimum = 0): Rule {
  return {
    description,
    type: ["string", "number"],
    minimum,
    pattern: String.raw`^\s*\d+\s*$|${expression}`,
    errorMessage: `write a whole number${minimum > 0 ? ` from ${minimum}` : ""} or an expression such as \${__P(users,5)}`,
  };
}

/** A plain number within bounds. */
export function number(description: string, minimum: number, maximum = Number.MAX_SAFE_INTEGER): Rule {
  const upTo = maximum === Number.MAX_SAFE_INTEGER ? `of at least ${minimum}` : `from ${minimum} to ${maximum}`;
  return { description, type: "number", minimum, maximum, errorMessage: `write a number ${upTo}` };
}

/** True or false, or an expression that yields one. */
export function flag(description: string): Rule {
  return {
    description,
    type: ["boolean", "string"],
    pattern: `^(true|false)$|${expression}`,
    errorMessage: "write true or false",
  };
}

/** One of a few words. */
export function word(description: string, words: readonly string[]): Rule {
  return { description, enum: words, errorMessage: `write ${listWords(words)}` };
}

/** Text of a given form; bare numbers are allowed. */
export function formed(description: string, pattern: string, errorMessage: string): Rule {
  return { description, type: ["string", "number"], pattern, errorMessage };
}

/** Anything: what other tools read and this one leaves alone. */
export function anything(description: string): Rule {
  return { description };
}

/** A value given once, or per provisioning as `{local: 5, cloud: 500}`. */
export function perEngine(value: Rule): Rule {
  const pair = section("a pair of values", { local: value, cloud: value }, { isOpen: true });
  return { anyOf: [value, pair] };
}

/** A list of one kind of entry. */
export function listOf(item: Rule, description: string): Rule {
  return {
    description,
    type: "array",
    items: item,
    errorMessage: 'write a list, each entry on a line of its own after "- "',
  };
}

/** A mapping with names of the author's own. */
export function mapOf(value: Rule, description: string): Rule {
  return {
    description,
    type: "object",
    additionalProperties: value,
    errorMessage: 'write a mapping: one "name: value" a line, indented below the key',
  };
}

/** One of several forms; among mappings, the first whose first required key is there is meant, else the last. */
export function either(forms: readonly Rule[], description: string): Rule {
  return { description, anyOf: forms };
}

/** A reference to a definition of the whole schema, for forms that contain themselves. */
export function reference(name: string): Rule {
  return { $ref: `#/$defs/${name}` };
}

export interface SectionOptions {
  readonly required?: readonly string[];
  /** Other keys are allowed; only near misses of the known ones are reported. */
  readonly isOpen?: boolean;
  readonly description?: string;
}

/** A mapping with known keys; keys with Taurus' merge prefixes `~ ^ $` are allowed in it. `title` names it in messages. */
export function section(title: string, properties: Readonly<Record<string, Rule>>, options: SectionOptions = {}): Rule {
  const { required = [], isOpen = false, description } = options;
  return {
    title,
    ...(description === undefined ? {} : { description }),
    type: "object",
    properties,
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: isOpen,
    ...(isOpen ? {} : { patternProperties: { "^[~^$]": {} } }),
    errorMessage: 'write a mapping: one "key: value" a line, indented below the key',
  };
}

/** Words as a choice to read aloud: `a, b or c`. */
export function listWords(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
