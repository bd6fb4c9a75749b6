import type { JsonValue } from "../json.ts";
import { parseDuration } from "../units.ts";
import type { Range } from "../scenario/problem.ts";
import type { Criterion, CriterionSubject } from "./criterion.ts";
import { defaultPercentiles, parseCondition, parseSubject, parseThreshold } from "./criterionParts.ts";

import { part, remarkAt, splitCriterion, type CriterionRemark, type CriterionTexts } from "./criterionText.ts";

const longest = 2000;

/** A rule with Taurus' silent traps in it, or why it is none. */
export type ParsedCriterion =
  | { readonly criterion: Criterion; readonly warnings: readonly CriterionRemark[] }
  | { readonly fault: CriterionRemark };

/** What a rule takes from around its text. */
export interface CriterionOptions {
  /** Key of the rule when the criteria are a dictionary. */
  readonly message?: string;
  readonly range?: Range;
  /** Percentiles that the file has Taurus track. */
  readonly trackedPercentiles?: readonly number[];
}

/**
 * Reads a rule in Taurus' short form: `[message:] subject [of label] condition threshold [for|within|over time][, stop|continue [as failed|non-failed]]`
 * (grammar of bzt 1.17, passfail.py), and names what Taurus would silently read otherwise.
 */
export function parseCriterion(text: string, options: CriterionOptions = {}): ParsedCriterion {
  if (text.length > longest) {
    return { fault: remarkAt(part(text), "too-long", `A rule has at most ${longest} characters.`) };
  }
  const warnings: CriterionRemark[] = [];
  const parts = splitCriterion(text, warnings);
  return "code" in parts ? { fault: parts } : build(text.trim(), parts, warnings, options);
}

/** Reads a rule in Taurus' long form: `{subject, label, condition, threshold, timeframe, logic, fail, stop, message}`. */
export function parseCriterionObject(value: JsonValue, options: CriterionOptions = {}): ParsedCriterion {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return {
      fault: about(
        "subject",
        "malformed",
        "A rule is a text such as p95>300ms, or a mapping with subject, condition and threshold.",
      ),
    };
  }
  const fields = new Map(Object.entries(value));
  const textOf = (key: string): string | undefined => {
    const field = fields.get(key);
    return typeof field === "string" || typeof field === "number" ? String(field) : undefined;
  };
  const className = textOf("class");
  if (className !== undefined && !className.endsWith("passfail.DataCriterion")) {
    return {
      fault: about(
        "class",
        "unsupported-class",
        `Rules of the class ${className} are not judged here; only measurements of the load are.`,
      ),
    };
  }
  for (const key of ["subject", "condition", "threshold"]) {
    if (textOf(key) === undefined) return { fault: about(key, "missing-key", `The rule has no ${key}.`) };
  }
  const label = textOf("label") ?? "";
  const timeframe = textOf("timeframe") ?? "0";
  const parts: CriterionTexts = {
    message: textOf("message"),
    subject: part(textOf("subject")),
    label: label === "" ? undefined : part(label),
    condition: part(textOf("condition")),
    threshold: part(textOf("threshold")),
    window: { logic: part(textOf("logic") ?? "for"), timeframe: part(timeframe) },
    stops: fields.get("stop") !== false,
    fails: fields.get("fail") !== false,
  };
  return build(describe(parts), parts, [], options);
}

function about(key: string, code: string, message: string): CriterionRemark {
  return { code, message, offset: 0, length: 0, key };
}

function describe({ subject, label, condition, threshold, window, stops, fails }: CriterionTexts): string {
  const labelText = label === undefined ? "" : ` of ${label.text}`;
  const isWindowed = window !== undefined && parseDuration(window.timeframe.text) !== 0;
  const windowText = isWindowed ? ` ${window.logic.text} ${window.timeframe.text}` : "";
  const action = `${stops ? "stop" : "continue"} as ${fails ? "failed" : "non-failed"}`;
  const actionText = stops && fails ? "" : `, ${action}`;
  return `${subject.text}${labelText}${condition.text}${threshold.text}${windowText}${actionText}`;
}

