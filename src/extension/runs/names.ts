import { commandIds } from "../commands.ts";

/** Type of the panels, as the activation event of package.json names it. */
export const panelType = "loadfleet.run";

/** Scheme of scenarios as they were: at a commit, or with a run. */
export const pastScheme = "loadfleet-past";

/** The commands that running and its views answer. */
export const runCommandIds = [
  commandIds.startRun,
  commandIds.startRunWith,
  commandIds.runAgain,
  commandIds.debugOnce,
  commandIds.stopRun,
  commandIds.openRun,
  commandIds.replayRun,
  commandIds.openScenarioOfRun,
  commandIds.exportRun,
  commandIds.deleteRun,
  commandIds.filterRuns,
  commandIds.clearRunFilter,
  commandIds.loadMoreRuns,
  commandIds.refreshRuns,
  commandIds.refreshScenarios,
] as const;

export type RunCommandId = (typeof runCommandIds)[number];
