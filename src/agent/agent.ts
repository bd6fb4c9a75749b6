import { errorMessage, UserError } from "../core/errors.ts";
import type { Clock } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import type { DriverName, RunPlan } from "../core/run/plan.ts";
import type { AgentState, StartSignal } from "../core/run/wire.ts";
import { bundleKey, failureLogName } from "../fleet/keys.ts";
import { loadPlan } from "../fleet/plan.ts";
import type { AgentLedger, AgentStore, Gzip } from "../fleet/ports.ts";
import type { Driver, DriverJob } from "./driver.ts";
import { runLoad, type Load, type Measured } from "./load.ts";
import { maskOf } from "./drivers/taurus/mask.ts";
import { secretsOf } from "./secrets.ts";
import { StopListener } from "./stopListener.ts";
import { upload, uploadFile } from "./upload.ts";
import type { UsageMeter } from "./usage.ts";
import type { WorkFolder } from "./workFolder.ts";

/** Which task of which run an agent is. */
export interface AgentJob {
  readonly runId: RunId;
  /** Number of the task, from 0. */
  readonly task: number;
  /** Under which it writes to ledger and store. */
  readonly identity: string;
  /** Names this process among those that may have been started for the same identity. */
  readonly claimant: string;
}

/** How often an agent looks for signals, and how long it waits; in ms. */
export interface AgentPace {
  readonly startPollMs: number;
  readonly stopPollMs: number;
  /** Longest wait for the start signal. */
  readonly startLimitMs: number;
  /** How long its driver may take to end after a stop. */
  readonly driverStopMs: number;
}

/** What an agent works with. */
export interface AgentParts {
  readonly ledger: AgentLedger;
  readonly store: AgentStore;
  readonly gzip: Gzip;
  readonly clock: Clock;
  readonly folder: Pick<WorkFolder, "path" | "fill" | "read" | "nameOf">;
  readonly pace: AgentPace;
  makeDriver(name: DriverName): Driver;
  /** Values of the plan's secrets. @throws {UserError} when one cannot be had here */
  resolveSecrets(secrets: RunPlan["secrets"]): Promise<Readonly<Record<string, string>>>;
  /** @param engine ids of the processes that the driver has started; undefined when it starts none */
  makeUsageMeter(engine: (() => readonly number[]) | undefined): Pick<UsageMeter, "stop" | "now">;
  /** Writes a line into the task's log. */
  log?(line: string): void;
  /** Hears that the task is ready for its start. */
  onReady?(): Promise<void>;
  /** Hears what the engine's logs say of a preparation that failed. */
  onFailedStart?(logLines: readonly string[]): void;
}

/** How an agent ended. */
export type AgentEnd = "done" | "failed" | "late" | "duplicate";

type Say = (state: AgentState["state"], reason?: string) => Promise<void>;

/**
 * Runs one task from its claim to its upload; whatever goes wrong ends in a state with a sentence.
 * @param signal aborts when the process has to end; the load then ends gracefully
 */
export async function runAgent(job: AgentJob, parts: AgentParts, signal: AbortSignal): Promise<AgentEnd> {
  const { ledger, clock, pace } = parts;
  // Writes about the end must not fall to the signal that causes it.
  const { signal: always } = new AbortController();
  const say: Say = (state, reason) => {
    const said = { state, atMs: clock.now(), ...(reason === undefined ? {} : { reason }) };
    parts.log?.(reason === undefined ? state : `${state}: ${reason}`);
    return ledger.putAgentState(job.identity, said, always);
  };
  if ((await ledger.claimIdentity(job.identity, job.claimant, always)) === "conflict") return "duplicate";
  using stop = new StopListener(job.runId, ledger, clock, pace.stopPollMs, signal);
  try {
    return await runTask(job, parts, stop, say);
  } catch (error) {
    const { message, hint = "" } = errorMessage(error);
    await say("failed", `${message} ${hint}`.trimEnd());
    if (!(error instanceof UserError)) throw error;
    return "failed";
  }
}

