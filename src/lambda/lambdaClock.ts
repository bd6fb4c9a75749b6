import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../core/async.ts";

/** The clock of the function's machine. */
export const lambdaClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await wait(Math.max(0, ms), undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
