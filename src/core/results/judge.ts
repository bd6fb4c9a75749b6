import type { Criterion } from "./criterion.ts";
import { CriterionWindow, isMet } from "./criterionWindow.ts";
import { formatDuration } from "./figures.ts";
import { finalSentence, subjectPhrase, windowSentence } from "./judgeWords.ts";
import type { JudgedRule, Verdict } from "./result.ts";
import type { MergedGrid } from "./seriesMerge.ts";
import { measure, pool, stretchesOf, type Stretch } from "./stretch.ts";

/** What there is to judge by. */
export interface Evidence {
  /** Figures of the whole run by label; `""` is all requests. */
  readonly labels: ReadonlyMap<string, Stretch>;
  /** All labels of the series, and second by second those whose windows are shorter than a bucket. */
  readonly buckets: MergedGrid;
  readonly seconds: MergedGrid;
  /** With `ramp-up-exclude`: length of the ramp-up, which is left out; else 0. */
  readonly excludedMs: number;
  /** Why a stop rule ended the run as failed, in one sentence. */
  readonly stoppedBy: string | null;
}

/**
 * Judges the criteria on merged figures. The verdict is failed when any rule failed, passed when all passed, and not
 * judged when there are none or some could not be judged.
 */
export function judge(criteria: readonly Criterion[], evidence: Evidence): Verdict {
  const rules = criteria.map((criterion) => judgeRule(criterion, evidence));
  if (evidence.stoppedBy !== null && !rules.some(isFailed)) rules.push(stopRule(evidence.stoppedBy));
  if (rules.some(isFailed)) return { status: "failed", rules };
  const isPassed = rules.length > 0 && rules.every(({ status }) => status === "passed");
  return { status: isPassed ? "passed" : "not judged", rules };
}

/** Lists the criteria as not judged, each with the same reason. */
export function judgeNothing(criteria: readonly Criterion[], why: string): Verdict {
  return { status: "not judged", rules: criteria.map((criterion) => notJudged(criterion, why)) };
}

function isFailed({ status }: JudgedRule): boolean {
  return status === "failed";
}

function judgeRule(criterion: Criterion, evidence: Evidence): JudgedRule {
  const unjudgeable = whyNot(criterion, evidence);
  if (unjudgeable !== undefined) return notJudged(criterion, unjudgeable);
  return criterion.window === undefined
    ? judgeFinal(criterion, evidence)
    : judgeWindowed(criterion, criterion.window, evidence);
}

function whyNot(criterion: Criterion, { labels }: Evidence): string | undefined {
  const { label, subject } = criterion;
  if (subject.kind === "concurrency" && label !== "") {
    return "Users are counted for the whole run only, so a rule about the users of one label cannot be judged.";
  }
  const figures = labels.get(label);
  if (figures === undefined) {
    const names = [...labels.keys()].filter((name) => name !== "");
    const some = names.slice(0, 5).map((name) => `"${name}"`);
    const others = names.length > 5 ? ` and ${names.length - 5} more` : "";
    return `No request had the label "${label}"; there were ${some.length === 0 ? "none" : some.join(", ")}${others}.`;
  }
  if (figures.count === 0) return label === "" ? "There were no requests." : `"${label}" had no requests.`;
  return undefined;
}

function judgeFinal(criterion: Criterion, evidence: Evidence): JudgedRule {
  const stretch =
    evidence.excludedMs > 0 ? steadyStretch(criterion.label, evidence) : evidence.labels.get(criterion.label);
  const measured = stretch && measure(stretch, criterion, "total");
  if (measured === undefined) return notJudged(criterion, whyNotKept(criterion, evidence));
  const sentence = finalSentence(criterion, measured);
  const scope =
    evidence.excludedMs > 0 ? `After the ramp-up, ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}` : sentence;
  return rule(criterion, { isBroken: isMet(criterion, measured), measured, atSecond: null, sentence: scope });
}

function steadyStretch(label: string, { buckets, excludedMs }: Evidence): Stretch | undefined {
  return pool(stretchesOf(buckets, label).filter((stretch) => stretch.second * 1000 >= excludedMs));
}

