import type { RunId } from "../../core/run/ids.ts";
import type { RunRecord } from "../../core/run/run.ts";
import type { RunResult } from "../../core/results/result.ts";

/** The last run of a scenario with figures, and what it is compared with. */
export interface ComparedRuns {
  readonly last: RunResult;
  /** The newest run before it that had the same load. */
  readonly before: RunResult | undefined;
  /** Whether there are runs before it, all with another load. */
  readonly isLoadNew: boolean;
}

/** Tells whether a run had a scenario of its file; one that does not say had all of them. */
export function hasScenario({ scenarios }: RunRecord, name: string): boolean {
  return scenarios === undefined || scenarios.includes(name);
}

/**
 * Picks, for each scenario of a file, the last run that had it: a run of one execution says nothing about the others.
 * @param runs of one file, newest first
 * @returns each run once, newest first
 */
export async function compareEach(
  scenarios: readonly string[],
  runs: readonly RunRecord[],
  resultOf: (runId: RunId) => Promise<RunResult | undefined>,
): Promise<readonly ComparedRuns[]> {
  const found = new Map<RunId, ComparedRuns>();
  for (const name of new Set(scenarios)) {
    const compared = await compareRuns(
      runs.filter((run) => hasScenario(run, name)),
      resultOf,
    );
    if (compared !== undefined) found.set(compared.last.runId, compared);
  }
  return [...found.values()].toSorted((a, b) => b.last.endedAtMs - a.last.endedAtMs);
}

/** What a record tells of the load without its result. */
const loadKeys = ["engine", "driver", "tasks", "plannedMs"] as const;

/** Results that are read at most, to find one with the same load. */
const mostCandidates = 8;

/**
 * Picks the run whose figures are shown and the run to compare them with: only response times under the same
 * load say whether the system has become faster. Runs that were cut short or measured nothing do not count.
 * @param runs that may be compared, newest first
 */
export async function compareRuns(
  runs: readonly RunRecord[],
  resultOf: (runId: RunId) => Promise<RunResult | undefined>,
): Promise<ComparedRuns | undefined> {
  const [newest, ...earlier] = runs.filter(
    ({ status, summary }) => status === "complete" && summary !== null && summary.count > 0,
  );
  const last = newest && (await resultOf(newest.runId));
  if (newest === undefined || last === undefined) return undefined;
  const alike = earlier.filter((run) => loadKeys.every((key) => run[key] === newest[key]));
  const load = JSON.stringify(last.plan.executions);
  for (const { runId } of alike.slice(0, mostCandidates)) {
    const before = await resultOf(runId);
    if (before !== undefined && JSON.stringify(before.plan.executions) === load) {
      return { last, before, isLoadNew: false };
    }
  }
  return { last, before: undefined, isLoadNew: earlier.length > 0 };
}
