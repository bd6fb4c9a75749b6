import { durationPattern } from "../schema/terms.ts";
import type { Rule } from "../schema/terms.ts";
import { completeKeys } from "./completeKeys.ts";
import { findCursor, placeholder } from "./cursor.ts";
import type { Cursor } from "./cursor.ts";
import { formsAt } from "./forms.ts";
import { childOf, keysOf, plainKey } from "./path.ts";
import { snippetsFor } from "./snippets.ts";
import { fittingFiles, isCriterion, namesFile, namesLabel, namesScenario } from "./places.ts";
import { criterionStarts, thresholdsOf, wordsOf } from "./words.ts";

/** A suggestion for a position in a file. */
export interface Suggestion {
  readonly label: string;
  readonly kind: "key" | "value" | "scenario" | "label" | "criterion" | "snippet";
  /** What is written; `$0` marks where the cursor goes, other dollar signs are escaped with a backslash. */
  readonly snippet: string;
  readonly description: string;
  /** Whether suggestions for what follows are worth showing at once. */
  readonly continues: boolean;
  /** Group in which it is shown: 0 first. */
  readonly rank: number;
}

/** What may be written at a position: suggestions, and whether paths of files fit. */
export interface Completions {
  /** Stretch of the text that a suggestion replaces. */
  readonly start: number;
  readonly end: number;
  readonly suggestions: readonly Suggestion[];
  /** Folder, relative to the file, whose entries fit, and which of its files; undefined where no path is expected. */
  readonly files: { readonly folder: string; readonly fitting: RegExp } | undefined;
}

/**
 * Completes a configuration file at an offset, however unfinished its text is.
 * @param labels labels that the requests of the file have
 */
export function completeAt(text: string, offset: number, labels: readonly string[]): Completions | undefined {
  const cursor = findCursor(text, offset);
  if (cursor === undefined) return undefined;
  const { start, end, map } = cursor;
  if (map === undefined) return completeValue(cursor, cursor.path, labels);
  // Alone in its place, what is being written may become a value as well as a key.
  const isAlone = map.entries.size === 1 && !cursor.hasColon && cursor.path.length > 0;
  const values = isAlone ? completeValue(cursor, cursor.path, labels) : undefined;
  // Within a value, no key can follow.
  if (values !== undefined && values.start !== start) return values;
  const suggestions = [...(values?.suggestions ?? []), ...completeKeys(cursor, map), ...snippetsFor(cursor, map)];
  return { start, end, suggestions, files: values?.files };
}

function completeValue(cursor: Cursor, path: Cursor["path"], labels: readonly string[]): Completions {
  const { start, end, typed } = cursor;
  if (isCriterion(path)) return completeCriterion(cursor, labels);
  const none: Completions = { start, end, suggestions: [], files: undefined };
  if (namesLabel(path))
    return { ...none, suggestions: labels.map((label) => suggest(label, "label", textOf(label, cursor))) };
  const scenarios = namesScenario(path)
    ? scenarioNames(cursor).map((name) => suggest(name, "scenario", textOf(name, cursor)))
    : [];
  const isFile = namesFile(path) || (namesScenario(path) && keysOf(path)[0] === "execution");
  const slash = typed.lastIndexOf("/") + 1;
  return {
    start: isFile ? start + slash : start,
    end,
    suggestions: [...scenarios, ...valuesOf(formsAt(cursor.root, path), plainKey(keysOf(path).at(-1) ?? ""))],
    files: isFile ? { folder: typed.slice(0, slash), fitting: fittingFiles(path) } : undefined,
  };
}

/** Names under `scenarios` in the same document. */
function scenarioNames({ root }: Cursor): string[] {
  const scenarios = childOf(root, "scenarios");
  if (scenarios?.kind !== "map") return [];
  return [...scenarios.entries.keys()].map(plainKey).filter((name) => name !== placeholder);
}

function valuesOf(forms: readonly Rule[], key: string): Suggestion[] {
  const scalars = forms.filter(({ type }) => type !== "object" && type !== "array");
  const choices = scalars.flatMap((form) => form.enum?.map(String) ?? (isFlag(form) ? ["true", "false"] : []));
  const words = wordsOf(key);
  const isDuration = scalars.some(({ pattern }) => pattern?.includes(durationPattern));
  const more = choices.length > 0 ? [] : words.length > 0 ? words : isDuration ? ["10s", "30s", "1m"] : [];
  const description = scalars[0]?.description ?? "";
  // Plain YAML takes comparisons such as > for a block of text.
  const written = (value: string): string => (/^[>=!]/.test(value) ? `"${value}"` : value);
  return scalars.length === 0
    ? []
    : [...new Set([...choices, ...more])].map((value) => suggest(value, "value", written(value), description));
}

function isFlag({ type }: Rule): boolean {
  return Array.isArray(type) && type.includes("boolean") && !type.includes("number");
}

function completeCriterion(cursor: Cursor, labels: readonly string[]): Completions {
  const { start, end, typed } = cursor;
  const ofLabel = /^\s*([\w?*.-]+)\s+of\s+(?=([^<>=]*)$)/.exec(typed);
  if (ofLabel !== null) {
    const at = start + ofLabel[0].length;
    return {
      start: at,
      end,
      suggestions: labels.map((label) => suggest(label, "label", `${label}>`)),
      files: undefined,
    };
  }
  const condition = /^\s*([\w?*.-]+)(?:\s+of\s+[^<>=]+)?\s*[<>=]+\s*(?=[\w.%]*$)/.exec(typed);
  if (condition !== null) {
    const values = thresholdsOf(condition[1] ?? "").map((threshold) => suggest(threshold, "value", threshold));
    return { start: start + condition[0].length, end, suggestions: values, files: undefined };
  }
  const starts = criterionStarts.map(([text, meaning]) => ({
    ...suggest(text.trimEnd(), "criterion", text, meaning),
    continues: true,
  }));
  return { start, end, suggestions: starts, files: undefined };
}

/** Text as a value: in quotes where YAML would read it in another way. */
function textOf(text: string, { isQuoted, isFlow }: Cursor): string {
  const isPlain = /^[\p{L}\d_/.$]/u.test(text) && !/: |:$| #|\s$/.test(text) && !(isFlow && /[,{}[\]]/.test(text));
  return isQuoted || isPlain ? text : JSON.stringify(text);
}

function suggest(label: string, kind: Suggestion["kind"], text: string, description = ""): Suggestion {
  return { label, kind, snippet: escapeSnippet(text), description, continues: false, rank: 0 };
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, "\\$&");
}
