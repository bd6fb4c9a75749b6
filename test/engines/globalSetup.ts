import { ensureEngines } from "../../scripts/engines.mjs";

/** Makes sure of k6 and Locust in the pinned versions; they stay in the user's cache folder. */
export function setup(): Promise<void> {
  return ensureEngines();
}
