import { UserError } from "../core/errors.ts";
import type { RunPlan, Share } from "../core/run/plan.ts";
import type { StartSignal, TaskReport } from "../core/run/wire.ts";
import { SeriesRecorder } from "../core/results/series.ts";
import type { AgentJob, AgentParts } from "./agent.ts";
import type { Driver, DriverReport, Interval } from "./driver.ts";
import { LiveWriter } from "./liveWriter.ts";
import { LoadLog } from "./loadLog.ts";
import type { StopListener } from "./stopListener.ts";

/** The load of one task: who runs it, its part of the plan, and when it begins. */
export interface Load {
  readonly job: AgentJob;
  readonly plan: RunPlan;
  readonly start: StartSignal;
  readonly share: Share;
  readonly driver: Driver;
  /** Replaces the values of secrets in a text. */
  readonly mask: (text: string) => string;
}

/** What a task has to upload. */
export interface Measured {
  readonly report: TaskReport;
  /** `loadfleet.series.v1`, not yet packed. */
  readonly series: Uint8Array;
  /** Paths inside the work folder. */
  readonly artifacts: readonly string[];
}

/** Runs the driver to the end of its load, writes live records and the log meanwhile, and gives the task's figures. */
export async function runLoad(load: Load, parts: AgentParts, stop: StopListener): Promise<Measured> {
  const { job, plan, start, share, driver } = load;
  const { clock, ledger } = parts;
  const { signal: always } = new AbortController();
  const series = new SeriesRecorder(plan);
  const meter = parts.makeUsageMeter(driver.processes && (() => driver.processes?.() ?? []));
  const place = { identity: job.identity, task: job.task, index: share.index };
  const live = new LiveWriter(plan, place, { ledger, usage: () => meter.now }, always);
  const log = new LoadLog({ plan, task: job.task, share, startAtMs: start.startAtMs }, (line) =>
    parts.log?.(load.mask(line)),
  );
  const onInterval = (interval: Interval): void => {
    const masked = withMaskedErrors(interval, load.mask);
    series.add(masked);
    live.add(masked);
    log.add(masked, meter.now);
  };
  const onStop = (): void => log.stopAsked(String(stop.signal.reason));
  stop.signal.addEventListener("abort", onStop, { once: true });
  void stop.endAfter(start.deadlineAtMs - clock.now());
  log.begin();
  const running = driver.run({ share, startAtMs: start.startAtMs }, onInterval, stop.signal);
  const driven = await orOverdue(running, parts, stop);
  stop.signal.removeEventListener("abort", onStop);
  const peaks = meter.stop();
  log.end(driven, peaks);
  await live.end();
  const report = { ...makeReport(load, driven, clock.now(), stop, faultsOf(live, stop)), ...peaks };
  return { report, series: series.toBytes(), artifacts: driven.artifacts };
}

function withMaskedErrors(interval: Interval, mask: (text: string) => string): Interval {
  const all = interval.labels.get("");
  if (all?.errors === undefined) return interval;
  const errors = all.errors.map((error) => ({ ...error, message: mask(error.message) }));
  return { ...interval, labels: new Map([...interval.labels, ["", { ...all, errors }]]) };
}

function faultsOf(live: LiveWriter, stop: StopListener): readonly string[] {
  return [
    live.fault && `Some live figures could not be written: ${live.fault}`,
    stop.fault && `Requests to stop could not be read for a while: ${stop.fault}`,
  ].filter((fault) => fault !== undefined);
}

/** A driver that does not end when it is told to is a failure, not a reason to wait. */
async function orOverdue(
  running: Promise<DriverReport>,
  { clock, pace }: AgentParts,
  stop: StopListener,
): Promise<DriverReport> {
  const ended = new AbortController();
  const overdue = async (): Promise<never> => {
    await aborted(AbortSignal.any([stop.signal, ended.signal]));
    await clock.sleep(pace.driverStopMs, ended.signal);
    const seconds = pace.driverStopMs / 1000;
    throw new UserError("driver-overdue", `The load did not end within ${seconds} s of the request to stop.`, {
      kind: "run",
    });
  };
  try {
    return await Promise.race([running, overdue()]);
  } finally {
    ended.abort();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function makeReport(
  { job, plan, start, driver }: Load,
  driven: DriverReport,
  endedAtMs: number,
  stop: StopListener,
  faults: readonly string[],
): Omit<TaskReport, "cpuPeakRatio" | "memoryPeakMiB"> {
  const isDeadline = driven.outcome === "stopped" && stop.reason?.by === "deadline";
  const reason = driven.reason ?? (driven.outcome === "stopped" ? stop.reason?.reason : undefined);
  return {
    schema: "loadfleet.task.v1",
    runId: job.runId,
    task: job.task,
    tasks: plan.tasks,
    driver: driver.identity,
    startAtMs: start.startAtMs,
    startedAtMs: driven.startedAtMs,
    endedAtMs,
    firstSampleAtMs: driven.firstSampleAtMs,
    lastSampleAtMs: driven.lastSampleAtMs,
    outcome: isDeadline ? "deadline" : driven.outcome,
    ...(reason === undefined ? {} : { reason }),
    latencyFrom: driven.latencyFrom,
    notes: [...driven.notes, ...faults],
    maxUsers: driven.maxUsers,
    labels: { ...driven.labels },
  };
}
