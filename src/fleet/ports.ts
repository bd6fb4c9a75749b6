import type { RunId, TestId } from "../core/run/ids.ts";
import type { RunRecord, TaskRecord } from "../core/run/run.ts";
import type { RunResult } from "../core/results/result.ts";
import type { AgentState, LiveRecord, StartSignal, StopRequest } from "../core/run/wire.ts";

/** Whether a conditional write took place; `conflict` means that the ledger already says something else. */
export type WriteOutcome = "written" | "conflict";

/** A page of a listing; `next` continues it, undefined at its end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** What lists show of a test; `activeRunId` is the lock against a second start. */
export interface TestEntry {
  readonly testId: TestId;
  readonly name: string;
  readonly scenarioPath: string | undefined;
  readonly activeRunId: RunId | null;
  readonly lastRunId: RunId | null;
  readonly baselineRunId: RunId | null;
  readonly changedAtMs: number;
}

/** A live record with the task's identity that wrote it. */
export interface StoredLive {
  readonly identity: string;
  readonly record: LiveRecord;
}

/**
 * What is true about tests, runs, tasks and live intervals. Every write of steps is conditional and may be repeated.
 * Adapters: memory, folder, DynamoDB; they pass one contract suite.
 */
export interface Ledger {
  /** One transaction: the run, the lock on its test, its entry among the open runs; `conflict` when the test has an active run. */
  submit(run: RunRecord, signal: AbortSignal): Promise<WriteOutcome>;
  getRun(runId: RunId, signal: AbortSignal): Promise<RunRecord | undefined>;
  /** Replaces the run if its status is still `from.status` and the new one is not earlier. */
  advanceRun(from: RunRecord, to: RunRecord, signal: AbortSignal): Promise<WriteOutcome>;
  /** One transaction: the final run, the lock released, the open entry removed. Repeating it with a run already final is a `conflict`. */
  closeRun(run: RunRecord, signal: AbortSignal): Promise<WriteOutcome>;
  deleteRun(runId: RunId, signal: AbortSignal): Promise<void>;

  listTests(signal: AbortSignal): Promise<readonly TestEntry[]>;
  getTest(testId: TestId, signal: AbortSignal): Promise<TestEntry | undefined>;
  /** Marks a run as the one that others are compared with (null: none); `conflict` when there is no such test. */
  setBaseline(testId: TestId, runId: RunId | null, signal: AbortSignal): Promise<WriteOutcome>;
  /** Removes a test's entry; `conflict` while it has an active run. */
  deleteTest(testId: TestId, signal: AbortSignal): Promise<WriteOutcome>;
  /** Newest first. */
  listRuns(
    filter: { readonly testId?: TestId; readonly limit: number; readonly after?: string },
    signal: AbortSignal,
  ): Promise<Page<RunRecord>>;
  listOpenRuns(signal: AbortSignal): Promise<readonly RunId[]>;

  listTasks(runId: RunId, signal: AbortSignal): Promise<readonly TaskRecord[]>;
  /** Replaces the task's record if it still equals `from` (undefined: if there is none). */
  putTask(runId: RunId, from: TaskRecord | undefined, to: TaskRecord, signal: AbortSignal): Promise<WriteOutcome>;

  getStart(runId: RunId, signal: AbortSignal): Promise<StartSignal | undefined>;
  /** Written once, and only if no stop was requested. */
  putStart(runId: RunId, start: StartSignal, signal: AbortSignal): Promise<WriteOutcome>;
  getStop(runId: RunId, signal: AbortSignal): Promise<StopRequest | undefined>;
  /** The first request stands; a later one is a `conflict` and harmless. */
  putStop(runId: RunId, stop: StopRequest, signal: AbortSignal): Promise<WriteOutcome>;