function judgeWindowed(criterion: Criterion, window: NonNullable<Criterion["window"]>, evidence: Evidence): JudgedRule {
  const follower = new CriterionWindow(criterion, window);
  for (const stretch of windowStretches(criterion, window.ms, evidence)) follower.add(stretch);
  if (follower.worst === undefined) return notJudged(criterion, whyNotKept(criterion, evidence));
  return rule(criterion, {
    isBroken: follower.firedAtSecond !== undefined,
    measured: follower.worst,
    atSecond: follower.firedAtSecond ?? null,
    sentence: windowSentence(criterion, window, follower),
  });
}

/** The stretches that show the window: those of the series, or for shorter windows the seconds of the label. */
function windowStretches(criterion: Criterion, windowMs: number, evidence: Evidence): readonly Stretch[] {
  const { seconds, buckets } = evidence;
  const needsSeconds = windowMs < buckets.bucketSeconds * 1000 && seconds.labels.has(criterion.label);
  const finest = stretchesOf(needsSeconds ? seconds : buckets, criterion.label);
  if (finest.some((stretch) => stretch.seconds * 1000 > windowMs && stretch.seconds > 1)) return [];
  return finest.filter((stretch) => stretch.second * 1000 >= evidence.excludedMs);
}

function whyNotKept(criterion: Criterion, { buckets, seconds, excludedMs }: Evidence): string {
  const name = subjectPhrase(criterion);
  const isShort = criterion.window !== undefined && criterion.window.ms < buckets.bucketSeconds * 1000;
  const grid = (isShort && seconds.labels.has(criterion.label) ? seconds : buckets).labels.get(criterion.label);
  if (criterion.window === undefined && excludedMs === 0) return `${name} is not known of this run.`;
  if (grid === undefined) return `${name} was not kept over time, because no series of that label was reported.`;
  const { kind } = criterion.subject;
  if ((kind === "percentile" || kind === "stdev-rt") && grid.histogramAt === undefined) {
    return `${name} was not kept over time; name the label under series-labels in the section loadfleet.`;
  }
  if (isShort) {
    return `${name} was kept in stretches of ${formatDuration(buckets.bucketSeconds * 1000)}, which is longer than the rule's window.`;
  }
  return excludedMs > 0
    ? `There were no requests after the ramp-up.`
    : `${name} was not kept over time by this driver.`;
}

interface Outcome {
  readonly isBroken: boolean;
  readonly measured: number;
  readonly atSecond: number | null;
  readonly sentence: string;
}

function rule(criterion: Criterion, { isBroken, measured, atSecond, sentence }: Outcome): JudgedRule {
  const isOnlyNoted = isBroken && criterion.outcome === "non-failed";
  return {
    ...given(criterion),
    status: isBroken && !isOnlyNoted ? "failed" : "passed",
    measured,
    atSecond,
    sentence: isOnlyNoted ? `${sentence.slice(0, -1)}; the rule only notes it.` : sentence,
  };
}

function notJudged(criterion: Criterion, sentence: string): JudgedRule {
  return { ...given(criterion), status: "not judged", measured: null, atSecond: null, sentence };
}

function given(criterion: Criterion): Omit<JudgedRule, "status" | "measured" | "atSecond" | "sentence"> {
  return {
    text: criterion.text,
    message: criterion.message ?? null,
    label: criterion.label,
    threshold: criterion.threshold,
    unit: criterion.thresholdUnit,
    condition: criterion.condition,
    subject: criterion.subject,
    ...(criterion.window === undefined ? {} : { windowLogic: criterion.window.logic }),
    line: criterion.range?.line ?? null,
  };
}

function stopRule(sentence: string): JudgedRule {
  return {
    text: "stop rule",
    message: null,
    label: "",
    status: "failed",
    measured: null,
    threshold: 0,
    unit: "ratio",
    condition: ">=",
    atSecond: null,
    sentence,
    line: null,
  };
}
