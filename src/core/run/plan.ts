import type { Criterion } from "../results/criterion.ts";
import type { MetricReference, Scenario, StopRule } from "../scenario/model.ts";
import type { TestId } from "./ids.ts";

/** Where a run takes place. */
export type EngineName = "local" | "aws";

/** What an agent drives: the generator inside Node, Taurus with its executors, k6 itself, or Locust. */
export type DriverName = "embedded" | "taurus" | "k6" | "locust";

/** What a person may change for one run without editing the file. */
export interface RunChoice {
  readonly engine: EngineName;
  readonly driver?: DriverName;
  readonly tasks?: number;
  /** Total users; several executions are scaled in proportion. */
  readonly users?: number;
  /** Hold-for of every execution, in ms. */
  readonly holdForMs?: number;
  /** Total target rate in requests per second; several executions are scaled in proportion. */
  readonly ratePerSecond?: number;
  /** Keep only requests whose label matches a glob with `*` and `?`, or one of several. */
  readonly labelFilter?: string | readonly string[];
  /** Run only these entries of `execution`, counted from 0; undefined runs all. */
  readonly executions?: readonly number[];
  /** Variables for `${__P(…)}`, `${__env(…)}` and for the engine's environment. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The load of one execution with every amount resolved to a number; totals of the run. */
export interface PlannedExecution {
  readonly scenario: string;
  readonly executor: string | undefined;
  /** Null: the script's own thread groups decide, or with a rate alone the driver. */
  readonly users: number | null;
  readonly ratePerSecond: number | null;
  readonly rampUpMs: number;
  /** Null: ends by its iterations or by the script itself. */
  readonly holdForMs: number | null;
  readonly delayMs: number;
  readonly iterations: number | null;
  readonly steps: number | null;
}

/** A file of the bundle; the path is relative, with `/`, without `..`. */
export interface BundleFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Everything that a run needs to know, as JSON (`plan.json` in the run's store). Written by submit, read by steps and agents. */
export interface RunPlan {
  readonly schema: "loadfleet.plan.v1";
  readonly testId: TestId;
  /** Name of the test for people. */
  readonly name: string;
  readonly engine: EngineName;
  readonly driver: DriverName;
  readonly tasks: number;
  readonly executions: readonly PlannedExecution[];
  /** Longest of delay + ramp-up + hold-for; null when the end is not known before the run. */
  readonly plannedMs: number | null;
  /** The scenario itself, label filter applied; positions are kept. */
  readonly scenario: Scenario;
  readonly criteria: readonly Criterion[];
  /** Judge only what was measured after the ramp-up (Taurus' `ramp-up-exclude`). */
  readonly isRampUpExcluded: boolean;
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly splitsData: boolean;
  /** Width of a bucket of the series, in seconds. */
  readonly seriesBucketSeconds: number;
  /** Labels of the series, at most 20; `""` (all) is always kept beside them. Empty: the first 20 that are seen. */
  readonly labels: readonly string[];
  /** Labels that keep histograms over time: at most 5 that the file names, and those of rules that need them, at most 10 in all. */
  readonly seriesLabels: readonly string[];
  /** Labels whose windowed criterion is shorter than a bucket: they get a 1-second stream, at most 5 of them. */
  readonly secondLabels: readonly string[];
  readonly healthyRatio: number;
  readonly stopWhen: StopRule | null;
  readonly metrics: readonly MetricReference[];
  readonly baseline: Readonly<Record<string, string>>;
  readonly files: readonly BundleFile[];
  /** Content address of the bundle: SHA-256 over paths and contents, hex. */
  readonly bundleSha256: string;
}

/** A task's part of the load; the parts of all tasks of the roster add up to the plan's totals exactly. */
export interface Share {
  /** Position in the roster, from 0, and its length; data rows are split by it. */
  readonly index: number;
  readonly of: number;
  /** One entry per execution of the plan. */
  readonly executions: readonly {
    /** Null as in the plan. */
    readonly users: number | null;
    /** Number of the first user of this task among all users of the execution, from 0; spreads the ramp-up evenly. */
    readonly firstUser: number;
    readonly ratePerSecond: number | null;
  }[];
}
