import type { Criterion } from "../../src/core/results/criterion.ts";
import { CriterionWindow, isMet } from "../../src/core/results/criterionWindow.ts";
import type { JudgedRule } from "../../src/core/results/result.ts";
import { stretchOf } from "../../src/core/results/stopRule.ts";
import { measure } from "../../src/core/results/stretch.ts";
import type { LivePoint } from "../../src/core/run/run.ts";
import type { RunPlan } from "../../src/core/run/plan.ts";
import type { Totals } from "./reading.ts";

/** Seconds after which a point is judged: by then all tasks have reported it. */
const settledSeconds = 3;

/**
 * Judges a plan's rules on what is known so far: a preview, like the figures. Rules about percentiles of the whole run,
 * and all rules of a run whose ramp-up is left out, wait for the result.
 */
export class LiveRules {
  readonly #plan: Pick<RunPlan, "criteria" | "isRampUpExcluded">;
  readonly #windows: ReadonlyMap<Criterion, CriterionWindow>;
  #waiting: readonly LivePoint[] = [];
  #judgedSecond = -1;

  constructor(plan: Pick<RunPlan, "criteria" | "isRampUpExcluded">) {
    this.#plan = plan;
    const judged = plan.isRampUpExcluded ? [] : plan.criteria;
    this.#windows = new Map(
      judged.flatMap((criterion) =>
        criterion.window === undefined ? [] : [[criterion, new CriterionWindow(criterion, criterion.window)] as const],
      ),
    );
  }

  /** Takes a point; it replaces the one of the same second as long as that has not been judged. */
  add(point: LivePoint): void {
    if (point.second <= this.#judgedSecond) return;
    const others = this.#waiting.filter(({ second }) => second !== point.second);
    const all = [...others, point].toSorted((a, b) => a.second - b.second);
    const newest = all.at(-1)?.second ?? 0;
    this.#waiting = all.filter(({ second }) => second > newest - settledSeconds);
    for (const settled of all) if (settled.second <= newest - settledSeconds) this.#judge(settled);
  }

  /** The rules with what is measured so far. */
  judged(totals: ReadonlyMap<string, Totals>): readonly JudgedRule[] {
    return this.#plan.criteria.map((criterion) => {
      const { text, message, label, condition, threshold, thresholdUnit, subject } = criterion;
      const window = this.#windows.get(criterion);
      const measured = (window ? window.worst : this.#measureTotal(criterion, totals.get(label))) ?? null;
      const hasFired = window ? window.firedAtSecond !== undefined : measured !== null && isMet(criterion, measured);
      return {
        text,
        message: message ?? null,
        label,
        status: measured === null ? "not judged" : hasFired && criterion.outcome === "failed" ? "failed" : "passed",
        measured,
        threshold,
        unit: thresholdUnit,
        condition,
        subject,
        ...(criterion.window === undefined ? {} : { windowLogic: criterion.window.logic }),
        atSecond: window?.firedAtSecond ?? null,
        sentence: "",
        line: null,
      };
    });
  }

  #judge(point: LivePoint): void {
    this.#judgedSecond = point.second;
    for (const [criterion, window] of this.#windows) {
      const stretch = stretchOf(point, criterion.label);
      if (stretch) window.add(stretch);
    }
  }

  #measureTotal(criterion: Criterion, totals: Totals | undefined): number | undefined {
    // Counts only grow, so that a rule about too few of something says nothing before the end.
    const isBelow = criterion.condition.startsWith("<") && criterion.thresholdUnit !== "ratio";
    if (!totals || this.#plan.isRampUpExcluded || (isBelow && criterion.subject.kind !== "avg-rt")) return undefined;
    const unknown = { users: undefined, connectSumMs: undefined, latencySumMs: undefined, codes: undefined };
    const nothing = { histogram: undefined, maxMs: undefined, preview: undefined };
    return measure({ second: 0, seconds: 1, ...totals, ...unknown, ...nothing }, criterion, "total");
  }
}
