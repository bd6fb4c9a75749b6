import type { LiveFigures, LivePoint } from "../run/run.ts";
import type { RunPlan } from "../run/plan.ts";
import type { Criterion } from "./criterion.ts";
import { CriterionWindow } from "./criterionWindow.ts";
import { formatDuration, formatPercent } from "./figures.ts";
import { windowSentence } from "./judgeWords.ts";
import type { LivePercentiles, Stretch } from "./stretch.ts";

/**
 * Watches merged live points for a reason to end the run: the plan's `stopWhen` and every windowed criterion that stops.
 * Rules over the whole run are judged at its end, as in Taurus.
 */
export class StopWatch {
  readonly #rules: readonly { readonly criterion: Criterion; readonly window: CriterionWindow }[];
  #lastSecond = -1;

  constructor(plan: Pick<RunPlan, "stopWhen" | "criteria">) {
    const stopping = plan.criteria.filter((criterion) => criterion.stopsRun);
    const all = plan.stopWhen === null ? stopping : [stopCriterion(plan.stopWhen), ...stopping];
    this.#rules = all.flatMap((criterion) =>
      criterion.window === undefined ? [] : [{ criterion, window: new CriterionWindow(criterion, criterion.window) }],
    );
  }

  /**
   * Adds a point that no task will add to any more, and answers why the run is to end, or undefined. Points are added in
   * order; one of a second that has been added is ignored.
   */
  add(point: LivePoint): StopReason | undefined {
    if (point.second <= this.#lastSecond) return undefined;
    this.#lastSecond = point.second;
    for (const { criterion, window } of this.#rules) {
      const stretch = stretchOf(point, criterion.label);
      if (stretch !== undefined) window.add(stretch);
    }
    const fired = this.#rules.find((rule) => rule.window.firedAtSecond !== undefined);
    return fired && reasonOf(fired.criterion, fired.window);
  }
}

/** Why a run is to end early. */
export interface StopReason {
  /** One sentence for people. */
  readonly sentence: string;
  /** False when the rule stops the run without failing it. */
  readonly isFailure: boolean;
}

function stopCriterion({ errorRatio, forMs }: NonNullable<RunPlan["stopWhen"]>): Criterion {
  return {
    text: `stop-when error-ratio ${errorRatio} for ${formatDuration(forMs)}`,
    message: `At least ${formatPercent(errorRatio)} of all requests failed for ${formatDuration(forMs)}.`,
    subject: { kind: "fail" },
    label: "",
    condition: ">=",
    threshold: errorRatio,
    thresholdUnit: "ratio",
    window: { logic: "for", ms: forMs },
    outcome: "failed",
    stopsRun: true,
    range: undefined,
  };
}

function reasonOf(criterion: Criterion, window: CriterionWindow): StopReason {
  const isFailure = criterion.outcome === "failed";
  if (criterion.text.startsWith("stop-when")) return { sentence: criterion.message ?? criterion.text, isFailure };
  const measured = criterion.window === undefined ? "" : windowSentence(criterion, criterion.window, window);
  return { sentence: `The rule ${criterion.text} was met: ${lowerFirst(measured)}`, isFailure };
}

function lowerFirst(sentence: string): string {
  return /^p\d/.test(sentence) ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** What a live point says of a label, as rules measure it; undefined when it had no samples. */
export function stretchOf(point: LivePoint, label: string): Stretch | undefined {
  // A label may be called like a property that every object has.
  const figures = Object.hasOwn(point.labels, label) ? point.labels[label] : undefined;
  if (figures === undefined || figures.count === 0) return undefined;
  return {
    second: point.second,
    seconds: point.seconds,
    users: label === "" ? point.users : undefined,
    count: figures.count,
    failed: figures.failed,
    bytes: figures.bytes,
    sumMs: figures.meanMs * figures.count,
    connectSumMs: undefined,
    latencySumMs: undefined,
    codes: undefined,
    histogram: undefined,
    maxMs: undefined,
    preview: percentilesOf(figures),
  };
}

function percentilesOf({ p50Ms, p90Ms, p95Ms, p99Ms }: LiveFigures): LivePercentiles | undefined {
  if (p50Ms === null || p90Ms === null || p95Ms === null || p99Ms === null) return undefined;
  return { p50Ms, p90Ms, p95Ms, p99Ms };
}
