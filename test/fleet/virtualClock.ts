import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../src/core/async.ts";

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

/** A clock that stands still until everything waits for it, and then jumps to the next instant somebody waits for. */
export class VirtualClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const end = (): void => {
        this.#timers.delete(timer);
        signal.removeEventListener("abort", end);
        resolve();
      };
      const timer: Timer = { atMs: this.#nowMs + Math.max(0, ms), fire: end };
      this.#timers.add(timer);
      signal.addEventListener("abort", end, { once: true });
    });
  }

  /** Lets time pass until the work is done. */
  async run<T>(work: Promise<T>): Promise<T> {
    let isDone = false;
    const end = (): void => {
      isDone = true;
    };
    work.then(end, end);
    for (;;) {
      await turn();
      if (isDone) return work;
      const next = Math.min(...[...this.#timers].map(({ atMs }) => atMs));
      if (next === Infinity) continue;
      this.#nowMs = Math.max(this.#nowMs, next);
      for (const timer of this.#timers) if (timer.atMs <= this.#nowMs) timer.fire();
    }
  }
}