  /**
   * An agent takes possession of its identity: the first claimant stands, and repeating its claim is `written`;
   * for every other claimant it is a `conflict`.
   */
  claimIdentity(identity: string, claimant: string, signal: AbortSignal): Promise<WriteOutcome>;
  getAgentStates(identities: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, AgentState>>;
  putAgentState(identity: string, state: AgentState, signal: AbortSignal): Promise<void>;
  putLive(identity: string, record: LiveRecord, signal: AbortSignal): Promise<void>;
  /** Records of these identities whose first second is at least `fromSecond`. */
  getLive(identities: readonly string[], fromSecond: number, signal: AbortSignal): Promise<readonly StoredLive[]>;
}

/** What an agent uses of a ledger: its own items, and the signals of its run. */
export type AgentLedger = Pick<Ledger, "claimIdentity" | "putAgentState" | "putLive" | "getStart" | "getStop">;

/** Named bytes. Keys are `/`-separated. Adapters: memory, folder, S3. */
export interface Store {
  put(key: string, bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  get(key: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  list(prefix: string, signal: AbortSignal): Promise<readonly { readonly key: string; readonly bytes: number }[]>;
  delete(key: string, signal: AbortSignal): Promise<void>;
}

/** What an agent uses of a store. */
export type AgentStore = Pick<Store, "get" | "put">;

/** What a launcher knows of a task that it started. */
export interface LaunchedTask {
  readonly task: number;
  readonly attempt: number;
  readonly launcherId: string;
  /** Under which its agent writes to ledger and store. */
  readonly identity: string;
  readonly isAlive: boolean;
  /** Why it stopped, verbatim, when it did. */
  readonly stopReason: string | undefined;
  /** Since when its program runs (epoch ms), where the launcher knows that. */
  readonly runningSinceMs?: number | undefined;
  /** What its program ended with, where the launcher knows that. */
  readonly exitCode?: number | undefined;
}

/** Starts agent n of a run, stops it, lists what lives. Idempotent per (run, task, attempt). */
export interface Launcher {
  launch(runId: RunId, task: number, attempt: number, signal: AbortSignal): Promise<LaunchedTask>;
  /**
   * At least the tasks that live.
   * @param launcherIds asks for these tasks, stopped ones too; a launcher may give more
   */
  list(runId: RunId, signal: AbortSignal, launcherIds?: readonly string[]): Promise<readonly LaunchedTask[]>;
  /** Ends a task at once, whatever it does. */
  kill(runId: RunId, task: LaunchedTask, signal: AbortSignal): Promise<void>;
}

/** Sets a submitted run going; starting it twice is harmless. */
export interface Starter {
  start(runId: RunId, signal: AbortSignal): Promise<void>;
  /** Tells whether what drives the run is still alive; the sweep closes runs whose starter is gone. */
  isAlive(runId: RunId, signal: AbortSignal): Promise<boolean>;
}

/** Compression of what goes into the store; the pure folders have none of their own. */
export interface Gzip {
  pack(bytes: Uint8Array): Promise<Uint8Array>;
  /** @throws when the bytes are no gzip, end early or hold more than `maxBytes` */
  unpack(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array>;
}

/** How patient the steps of an engine are; every value in ms. */
export interface Pace {
  /** Between two looks at a run. */
  readonly pollMs: number;
  /** From writing the start signal to the start instant: at least three polls of the agents. */
  readonly startMarginMs: number;
  /** How long tasks may take until they are ready. */
  readonly readyLimitMs: number;
  /** How long agents may take to end after a stop request before they are ended by force. */
  readonly stopLimitMs: number;
  /** Added to the planned duration: the deadline. */
  readonly graceMs: number;
  /** Longest run of a plan that has no planned end. */
  readonly longestRunMs: number;
  /** How long a launcher may not know a task that was launched, before it counts as lost; none when absent. */
  readonly unseenMs?: number;
  /** After how long a program that runs and says nothing counts as a ready one that knows no ledger; never when absent. */
  readonly guideReadyMs?: number;
}

export interface Ports {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly launcher: Launcher;
  readonly gzip: Gzip;
  readonly pace: Pace;
  /** Adds to a run's result, before the run is closed with it, what only this engine knows, such as what it cost, and keeps it. */
  readonly completeResult?: (run: RunRecord, result: RunResult, signal: AbortSignal) => Promise<RunResult>;
}

/** Answer of a single-shot step: what comes next, and how long to wait before it. */
export interface StepOutcome {
  readonly next: "start" | "watch" | "collect" | "close" | "end";
  readonly waitMs: number;
}
