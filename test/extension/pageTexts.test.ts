import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { textsIn, type CodeText } from "./englishTexts.ts";

const root = join(import.meta.dirname, "..", "..");
/** A report is English for everyone, and so is the frame around it. */
const files = globSync("webview/**/*.{ts,tsx}", { cwd: root })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => !file.startsWith("webview/report/") && !file.endsWith(".d.ts"));
const texts = files.flatMap(textsIn);

/** Attributes whose values are for the browser. */
const technicalAttributes =
  /^attribute (class|d|viewBox|stroke|stroke-\w+|role|slot|type|id|aria-(haspopup|keyshortcuts))$/;

/** Texts that only look like English, or are the same in every language. */
const exceptions: readonly RegExp[] = [
  // Keys of a keyboard.
  /^(Home|End|Enter|Escape|\+ - ArrowLeft ArrowRight 0)$/,
  // A product, and units.
  /^AWS Fargate$/,
  /^\{0\} (MiB|UTC)$/,
  // Selectors and classes.
  /^[.[]/,
  /^[\w-]+ is-/,
  // Media queries and fonts.
  /^\([\w-]+: \w+\)$/,
  /^system-ui, sans-serif$/,
  // Values that the core calls so; people see the names that are made for them.
  /^(not judged|after the plan)$/,
];

function readsAsEnglish({ text, kind }: CodeText): boolean {
  if (technicalAttributes.test(kind) || exceptions.some((exception) => exception.test(text))) return false;
  if (kind === "element") return /\p{L}/u.test(text);
  return (
    /\p{L}{2,}[,.;:]? \(?\p{L}{2,}/u.test(text) || /^[^\p{L}]*\p{Lu}\p{Ll}/u.test(text) || /\} \p{L}{2,}/u.test(text)
  );
}

function whereAndText({ where, text }: CodeText): string {
  return `${where} ${text}`;
}

describe("texts of the pages", () => {
  it("are said in the editor's language", () => {
    const unsaid = texts.filter((text) => text.callee !== "t" && text.callee !== "tell" && readsAsEnglish(text));
    expect(unsaid.map(whereAndText)).toEqual([]);
  });

  it("are asked for while drawing, when the language is known", () => {
    const early = texts.filter(({ callee, isAtLoad }) => isAtLoad && (callee === "t" || callee === "tell"));
    expect(early.map(whereAndText)).toEqual([]);
  });

  it("stand where they are said, so that they are found", () => {
    const hidden = files
      .filter((file) => file !== "webview/language.ts")
      .filter((file) => /(?<![\w.])t\((?!\s*")/.test(readFileSync(join(root, file), "utf8")));
    expect(hidden).toEqual([]);
  });

  it("have German ones", () => {
    const german: unknown = JSON.parse(readFileSync(join(root, "l10n", "bundle.l10n.de.json"), "utf8"));
    const known = new Set(Object.keys(typeof german === "object" && german !== null ? german : {}));
    const said = texts.filter(({ callee }) => callee === "t");
    expect(said.length).toBeGreaterThan(200);
    expect(said.filter(({ text }) => !known.has(text)).map(whereAndText)).toEqual([]);
  });
});
