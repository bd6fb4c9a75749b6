import { formatCount, formatPercent } from "../../src/core/results/figures.ts";
import { doubtfulCpuRatio, lateLoopMs } from "../../src/core/results/health.ts";
import type { LivePoint, TaskUsage } from "../../src/core/run/run.ts";
import { t } from "../language.ts";

/** How busy a task has been since the start. */
export interface TaskPeak {
  readonly task: number;
  readonly cpuPeakRatio: number;
  readonly lateMs: number;
}

/** Adds what a point tells of the tasks to the peaks so far. */
export function addPeaks(peaks: Map<number, TaskPeak>, { usage = [] }: LivePoint): void {
  for (const { task, cpuRatio, lateMs = 0 } of usage) {
    const cpuPeakRatio = Math.max(peaks.get(task)?.cpuPeakRatio ?? 0, cpuRatio);
    peaks.set(task, { task, cpuPeakRatio, lateMs });
  }
}

/** Says of each task that may measure itself rather than the target why, by the limits that the result is held to. */
export function describeDoubts(peaks: readonly TaskPeak[]): readonly string[] {
  return peaks.flatMap(({ task, cpuPeakRatio, lateMs }) => [
    ...(cpuPeakRatio > doubtfulCpuRatio
      ? [
          t(
            "Task {0} used up to {1} of a core: response times may include waiting inside the load generator. Use more tasks.",
            task,
            formatPercent(cpuPeakRatio),
          ),
        ]
      : []),
    ...(lateMs > lateLoopMs
      ? [
          t(
            "Task {0} was late: one in a hundred turns of its event loop took over {1} ms, so that response times may be those of this machine. Use more tasks or fewer users per task.",
            task,
            formatCount(lateMs),
          ),
        ]
      : []),
  ]);
}

/** Says what the busiest task uses now; undefined when no task tells. */
export function describeBusiest([busiest]: readonly TaskUsage[]): string | undefined {
  if (!busiest) return undefined;
  const { task, cpuRatio, memoryMiB } = busiest;
  return t(
    "The busiest is task {0}: {1} of a core, {2} MiB now.",
    task,
    formatPercent(cpuRatio),
    formatCount(memoryMiB),
  );
}