function build(
  text: string,
  parts: CriterionTexts,
  warnings: CriterionRemark[],
  options: CriterionOptions,
): ParsedCriterion {
  const subject = parseSubject(parts.subject.text);
  if (subject === undefined) {
    const message = `"${parts.subject.text}" cannot be judged; there are avg-rt, avg-lt, avg-ct, stdev-rt, p0 to p100, hits, succ, fail, rc200 (with ? and *), bytes and concurrency.`;
    return { fault: keyed(remarkAt(parts.subject, "unknown-subject", message), "subject") };
  }
  const condition = parseCondition(parts.condition.text);
  if (condition === undefined) {
    const message = `"${parts.condition.text}" is no condition; there are >, >=, <, <=, = and ==.`;
    return { fault: keyed(remarkAt(parts.condition, "unknown-condition", message), "condition") };
  }
  const threshold = parseThreshold(parts.threshold.text, subject);
  if (typeof threshold === "string")
    return { fault: keyed(remarkAt(parts.threshold, "bad-threshold", threshold), "threshold") };
  const window = readWindow(parts.window);
  if (window !== undefined && "code" in window) return { fault: window };
  warnings.push(...traps(parts, subject, window, options));
  const criterion: Criterion = {
    text,
    message: options.message ?? parts.message,
    subject,
    label: parts.label?.text ?? "",
    condition,
    threshold: threshold.value,
    thresholdUnit: threshold.unit,
    window,
    outcome: parts.fails ? "failed" : "non-failed",
    stopsRun: parts.stops,
    range: options.range,
  };
  return { criterion, warnings };
}

function keyed(remark: CriterionRemark, key: string): CriterionRemark {
  return { ...remark, key };
}

function readWindow(window: CriterionTexts["window"]): Criterion["window"] | CriterionRemark {
  if (window === undefined) return undefined;
  const { logic, timeframe } = window;
  if (logic.text !== "for" && logic.text !== "within" && logic.text !== "over") {
    return keyed(
      remarkAt(logic, "unknown-logic", `"${logic.text}" is no logic; there are for, within and over.`),
      "logic",
    );
  }
  const ms = parseDuration(timeframe.text);
  if (ms === undefined) {
    return keyed(
      remarkAt(timeframe, "bad-timeframe", `"${timeframe.text}" is not a duration such as 10s or 1m30s.`),
      "timeframe",
    );
  }
  return ms === 0 ? undefined : { logic: logic.text, ms };
}

/** Names what Taurus reads without complaint and a person hardly means. */
function traps(
  parts: CriterionTexts,
  subject: CriterionSubject,
  window: Criterion["window"],
  options: CriterionOptions,
): readonly CriterionRemark[] {
  const found: CriterionRemark[] = [];
  const tracked = options.trackedPercentiles ?? defaultPercentiles;
  if (subject.kind === "percentile" && !tracked.includes(subject.percentile)) {
    const message = `Taurus itself does not track ${parts.subject.text} and takes it for 0; Loadfleet judges it all the same.`;
    found.push(keyed(remarkAt(parts.subject, "percentile-not-tracked", message), "subject"));
  }
  const isTime = subject.kind === "percentile" || subject.kind.startsWith("avg-") || subject.kind === "stdev-rt";
  if (isTime && /^\d+$/.test(parts.threshold.text) && Number(parts.threshold.text) >= 60) {
    const message = `Without a unit this means ${parts.threshold.text} seconds.`;
    found.push(
      keyed(remarkAt(parts.threshold, "seconds-without-unit", message, `${parts.threshold.text}ms`), "threshold"),
    );
  }
  if (window?.logic === "within" && parts.condition.text.startsWith("<") && parts.window !== undefined) {
    const message =
      "Within fires before the first stretch is complete, so this rule is met as soon as the load begins; over waits for a whole stretch.";
    found.push(keyed(remarkAt(parts.window.logic, "fires-early", message, "over"), "logic"));
  }
  return found;
}
