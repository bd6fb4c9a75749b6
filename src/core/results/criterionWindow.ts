import type { Criterion } from "./criterion.ts";
import { Histogram } from "./histogram.ts";
import { measure, pool, type Stretch } from "./stretch.ts";

/**
 * Follows one windowed rule through the stretches of its label, in order. Taurus' logic (bzt 1.17, passfail.py): `for`
 * holds when every stretch with samples meets the condition, without a break, for the window's length; `within` is met
 * as soon as the figures of the last window meet it; `over` the same, but only for whole windows. Where Taurus averages
 * the averages of seconds, the figures of the window are pooled, so that mean and percentiles are true ones.
 */
export class CriterionWindow {
  readonly #criterion: Criterion;
  readonly #logic: "for" | "within" | "over";
  readonly #seconds: number;
  #recent: Stretch[] = [];
  /** Response times of the recent stretches, for rules that need them: kept up to date, since pooling anew takes the window's length each time. */
  #pooled: Histogram | undefined;
  #heldSince: number | undefined;
  #firedAtSecond: number | undefined;
  #worst: number | undefined;
  #longestHeldSeconds = 0;

  constructor(criterion: Criterion, window: NonNullable<Criterion["window"]>) {
    this.#criterion = criterion;
    this.#logic = window.logic;
    this.#seconds = window.ms / 1000;
  }

  /** Second at whose end the rule was first met. */
  get firedAtSecond(): number | undefined {
    return this.#firedAtSecond;
  }

  /** The measured value that came closest to meeting the condition, or went farthest beyond. */
  get worst(): number | undefined {
    return this.#worst;
  }

  /** Longest time for which the condition held without a break (`for` only). */
  get longestHeldSeconds(): number {
    return this.#longestHeldSeconds;
  }

  add(stretch: Stretch): void {
    if (this.#logic === "for") this.#addFor(stretch);
    else this.#addSliding(stretch, this.#logic);
  }

  #addFor(stretch: Stretch): void {
    const value = measure(stretch, this.#criterion, "per second");
    if (value !== undefined) this.#note(value);
    // Of a stretch with samples that does not keep the figure nobody can say that the condition held.
    if (value === undefined || !isMet(this.#criterion, value)) {
      this.#heldSince = undefined;
      return;
    }
    this.#heldSince ??= stretch.second;
    const heldSeconds = stretch.second + stretch.seconds - this.#heldSince;
    this.#longestHeldSeconds = Math.max(this.#longestHeldSeconds, heldSeconds);
    if (heldSeconds >= this.#seconds) this.#fire(stretch);
  }

  #addSliding(stretch: Stretch, logic: "within" | "over"): void {
    const end = stretch.second + stretch.seconds;
    this.#slideTo(stretch, end - this.#seconds);
    const first = this.#recent[0] ?? stretch;
    if (logic === "over" && end - first.second < this.#seconds) return;
    const pooled = pool(this.#recent);
    if (pooled === undefined) return;
    const histogram = this.#pooled;
    const whole = histogram === undefined ? pooled : { ...pooled, histogram: () => histogram };
    const isRate = this.#criterion.subject.kind === "bytes";
    const value = measure(whole, this.#criterion, isRate ? "per second" : "total");
    if (value === undefined) return;
    this.#note(value);
    if (isMet(this.#criterion, value)) this.#fire(stretch);
  }

  /** Adds a stretch and lets go of those that begin before the window. */
  #slideTo(stretch: Stretch, beginSecond: number): void {
    const gone = this.#recent.filter((other) => other.second < beginSecond);
    this.#recent = [...this.#recent.slice(gone.length), stretch];
    const { kind } = this.#criterion.subject;
    if (stretch.histogram === undefined || (kind !== "percentile" && kind !== "stdev-rt")) return;
    const added = stretch.histogram();
    this.#pooled ??= new Histogram(added.unit, { digits: added.digits });
    this.#pooled.add(added);
    for (const { histogram } of gone) if (histogram !== undefined) this.#pooled.subtract(histogram());
  }

  #fire(stretch: Stretch): void {
    this.#firedAtSecond ??= stretch.second + stretch.seconds;
  }

  #note(value: number): void {
    const { condition } = this.#criterion;
    if (this.#worst === undefined) this.#worst = value;
    else if (condition === ">" || condition === ">=") this.#worst = Math.max(this.#worst, value);
    else if (condition === "<" || condition === "<=") this.#worst = Math.min(this.#worst, value);
    else if (!isMet(this.#criterion, this.#worst)) this.#worst = value;
  }
}

/** Tells whether a measured value meets a rule's condition. */
export function isMet({ condition, threshold }: Pick<Criterion, "condition" | "threshold">, value: number): boolean {
  switch (condition) {
    case "<":
      return value < threshold;
    case "<=":
      return value <= threshold;
    case ">":
      return value > threshold;
    case ">=":
      return value >= threshold;
    case "==":
      return value === threshold;
    case "!=":
      return value !== threshold;
  }
}
