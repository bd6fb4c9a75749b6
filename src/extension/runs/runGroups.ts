import type { RunRecord } from "../../core/run/run.ts";
import type { Translate } from "../translate.ts";
import { outcomeWord } from "./runLabel.ts";

/** Runs of one scenario, newest first. */
export interface RunGroup {
  /** Path of the scenario, or the test's id for runs that came without one. */
  readonly key: string;
  readonly name: string;
  readonly scenarioPath: string | undefined;
  readonly isInWorkspace: boolean;
  readonly runs: readonly RunRecord[];
}

/**
 * Groups runs (newest first) by scenario: those of the workspace first, then those whose latest run is newest.
 * @param isInWorkspace tells whether a path belongs to the folders that are open
 */
export function groupRuns(
  runs: readonly RunRecord[],
  isInWorkspace: (scenarioPath: string) => boolean,
): readonly RunGroup[] {
  const groups = new Map<string, RunRecord[]>();
  for (const run of runs) {
    const key = run.origin.scenarioPath ?? run.testId;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [run]);
    else group.push(run);
  }
  return [...groups]
    .map(([key, members]) => {
      const [latest] = members;
      const scenarioPath = latest?.origin.scenarioPath;
      return {
        key,
        name: latest?.name ?? key,
        scenarioPath,
        isInWorkspace: scenarioPath !== undefined && isInWorkspace(scenarioPath),
        runs: members,
      };
    })
    .toSorted((a, b) => Number(b.isInWorkspace) - Number(a.isInWorkspace));
}

/** Keeps the runs in which every word of the filter occurs: in name, path, id, status, verdict, commit or person. */
export function filterRuns(runs: readonly RunRecord[], filter: string, t: Translate): readonly RunRecord[] {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return runs;
  return runs.filter((run) => {
    const { origin } = run;
    const texts = [
      run.name,
      run.runId,
      run.status,
      outcomeWord(run, t),
      origin.scenarioPath,
      origin.commit,
      origin.startedBy,
    ];
    const text = texts.join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
