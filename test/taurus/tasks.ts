import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import type { Driver, DriverReport, Interval } from "../../src/agent/driver.ts";
import { makeTaurusDriver } from "../../src/agent/drivers/taurus/driver.ts";
import type { RunChoice, RunPlan } from "../../src/core/run/plan.ts";
import { shareOf } from "../../src/core/run/share.ts";
import { findManaged, type Toolchain } from "../../src/local/taurusSetup/toolchain.ts";
import { openFolder, planOf, type Files } from "../generator/runs.ts";

/** A row of JMeter's own record of a task. */
export interface Sample {
  readonly label: string;
  readonly startedAtMs: number;
  readonly elapsedMs: number;
  readonly code: string;
  readonly isFailed: boolean;
  readonly bytes: number;
}

/** What a task of a test came to. */
export interface TaskRun {
  readonly report: DriverReport;
  readonly intervals: readonly (Interval & { readonly atMs: number })[];
  readonly startAtMs: number;
  readonly endedAtMs: number;
  readonly samples: readonly Sample[];
  /** Reads an artifact that the report names, by the end of its path. */
  readonly artifact: (end: string) => string;
}

export interface TaskOptions {
  readonly files?: Files;
  readonly choice?: Partial<RunChoice>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Number of the task and how many take part. */
  readonly place?: { readonly index: number; readonly of: number };
  readonly stop?: AbortSignal;
  readonly onInterval?: (interval: Interval) => void;
  readonly onStart?: () => void;
  readonly toolchain?: Toolchain;
}

/** The Taurus of the managed set-up. */
export async function toolchain(): Promise<Toolchain> {
  const found = await findManaged();
  if (found === undefined) throw new Error("The managed set-up is gone.");
  return found;
}

/** A driver over the managed set-up. */
export function makeDriver(): Driver {
  return makeTaurusDriver(toolchain);
}

/** Plans YAML for Taurus. */
export function planTaurus(yaml: string, { files = {}, choice = {} }: TaskOptions = {}): RunPlan {
  const plan = planOf(yaml, files, { driver: "taurus", ...choice });
  const bundle = Object.entries(files).map(([path, content]) => ({ path, bytes: content.length, sha256: "" }));
  return { ...plan, files: bundle };
}

/** Runs one task of a plan with the real Taurus. */
export async function runTask(plan: RunPlan, options: TaskOptions = {}): Promise<TaskRun> {
  using folder = openFolder(options.files ?? {});
  const { index, of } = options.place ?? { index: 0, of: plan.tasks };
  const driver = makeTaurusDriver(() => (options.toolchain ? Promise.resolve(options.toolchain) : toolchain()));
  const environment = { ...plan.environment, ...options.environment };
  await driver.prepare({ plan, task: index, folder: folder.path, environment }, AbortSignal.timeout(40_000));
  const startAtMs = Date.now() + 300;
  const intervals: TaskRun["intervals"][number][] = [];
  options.onStart?.();
  const report = await driver.run(
    { share: shareOf(plan, index, of), startAtMs },
    (interval) => {
      intervals.push({ ...interval, atMs: Date.now() });
      options.onInterval?.(interval);
    },
    options.stop ?? new AbortController().signal,
  );
  const endedAtMs = Date.now();
  const texts = new Map(report.artifacts.map((path) => [path, readFileSync(join(folder.path, path), "utf8")]));
  const artifact = (end: string): string => [...texts].find(([path]) => path.endsWith(end))?.[1] ?? "";
  return { report, intervals, startAtMs, endedAtMs, samples: readSamples(artifact("kpi.jtl")), artifact };
}

function readSamples(text: string): readonly Sample[] {
  const rows: Record<string, string>[] = parse(text, { columns: true });
  return rows.map((row) => ({
    label: row["label"] ?? "",
    startedAtMs: Number(row["timeStamp"]),
    elapsedMs: Number(row["elapsed"]),
    code: row["responseCode"] ?? "",
    isFailed: row["success"] !== "true",
    bytes: Number(row["bytes"]),
  }));
}
