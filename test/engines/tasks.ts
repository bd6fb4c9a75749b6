import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Driver, DriverReport, Interval } from "../../src/agent/driver.ts";
import type { RunPlan } from "../../src/core/run/plan.ts";
import { shareOf } from "../../src/core/run/share.ts";
import { openFolder, planOf, type Files } from "../generator/runs.ts";

/** What a task of a test came to. */
export interface TaskRun {
  readonly report: DriverReport;
  readonly intervals: readonly Interval[];
  readonly startAtMs: number;
  /** Reads an artifact that the report names, by the end of its path; "" when there is none. */
  readonly artifact: (end: string) => string;
}

export interface TaskOptions {
  readonly files?: Files;
  readonly environment?: Readonly<Record<string, string>>;
  /** Number of the task and how many take part. */
  readonly place?: { readonly index: number; readonly of: number };
  readonly stop?: AbortSignal;
  readonly onInterval?: (interval: Interval) => void;
}

/** Runs one task of YAML with the real engine of a driver. */
export async function runTask(driver: Driver, yaml: string, options: TaskOptions = {}): Promise<TaskRun> {
  const { files = {}, place: { index, of } = { index: 0, of: 1 } } = options;
  const bundle = Object.entries(files).map(([path, content]) => ({ path, bytes: content.length, sha256: "" }));
  const plan: RunPlan = { ...planOf(yaml, files, { tasks: of }), files: bundle };
  using folder = openFolder(files);
  const environment = { ...plan.environment, ...options.environment };
  await driver.prepare({ plan, task: index, folder: folder.path, environment }, AbortSignal.timeout(40_000));
  const startAtMs = Date.now() + 300;
  const intervals: Interval[] = [];
  const onInterval = (interval: Interval): void => {
    intervals.push(interval);
    options.onInterval?.(interval);
  };
  const stop = options.stop ?? new AbortController().signal;
  const report = await driver.run({ share: shareOf(plan, index, of), startAtMs }, onInterval, stop);
  const texts = new Map(report.artifacts.map((path) => [path, readFileSync(join(folder.path, path), "utf8")]));
  const artifact = (end: string): string => [...texts].find(([path]) => path.endsWith(end))?.[1] ?? "";
  return { report, intervals, startAtMs, artifact };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The seconds add up to the report and come in order. */
export function checkSeconds({ report, intervals }: TaskRun): void {
  const seconds = intervals.map(({ second }) => second);
  expect(seconds).toEqual(seconds.map((_, index) => index));
  for (const [label, figures] of Object.entries(report.labels)) {
    const own = intervals.flatMap(({ labels }) => labels.get(label) ?? []);
    expect(sum(own.map(({ count }) => count)), label).toBe(figures.count);
    expect(sum(own.map(({ failed }) => failed)), label).toBe(figures.failed);
    expect(sum(own.map(({ sumMs }) => sumMs)), label).toBeCloseTo(figures.sumMs, 3);
  }
}