async function runTask(job: AgentJob, parts: AgentParts, stop: StopListener, say: Say): Promise<AgentEnd> {
  await say("preparing");
  const prepared = await getReady(job, parts, stop, say);
  if (prepared === undefined) {
    await say("done", `Stopped before the load began: ${stop.reason?.reason ?? "no start signal came in time."}`);
    return "done";
  }
  const share = placeIn(prepared.start, job);
  if (typeof share === "string") {
    await say(share, absence[share]);
    return share;
  }
  let measured: Measured;
  // Said while the load begins, which it must not hold up.
  const saidRunning = say("running");
  try {
    measured = await runLoad({ job, share, ...prepared }, parts, stop);
  } finally {
    await saidRunning;
  }
  await say("uploading");
  await upload(job, measured, parts, new AbortController().signal);
  await say("done", measured.report.reason);
  return "done";
}

const absence = {
  late: "It was ready only after the load had been divided among the others.",
  duplicate: "Another task holds its number.",
} as const;

/** Undefined when the load is not to begin: a stop was asked for, or no start signal came in time. */
async function getReady(
  job: AgentJob,
  parts: AgentParts,
  stop: StopListener,
  say: Say,
): Promise<Omit<Load, "job" | "share"> | undefined> {
  try {
    const prepared = await prepare(job, parts, stop.signal);
    await parts.onReady?.();
    await say("ready");
    const start = await waitForStart(job.runId, parts, stop.signal);
    return start && { ...prepared, start };
  } catch (error) {
    // What was interrupted by the stop may fail in any way.
    if (stop.reason === undefined) throw error;
    return undefined;
  }
}

async function prepare(
  job: AgentJob,
  parts: AgentParts,
  signal: AbortSignal,
): Promise<Pick<Load, "plan" | "driver" | "mask">> {
  const { store, folder } = parts;
  const plan = await loadPlan(job.runId, store, signal);
  const archive = await store.get(bundleKey(plan.bundleSha256), signal);
  if (archive === undefined) {
    throw new UserError("no-bundle", `The bundle of run ${job.runId} is not in the store.`, { kind: "run" });
  }
  await folder.fill(archive, plan.files);
  const driver = parts.makeDriver(plan.driver);
  const environment = { ...plan.environment, ...(await parts.resolveSecrets(plan.secrets)) };
  const prepared = { plan, task: job.task, folder: folder.path, environment };
  try {
    await driver.prepare(prepared, signal);
  } catch (error) {
    if (!signal.aborted) await keepRemains(job, driver, prepared, parts);
    throw error;
  }
  signal.throwIfAborted();
  return { plan, driver, mask: maskOf(secretsOf(plan, environment)) };
}

/** Keeps the logs of an engine that did not get ready, and apart from them the lines that tell why. */
async function keepRemains(job: AgentJob, driver: Driver, prepared: DriverJob, parts: AgentParts): Promise<void> {
  const { store, folder } = parts;
  const { artifacts, logLines } = (await driver.remains?.(prepared)) ?? { artifacts: [], logLines: [] };
  if (logLines.length > 0) {
    const text = new TextEncoder().encode(`${logLines.join("\n")}\n`);
    await uploadFile(job, failureLogName, text, store);
    parts.onFailedStart?.(logLines);
  }
  for (const path of artifacts) await uploadFile(job, folder.nameOf(path), await folder.read(path), store);
}

async function waitForStart(
  runId: RunId,
  { ledger, clock, pace }: AgentParts,
  stop: AbortSignal,
): Promise<StartSignal | undefined> {
  const untilMs = clock.now() + pace.startLimitMs;
  while (!stop.aborted && clock.now() < untilMs) {
    const start = await ledger.getStart(runId, stop);
    if (start !== undefined) return start;
    await clock.sleep(pace.startPollMs, stop);
  }
  return undefined;
}

function placeIn(
  start: StartSignal,
  { task, identity }: AgentJob,
): StartSignal["roster"][string] | keyof typeof absence {
  const share = start.roster[task];
  if (share === undefined) return "late";
  const holder = start.identities?.[task];
  return holder === undefined || holder === identity ? share : "duplicate";
}
