import type { RunResult } from "../results/result.ts";
import type { RunId, TestId } from "./ids.ts";
import type { DriverName, EngineName, RunPlan } from "./plan.ts";
import type { ErrorKind } from "./wire.ts";

export type RunStatus =
  "queued" | "provisioning" | "ready" | "running" | "collecting" | "complete" | "failed" | "cancelled";

/** Statuses in their only order; the last three end a run. */
export const runStatuses: readonly RunStatus[] = [
  "queued",
  "provisioning",
  "ready",
  "running",
  "collecting",
  "complete",
  "failed",
  "cancelled",
];

export function isFinal(status: RunStatus): boolean {
  return status === "complete" || status === "failed" || status === "cancelled";
}

export type VerdictStatus = "passed" | "failed" | "not judged";

/** Who started a run, and from which state of the code. */
export interface RunOrigin {
  readonly startedBy: string;
  /** Commit of the repository that holds the scenario; undefined outside a repository. */
  readonly commit: string | undefined;
  readonly isTreeClean: boolean | undefined;
  /** Absolute path of the scenario on the machine that started the run. */
  readonly scenarioPath: string | undefined;
  readonly toolVersion: string;
  /** What the REST API was told of the test; missing for a run that another tool started. */
  readonly test?: {
    /** At most 1,000 characters. */
    readonly description: string;
    /** `simple`, `jmeter`, `taurus`, `k6` or `locust`. */
    readonly testType: string;
    /** `none`, `script` or `zip`. */
    readonly fileType: string;
  };
}

/** The ledger's record of a run (`loadfleet.run.v1`, ≤ 16 KB): written by steps only, forward only. */
export interface RunRecord {
  readonly schema: "loadfleet.run.v1";
  readonly runId: RunId;
  readonly testId: TestId;
  readonly name: string;
  readonly engine: EngineName;
  readonly driver: DriverName;
  readonly tasks: number;
  readonly status: RunStatus;
  readonly origin: RunOrigin;
  /** Names of the scenarios that its executions run, each once; missing when they are too many for a record. */
  readonly scenarios?: readonly string[];
  readonly plannedMs: number | null;
  readonly createdAtMs: number;
  /** The agreed start instant; null before. */
  readonly startAtMs: number | null;
  readonly deadlineAtMs: number | null;
  readonly endedAtMs: number | null;
  /** One sentence on how it ended, when that needs saying. */
  readonly reason: string | null;
  readonly isPartial: boolean;
  /** Present once the run has been closed. */
  readonly summary: RunSummary | null;
}

/** The few figures that lists show; at most 1 KB. */
export interface RunSummary {
  readonly verdict: VerdictStatus;
  readonly count: number;
  readonly failed: number;
  readonly errorRatio: number;
  readonly ratePerSecond: number;
  readonly meanMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxUsers: number;
  readonly tasksReported: number;
  readonly costUsd: number | null;
}

export type TaskState =
  | "wanted"
  | "launched"
  | "ready"
  | "running"
  | "uploading"
  | "done"
  | "failed"
  | "late"
  | "duplicate"
  | "lost"
  | "stopped";

/** The ledger's record of one task: number → the launcher's id and what became of it. */
export interface TaskRecord {
  readonly task: number;
  readonly attempt: number;
  /** The launcher's name for it (process id, container id, task ARN); null until launched. */
  readonly launcherId: string | null;
  /** The identity under which its agent writes. */
  readonly identity: string | null;
  readonly state: TaskState;
  readonly reason: string | null;
  readonly changedAtMs: number;
}

/** Figures of one label in one stretch of the live view, merged over the tasks that have reported it. */
export interface LiveFigures {
  readonly count: number;
  readonly failed: number;
  readonly bytes: number;
  readonly meanMs: number;
  /** From coarse histograms: a preview. All four are null where a task kept no histogram of some of the samples. */
  readonly p50Ms: number | null;
  readonly p90Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** What a task uses of its machine in a stretch of the live view. */
export interface TaskUsage {
  readonly task: number;
  /** Share of one core; may exceed 1. */
  readonly cpuRatio: number;
  readonly memoryMiB: number;
  /** By how much one in a hundred turns of the generator's event loop was late since the start; missing for an engine of its own. */
  readonly lateMs?: number | undefined;
}

/** One stretch of the live view. */
export interface LivePoint {
  /** First second, counted from the start instant, and how many seconds it covers. */
  readonly second: number;
  readonly seconds: number;
  readonly users: number;
  readonly tasksReporting: number;
  /** Only labels of which every task tells its samples; `""` is all requests. */
  readonly labels: Readonly<Record<string, LiveFigures>>;
  /** Labels that tasks have seen and that are not among these; missing when there are none. */
  readonly hidden?: number;
  /** The most frequent kinds of errors of the stretch, as far as tasks tell them. */
  readonly errors?: readonly ErrorKind[];
  /** Of the 12 busiest tasks, the busiest first. */
  readonly usage?: readonly TaskUsage[];
}

/** Everything a view shows of a run. */
export interface RunView {
  readonly run: RunRecord;
  readonly plan: RunPlan | null;
  readonly tasks: readonly TaskRecord[];
  readonly points: readonly LivePoint[];
  readonly result: RunResult | null;
}

/** What a watcher gets: a snapshot, then deltas. */
export type RunEvent =
  | { readonly kind: "snapshot"; readonly view: RunView }
  | { readonly kind: "run"; readonly run: RunRecord }
  | { readonly kind: "task"; readonly task: TaskRecord }
  /** A point replaces the one of the same second: late tasks add to it. */
  | { readonly kind: "point"; readonly point: LivePoint }
  | { readonly kind: "result"; readonly result: RunResult };

function replaceSorted<T>(items: readonly T[], item: T, key: (item: T) => number): readonly T[] {
  const at = items.findLastIndex((other) => key(other) <= key(item));
  const found = items[at];
  if (found !== undefined && key(found) === key(item)) return items.with(at, item);
  return items.toSpliced(at + 1, 0, item);
}

/** Applies one event to a view. */
export function reduceRun(view: RunView | undefined, event: RunEvent): RunView | undefined {
  if (event.kind === "snapshot") return event.view;
  if (view === undefined) return undefined;
  switch (event.kind) {
    case "run":
      return { ...view, run: event.run };
    case "task":
      return { ...view, tasks: replaceSorted(view.tasks, event.task, (task) => task.task) };
    case "point":
      return { ...view, points: replaceSorted(view.points, event.point, (point) => point.second) };
    case "result":
      return { ...view, result: event.result };
  }
}
