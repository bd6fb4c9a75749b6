import type { RunId, TestId } from "../core/run/ids.ts";

/** Key of a run's plan, readable by its agents. */
export function planKey(runId: RunId): string {
  return `plans/${runId}.json`;
}

/** Key of a bundle by its content address. */
export function bundleKey(sha256: string): string {
  return `bundles/${sha256}.zip`;
}

/** Prefix of the notes, one for each run, that a bundle is needed. */
export function bundleUsesPrefix(sha256: string): string {
  return `bundles/${sha256}/`;
}

/** Prefix of everything that an agent uploads. */
export function inboxPrefix(identity: string): string {
  return `inbox/${identity}/`;
}

/** Names of an agent's uploads inside its inbox. */
export const inboxNames = {
  report: "report.json.gz",
  series: "series.gz",
  artifacts: "artifacts/",
} as const;

/** Artifact of a task whose engine did not get ready: the lines of its logs that tell why. */
export const failureLogName = "failure.log";

/** Prefix of everything that is kept of a run. */
export function resultsPrefix(testId: TestId, runId: RunId): string {
  return `results/${testId}/${runId}/`;
}

/** Beginning of the keys of what an image of the implementation guide's own kind reports: `<prefix>-<uuid>.xml`. */
export function guideReportsPrefix(testId: TestId, runId: RunId): string {
  return `results/${testId}/${runId}-`;
}

/** Key of a run's merged result. */
export function resultKey(testId: TestId, runId: RunId): string {
  return `${resultsPrefix(testId, runId)}result.json.gz`;
}
