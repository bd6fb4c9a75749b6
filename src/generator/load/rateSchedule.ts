import type { PlannedExecution } from "../../core/run/plan.ts";

interface Stretch {
  readonly fromMs: number;
  /** Requests that are due before it. */
  readonly before: number;
  /** Requests per ms at its beginning, and by how much that grows each ms. */
  readonly rate: number;
  readonly growth: number;
}

/** When each request of a target rate is due: the rate ramps up linearly or in steps, then holds. */
export class RateSchedule {
  readonly #stretches: readonly Stretch[];
  readonly #phase: number;

  /**
   * @param ratePerSecond this task's part of the target
   * @param phase 0 to 1: by which part of the gap between two requests this task is later than the first
   */
  constructor(load: Pick<PlannedExecution, "rampUpMs" | "steps">, ratePerSecond: number, phase: number) {
    this.#phase = phase;
    this.#stretches = stretchesOf(load, ratePerSecond / 1000);
  }

  /** Instant at which request number `index` (from 0) is due, in ms from the beginning; Infinity when never. */
  dueMs(index: number): number {
    const wanted = index + this.#phase;
    const stretch = this.#stretches.findLast(({ before }) => wanted >= before);
    if (stretch === undefined) return Infinity;
    const { fromMs, before, rate, growth } = stretch;
    const rest = wanted - before;
    if (growth === 0) return rate === 0 ? Infinity : fromMs + rest / rate;
    return fromMs + Math.sqrt((2 * rest) / growth);
  }
}

function stretchesOf({ rampUpMs, steps }: Pick<PlannedExecution, "rampUpMs" | "steps">, rate: number): Stretch[] {
  if (rampUpMs === 0) return [{ fromMs: 0, before: 0, rate, growth: 0 }];
  if (steps === null) {
    return [
      { fromMs: 0, before: 0, rate: 0, growth: rate / rampUpMs },
      { fromMs: rampUpMs, before: (rate * rampUpMs) / 2, rate, growth: 0 },
    ];
  }
  const stepMs = rampUpMs / steps;
  return Array.from({ length: steps + 1 }, (_, step) => ({
    fromMs: step * stepMs,
    before: (rate * stepMs * step * (step + 1)) / (2 * steps),
    rate: (rate * Math.min(step + 1, steps)) / steps,
    growth: 0,
  }));
}
