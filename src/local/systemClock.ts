import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../core/async.ts";

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    try {
      await wait(Math.max(0, Math.min(ms, 2 ** 31 - 1)), undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
