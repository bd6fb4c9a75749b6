import { parseBytes, parseDuration } from "../units.ts";
import type { Criterion, CriterionSubject } from "./criterion.ts";

/** Percentiles that Taurus tracks unless `modules.consolidator.percentiles` says otherwise. */
export const defaultPercentiles: readonly number[] = [0, 50, 90, 95, 99, 99.9, 100];

/** Reads a rule's subject, with Taurus' aliases (`success`, `failures`, `concurrency`); undefined when it is none. */
export function parseSubject(text: string): CriterionSubject | undefined {
  switch (text) {
    case "avg-rt":
    case "avg-lt":
    case "avg-ct":
    case "stdev-rt":
    case "hits":
    case "bytes":
      return { kind: text };
  }
  if (text.startsWith("concurr")) return { kind: "concurrency" };
  if (text.startsWith("succ")) return { kind: "succ" };
  if (text.startsWith("fail")) return { kind: "fail" };
  if (text.startsWith("rc") && text.length > 2) return { kind: "code", pattern: text.slice(2) };
  const percentile = /^p(\d{1,3}(?:\.\d*)?)$/.exec(text)?.[1];
  if (percentile === undefined || Number(percentile) > 100) return undefined;
  return { kind: "percentile", percentile: Number(percentile) };
}

/** Unit in which a rule about this subject is judged when its threshold is no percentage. */
function unitOf(subject: CriterionSubject): Criterion["thresholdUnit"] {
  switch (subject.kind) {
    case "avg-rt":
    case "avg-lt":
    case "avg-ct":
    case "stdev-rt":
    case "percentile":
      return "ms";
    case "bytes":
      return "bytes";
    case "concurrency":
    case "hits":
    case "succ":
    case "fail":
    case "code":
      return "count";
  }
}

/** Reads a threshold (`150ms`, `50%`, `2kb`, `100`); answers a sentence when the subject does not take it. */
export function parseThreshold(
  text: string,
  subject: CriterionSubject,
): { readonly value: number; readonly unit: Criterion["thresholdUnit"] } | string {
  const unit = unitOf(subject);
  if (text.endsWith("%")) return parsePercentage(text, subject);
  if (unit === "ms") {
    const ms = parseDuration(text);
    return ms === undefined ? `"${text}" is not a duration such as 150ms, 2s or 1m30s.` : { value: ms, unit };
  }
  if (unit === "bytes") {
    const bytes = parseBytes(text);
    if (bytes === undefined) return `"${text}" is not a number of bytes such as 500, 10kb or 2mb.`;
    return { value: bytes, unit };
  }
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(text)) return `"${text}" is not a plain number, and this subject is counted.`;
  return { value: Number(text), unit };
}

function parsePercentage(text: string, subject: CriterionSubject): { value: number; unit: "ratio" } | string {
  if (subject.kind !== "succ" && subject.kind !== "fail" && subject.kind !== "code") {
    return "Only succ, fail and rc take a threshold in percent.";
  }
  const digits = text.slice(0, -1);
  if (!/^(?:\d+(?:\.\d*)?|\.\d+)$/.test(digits)) return `"${text}" is not a percentage such as 5%.`;
  return { value: Number(digits) / 100, unit: "ratio" };
}

/** Reads `>`, `>=`, `<`, `<=`, `=` or `==`; undefined when it is none of them. */
export function parseCondition(text: string): Criterion["condition"] | undefined {
  switch (text) {
    case "=":
    case "==":
      return "==";
    case ">":
    case ">=":
    case "<":
    case "<=":
      return text;
    default:
      return undefined;
  }
}
