import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import german from "../../l10n/bundle.l10n.de.json" with { type: "json" };
import { makePhrasebook } from "../../src/core/phrasebook.ts";
import { isExempt } from "./englishOnly.ts";
import { textsIn, type CodeText } from "./englishTexts.ts";
import { englishLeftIn, isEnglish, toldSentences } from "./germanSamples.ts";

const root = join(import.meta.dirname, "..", "..");
const { tell } = makePhrasebook(german);
const keys = Object.keys(german);
const plain = (text: string): string => text.replaceAll(/\{\d+\}/g, "{}");
const plainKeys = keys.map(plain);

function textsOf(...globs: readonly string[]): readonly CodeText[] {
  return globs.flatMap((glob) => globSync(glob, { cwd: root })).flatMap((file) => textsIn(file.replaceAll("\\", "/")));
}

const editor = textsOf("src/extension/**/*.ts");
const core = textsOf("src/{core,fleet,local,generator,agent}/**/*.ts");
const given = (texts: readonly CodeText[]) =>
  texts.filter(({ callee }) => callee === "l10n.t" || callee === "t" || callee === "vscode.l10n.t");

/** Tells whether a text is a phrase, or a piece of one: sentences are put together of several. */
function isTranslated(text: string): boolean {
  if (Object.hasOwn(german, text) || tell(text) !== text) return true;
  const pieces = plain(text).trim().split("{}");
  const pattern = new RegExp(
    pieces.map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).join(".*"),
  );
  return plainKeys.some((key) => pattern.test(key));
}

describe("the German bundle", () => {
  it("has every string of the editor", () => {
    const missing = given(editor).filter(({ text }) => !Object.hasOwn(german, text));
    expect(missing.map(({ where, text }) => `${where} ${text}`)).toEqual([]);
  });

  it("is asked by the editor with nothing but literals", () => {
    const calls = globSync("src/extension/**/*.ts", { cwd: root }).flatMap((file) =>
      Array.from(readFileSync(join(root, file), "utf8").matchAll(/\bl10n\.t\(\s*(.)/g), ([call]) => `${file} ${call}`),
    );
    expect(calls.filter((call) => !call.endsWith('"'))).toEqual([]);
  });

  it("has every text of the core, the engine and the agent that can reach a person in the editor", () => {
    const missing = core.filter((text) => isEnglish(text.text) && !isExempt(text) && !isTranslated(text.text));
    expect(missing.map(({ where, text }) => `${where} ${text}`)).toEqual([]);
  });

  it("has no text that is gone from the code", () => {
    const files = globSync("{src/{extension,core,fleet,local,generator,agent},webview}/**/*.{ts,tsx}", { cwd: root });
    const sources = files.map((file) => readFileSync(join(root, file), "utf8"));
    // What a rule measured is put together in two files.
    const judged = files.flatMap((file, index) => (/judge(?:Words)?\.ts$/.test(file) ? (sources[index] ?? "") : ""));
    const vocabularies = [...sources, judged.join("\n")].map((source) => new Set([...wordsOf(source), "within"]));
    const isSaid = (key: string) =>
      vocabularies.some((vocabulary) => wordsOf(key).every((word) => vocabulary.has(word)));
    expect(keys.filter((key) => !isSaid(key))).toEqual([]);
  });

  it("keeps the places where values go", () => {
    const places = (text: string) =>
      [...new Set(Array.from(text.matchAll(/\{(\d+)(?::phrase)?\}/g), ([, place]) => Number(place)))]
        .toSorted((a, b) => a - b)
        .join();
    const uneven = Object.entries<string>(german).filter(([key, translation]) => places(key) !== places(translation));
    expect(uneven).toEqual([]);
  });

  it("names phrases inside of phrases only where the phrasebook fills them in", () => {
    const own = given(editor).map(({ text }) => text);
    const translations = new Map<string, string>(Object.entries(german));
    expect(own.filter((text) => translations.get(text)?.includes(":phrase}"))).toEqual([]);
  });
});

/** Words of a text that tell it from others; places and short words aside. */
function wordsOf(text: string): string[] {
  return (
    text
      .replaceAll(/\{\d+\}/g, " ")
      .toLowerCase()
      .match(/[a-z]{4,}/g) ?? []
  );
}

describe("told in German", () => {
  const groups = toldSentences((folder) => readdirSync(folder), root);

  it.each(Object.entries(groups))("%s leave no English", (_, sentences) => {
    expect(sentences.length).toBeGreaterThan(0);
    const left = sentences.map((sentence) => ({ sentence, told: tell(sentence) }));
    expect(left.filter(({ told }) => englishLeftIn(told).length > 0)).toEqual([]);
  });

  it("keep the values of the English", () => {
    for (const sentence of Object.values(groups).flat()) {
      const told = tell(sentence);
      const quoted = sentence.match(/"[^"]{1,60}"(?=[ .,:;])/g) ?? [];
      expect(quoted.filter((value) => /^"[^ ]+"$/.test(value) && !told.includes(value))).toEqual([]);
    }
  });

  it("as many problems as a long file has are told each by itself", () => {
    const problems = Array.from(
      { length: 2000 },
      (_, index) =>
        `"key-${index}" is not a key of an entry of execution, so nothing reads it: remove it, or check its name.`,
    );
    expect(new Set(problems.map(tell)).size).toBe(2000);
  });
});
