import type { Criterion, CriterionSubject } from "./criterion.ts";
import type { CriterionWindow } from "./criterionWindow.ts";
import { formatBytes, formatCount, formatDuration, formatMs, formatPercent } from "./figures.ts";

/** Writes a measured value or a threshold of a rule in its unit. */
export function formatMeasure(value: number, unit: Criterion["thresholdUnit"]): string {
  switch (unit) {
    case "ms":
      return formatMs(value);
    case "ratio":
      return formatPercent(value);
    case "bytes":
      return formatBytes(value);
    case "count":
      return Number.isInteger(value) ? formatCount(value) : String(Number(value.toPrecision(3)));
  }
}

function formatExactly(value: number, unit: Criterion["thresholdUnit"]): string {
  if (unit === "ratio") return `${Number((100 * value).toPrecision(9))} %`;
  return `${Number(value.toPrecision(9))}${{ ms: " ms", bytes: " B", count: "" }[unit]}`;
}

/** Names what a rule measures, at the beginning of a sentence: `p95 of Checkout`, `Error rate`. */
export function subjectPhrase({ subject, thresholdUnit, label }: Criterion): string {
  const name = subjectName(subject, thresholdUnit === "ratio");
  return label === "" ? name : `${name} of ${label}`;
}

function subjectName(subject: CriterionSubject, isRatio: boolean): string {
  switch (subject.kind) {
    case "avg-rt":
      return "Mean response time";
    case "avg-lt":
      return "Mean latency";
    case "avg-ct":
      return "Mean connect time";
    case "stdev-rt":
      return "Standard deviation of the response time";
    case "percentile":
      return `p${subject.percentile}`;
    case "hits":
      return "Number of requests";
    case "succ":
      return isRatio ? "Success rate" : "Number of successful requests";
    case "fail":
      return isRatio ? "Error rate" : "Number of failed requests";
    case "bytes":
      return "Bytes received";
    case "concurrency":
      return "Number of users";
    case "code":
      return isRatio ? `Share of responses ${subject.pattern}` : `Number of responses ${subject.pattern}`;
  }
}

/** Says what a rule allows: `at most 300 ms`. */
function allowance({ condition, threshold, thresholdUnit }: Criterion): string {
  const limit = formatMeasure(threshold, thresholdUnit);
  switch (condition) {
    case ">":
      return `at most ${limit}`;
    case ">=":
      return `less than ${limit}`;
    case "<":
      return `at least ${limit}`;
    case "<=":
      return `more than ${limit}`;
    case "==":
      return `anything but ${limit}`;
    case "!=":
      return `only ${limit}`;
  }
}

/** One sentence on a rule about the whole run: `p95 of Checkout was 312 ms, allowed is at most 300 ms.` */
export function finalSentence(criterion: Criterion, measured: number): string {
  const { threshold, thresholdUnit } = criterion;
  const rounded = formatMeasure(measured, thresholdUnit);
  // "300 ms, allowed is at most 300 ms" would puzzle.
  const isHidden = measured !== threshold && rounded === formatMeasure(threshold, thresholdUnit);
  const value = isHidden ? formatExactly(measured, thresholdUnit) : rounded;
  return `${subjectPhrase(criterion)} was ${value}, allowed is ${allowance(criterion)}.`;
}

/** One sentence on a windowed rule: what was reached at worst, what is allowed, and when it was first met. */
export function windowSentence(
  criterion: Criterion,
  window: NonNullable<Criterion["window"]>,
  { worst = 0, firedAtSecond, longestHeldSeconds }: CriterionWindow,
): string {
  const value = formatMeasure(worst, criterion.thresholdUnit);
  const length = formatDuration(window.ms);
  const perSecond = window.logic === "for" && isCounted(criterion) ? " per second" : "";
  const allowed = `allowed is ${allowance(criterion)}${perSecond}`;
  const when = firedAtSecond === undefined ? "" : `, first met ${formatDuration(firedAtSecond * 1000)} after the start`;
  const name = subjectPhrase(criterion);
  if (window.logic !== "for") return `${name} ${window.logic} ${length} was ${value} at worst, ${allowed}${when}.`;
  if (firedAtSecond !== undefined)
    return `${name} was ${value}${perSecond} at worst, ${allowed} over any ${length}${when}.`;
  const held =
    longestHeldSeconds === 0
      ? ""
      : `, and was beyond that for ${formatDuration(longestHeldSeconds * 1000)} at most, not ${length}`;
  return `${name} was ${value}${perSecond} at worst, ${allowed}${held}.`;
}

function isCounted({ subject, thresholdUnit }: Criterion): boolean {
  return thresholdUnit === "bytes" || (thresholdUnit === "count" && subject.kind !== "concurrency");
}
