import { setTimeout as sleep } from "node:timers/promises";
import type { UserError } from "../../../core/errors.ts";
import type { Share } from "../../../core/run/plan.ts";
import { shareOf } from "../../../core/run/share.ts";
import type { Driver, DriverJob, DriverReport, DriverStart, Interval, Traffic } from "../../driver.ts";
import { readTellingLines } from "../../logLines.ts";
import { secretsOf } from "../../secrets.ts";
import { maskOf } from "../taurus/mask.ts";
import { writtenFiles } from "./artifacts.ts";
import { noteOnFailures, SampleMeter } from "./meter.ts";

/** An engine that is ready for one execution of the plan and waits for the start. */
export interface EngineExecution {
  /** Lets the load begin and hands its samples over to the end. Aborting `stop` ends it gracefully within 2 s. */
  run(meter: SampleMeter, mask: (text: string) => string, stop: AbortSignal): Promise<EngineEnd>;
  /** What it sent and received, once it has ended. */
  traffic(): Promise<readonly Traffic[]>;
  /** Id of the process that generates the load. */
  readonly processId: number | undefined;
  /** Ends it without figures. */
  discard(): Promise<void>;
}

/** How an engine ended. */
export interface EngineEnd {
  /** Undefined when the load took place as planned. */
  readonly failure: UserError | undefined;
  readonly notes: readonly string[];
}

/** A kind of engine that measures each request by itself. */
export interface SampledEngine {
  readonly name: string;
  /** Finds the program and gives its versions. @throws {UserError} when it is not there */
  find(): Promise<Readonly<Record<string, string>>>;
  /** Starts it for an execution of the plan. @throws {UserError} when it does not start */
  start(job: DriverJob, share: Share, index: number, signal: AbortSignal): Promise<EngineExecution>;
  /** What a person has to know about the figures of a plan. */
  notesOn(job: DriverJob): readonly string[];
}

interface Prepared {
  readonly job: DriverJob;
  readonly share: Share;
  readonly executions: readonly EngineExecution[];
}

/** Makes the driver of an engine; it runs once for each execution of the plan. */
export function makeSampledDriver(engine: SampledEngine): Driver {
  let versions: Readonly<Record<string, string>> = {};
  let prepared: Prepared | undefined;
  let running: readonly EngineExecution[] = [];
  return {
    get identity() {
      return { name: engine.name, versions };
    },

    // The engine is up and waits when this resolves, for the share that the task has when all tasks take part.
    async prepare(job, signal) {
      versions = await engine.find();
      prepared = await startAll(engine, job, shareOf(job.plan, job.task, job.plan.tasks), signal);
      running = prepared.executions;
    },

    remains: async ({ plan, folder, environment }) => {
      const artifacts = await writtenFiles(folder, plan, secretsOf(plan, environment));
      const logs = artifacts.filter((path) => path.endsWith(".log"));
      return { artifacts, logLines: await readTellingLines(folder, logs) };
    },

    processes: () => running.flatMap(({ processId }) => processId ?? []),

    traffic: async () => (await Promise.all(running.map((execution) => execution.traffic()))).flat(),

    async run(start, onInterval, stop) {
      if (prepared === undefined) throw new Error(`The ${engine.name} driver was not prepared.`);
      const isAsExpected = JSON.stringify(prepared.share) === JSON.stringify(start.share);
      if (!isAsExpected) await Promise.all(prepared.executions.map((execution) => execution.discard()));
      if (!isAsExpected) prepared = await startAll(engine, prepared.job, start.share, stop);
      running = prepared.executions;
      const report = await runAll(prepared, start, onInterval, stop);
      return { ...report, notes: [...engine.notesOn(prepared.job), ...report.notes] };
    },
  };
}

async function startAll(engine: SampledEngine, job: DriverJob, share: Share, signal: AbortSignal): Promise<Prepared> {
  const starting = job.plan.executions.map((_, index) => engine.start(job, share, index, signal));
  const started = await Promise.allSettled(starting);
  const executions = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = started.find((one) => one.status === "rejected");
  if (failed === undefined) return { job, share, executions };
  await Promise.all(executions.map((execution) => execution.discard()));
  throw failed.reason;
}

async function runAll(
  { job, executions }: Prepared,
  { startAtMs }: DriverStart,
  onInterval: (interval: Interval) => void,
  stop: AbortSignal,
): Promise<DriverReport> {
  const secrets = secretsOf(job.plan, job.environment);
  const mask = maskOf(secrets);
  await sleep(Math.max(0, startAtMs - Date.now()), undefined, { signal: stop }).catch(ignoreAbort);
  const startedAtMs = Date.now();
  const meter = new SampleMeter(job.plan, startAtMs, onInterval);
  const ends = await Promise.all(executions.map((execution) => execution.run(meter, mask, stop)));
  const figures = meter.end();
  const failure = ends.find((end) => end.failure !== undefined)?.failure;
  return {
    ...figures,
    outcome: stop.aborted ? "stopped" : failure === undefined ? "finished" : "failed",
    ...(failure === undefined ? {} : { reason: mask(failure.message) }),
    startedAtMs,
    latencyFrom: "send",
    notes: [...ends.flatMap(({ notes }) => notes), ...noteOnFailures(figures.labels[""])],
    artifacts: await writtenFiles(job.folder, job.plan, secrets),
  };
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
}
