import type { Histogram } from "../core/results/histogram.ts";
import type { DebugSample } from "../core/run/debug.ts";
import type { RunPlan, Share } from "../core/run/plan.ts";
import type { DriverIdentity, ErrorKind, LabelFigures } from "../core/run/wire.ts";

/** What a driver prepares for. */
export interface DriverJob {
  readonly plan: RunPlan;
  readonly task: number;
  /** Folder that holds the unpacked bundle; paths of the plan are relative to it. Writable. */
  readonly folder: string;
  /** The plan's environment with its secrets resolved. */
  readonly environment: Readonly<Record<string, string>>;
  /** Debug Once: requests and responses are kept whole, for {@link Driver.traffic}. */
  readonly keepsTraffic?: boolean;
}

/** A second of one label as a driver measured it. */
export interface IntervalFigures {
  readonly count: number;
  readonly failed: number;
  readonly bytes: number;
  readonly sumMs: number;
  /** For windowed criteria about `avg-ct`, `avg-lt` and `rc…`; a driver that leaves them out cannot have these judged. */
  readonly connectSumMs?: number;
  readonly latencySumMs?: number;
  readonly codes?: ReadonlyMap<string, number>;
  /** Kinds of errors, of `""` only; a driver that leaves them out has them in its report alone. */
  readonly errors?: readonly ErrorKind[];
  /** Present for `""` and the labels of `histogramLabelsOf`; belongs to the receiver. */
  readonly histogram: Histogram | undefined;
}

/** A second of a task, counted from the start instant; delivered in order, each second at most once. */
export interface Interval {
  readonly second: number;
  readonly users: number;
  /** `""` is all requests. */
  readonly labels: ReadonlyMap<string, IntervalFigures>;
}

export interface DriverStart {
  readonly share: Share;
  /** Epoch ms at which the load begins; the driver waits for it, or starts at once when it is past. */
  readonly startAtMs: number;
}

/** What a driver has when its load has ended. */
export interface DriverReport {
  readonly outcome: "finished" | "stopped" | "failed";
  readonly reason?: string;
  readonly startedAtMs: number;
  readonly firstSampleAtMs: number | null;
  readonly lastSampleAtMs: number | null;
  readonly latencyFrom: "send" | "intended-start";
  readonly notes: readonly string[];
  readonly maxUsers: number;
  readonly labels: Readonly<Record<string, LabelFigures>>;
  /** Files to keep, as paths inside the job's folder. */
  readonly artifacts: readonly string[];
}

/** A request of an engine of its own as Debug Once shows it; the line in the scenario's file is not the engine's to know. */
export type Traffic = Omit<DebugSample, "line" | "scenario" | "variables">;

/** What is left of a preparation that failed. */
export interface Remains {
  /** Files to keep, as paths inside the job's folder. */
  readonly artifacts: readonly string[];
  /** The lines of the engine's logs that speak of the failure, secrets masked. */
  readonly logLines: readonly string[];
}

/** Produces load and measures it; nothing outside `drivers/` knows which one runs. */
export interface Driver {
  readonly identity: DriverIdentity;
  /** Ids of the processes that the driver has started and that take part in the load; none when it is absent. */
  processes?(): readonly number[];
  /**
   * Gets everything ready, so that the load can begin at the start instant.
   * @throws {UserError} when this plan cannot be run here
   */
  prepare(job: DriverJob, signal: AbortSignal): Promise<void>;
  /** Gives what a preparation of this job that failed has left; a driver without an engine of its own has nothing. */
  remains?(job: DriverJob): Promise<Remains>;
  /** What was sent and received by a load that has ended and whose job said `keepsTraffic`, in order. */
  traffic?(): Promise<readonly Traffic[]>;
  /** Runs the load to its end. Aborting `stop` ends it gracefully within 2 s, with its figures. */
  run(start: DriverStart, onInterval: (interval: Interval) => void, stop: AbortSignal): Promise<DriverReport>;
}
