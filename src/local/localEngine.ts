import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../core/errors.ts";
import type { LogTail } from "../core/panel/protocol.ts";
import { packBundle, unpackBundle } from "../core/run/bundleArchive.ts";
import { makeRunId, type RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { isFinal, type RunEvent, type RunOrigin, type RunRecord } from "../core/run/run.ts";
import type { RunResult } from "../core/results/result.ts";
import type { BundleContent, Engine } from "../fleet/engine.ts";
import { bundleKey, planKey, resultsPrefix } from "../fleet/keys.ts";
import { findPlan } from "../fleet/plan.ts";
import type { Pace, Page } from "../fleet/ports.ts";
import { findResult } from "../fleet/result.ts";
import { requestStop } from "../fleet/stop.ts";
import { submitRun } from "../fleet/submit.ts";
import { sweepRun, sweepRuns, type SweepPorts } from "../fleet/sweep.ts";
import { withSecrets } from "./containerImage.ts";
import type { ContainerImage } from "./containerLauncher.ts";
import { dataFolder, ensureDataFolder } from "./dataFolder.ts";
import { DetachedStarter } from "./detachedStarter.ts";
import { FolderLedger } from "./folderLedger.ts";
import { FolderStore } from "./folderStore.ts";
import { nodeGzip } from "./gzip.ts";
import { localPace } from "./pace.ts";
import { LocalLauncher, useContainers } from "./localLauncher.ts";
import { runFolder } from "./runFolder.ts";
import { RunObserver } from "../fleet/runObserver.ts";
import { systemClock } from "./systemClock.ts";
import { readTaskLog } from "./taskLog.ts";

const watchPollMs = 250;
/** Looks of a watcher between two questions whether the runner still lives. */
const looksPerSweep = 8;

export interface LocalEngineOptions {
  /** Folder of all runs; default: the per-user data folder, or LOADFLEET_HOME. */
  readonly root?: string;
  /** The runner's and the agent's programs; default: beside the running bundle. */
  readonly runnerPath?: string;
  readonly agentPath?: string;
  readonly pace?: Partial<Pace>;
  /** Finds the image when runs that are started here have containers as tasks. @throws {UserError} when there is none */
  readonly findImage?: () => Promise<ContainerImage>;
  /** Hears one sentence about each file that a listing had to leave out. */
  readonly onCorrupt?: (sentence: string) => void;
}

/** Opens the engine that runs tests on this machine. */
export function openLocalEngine(options: LocalEngineOptions = {}): LocalEngine {
  return new LocalEngine(options);
}

/** Runs tests on this machine, each in a runner process of its own. */
export class LocalEngine implements Engine {
  readonly #root: string;
  readonly #ports: SweepPorts;
  readonly #findImage: LocalEngineOptions["findImage"];

  constructor(options: LocalEngineOptions) {
    const beside = dirname(fileURLToPath(import.meta.url));
    const root = resolve(options.root ?? dataFolder());
    const agentPath = options.agentPath ?? join(beside, "agent.mjs");
    const runnerPath = options.runnerPath ?? join(beside, "runner.mjs");
    const pace = { ...localPace, ...options.pace };
    this.#root = root;
    this.#findImage = options.findImage;
    this.#ports = {
      ledger: new FolderLedger(root, options.onCorrupt ?? (() => undefined)),
      store: new FolderStore(root),
      launcher: new LocalLauncher(root, agentPath),
      starter: new DetachedStarter({ root, runnerPath, agentPath, pace }),
      gzip: nodeGzip,
      pace,
    };
  }

  async start(plan: RunPlan, files: readonly BundleContent[], origin: RunOrigin, signal: AbortSignal): Promise<RunId> {
    await ensureDataFolder(this.#root);
    const image = await this.#findImage?.();
    // A run whose runner is gone must not stand in the way of the next one.
    const active = (await this.#ports.ledger.getTest(plan.testId, signal))?.activeRunId;
    if (active) await sweepRun(active, this.#ports, systemClock, signal);
    const now = systemClock.now();
    const runId = makeRunId(now, randomBytes(10));
    if (image !== undefined) await useContainers(this.#root, runId, withSecrets(image, plan));
    await submitRun({ runId, plan, bundle: packBundle(files), origin }, now, this.#ports, signal);
    return runId;
  }

  async stop(runId: RunId, reason: string, signal: AbortSignal): Promise<void> {
    await this.#need(runId, signal);
    await requestStop(runId, { atMs: systemClock.now(), by: "person", reason }, this.#ports.ledger, signal);
    await sweepRun(runId, this.#ports, systemClock, signal);
  }

  async *watch(runId: RunId, signal: AbortSignal): AsyncIterable<RunEvent> {
    await this.#need(runId, signal);
    await sweepRun(runId, this.#ports, systemClock, signal);
    const observer = new RunObserver(runId, this.#ports);
    for (let look = 1; !signal.aborted; look++) {
      yield* await observer.look(signal);
      if (observer.hasEnded) return;
      await systemClock.sleep(watchPollMs, signal);
      if (look % looksPerSweep === 0 && !signal.aborted) await sweepRun(runId, this.#ports, systemClock, signal);
    }
  }

  async list(filter: Parameters<Engine["list"]>[0], signal: AbortSignal): Promise<Page<RunRecord>> {
    await sweepRuns(this.#ports, systemClock, signal);
    return this.#ports.ledger.listRuns(filter, signal);
  }

  async result(runId: RunId, signal: AbortSignal): Promise<RunResult | undefined> {
    return findResult(await this.#need(runId, signal), this.#ports, signal);
  }

  async plan(runId: RunId, signal: AbortSignal): Promise<RunPlan | undefined> {
    await this.#need(runId, signal);
    return findPlan(runId, this.#ports.store, signal);
  }

  async artifacts(
    runId: RunId,
    signal: AbortSignal,
  ): Promise<readonly { readonly key: string; readonly bytes: number }[]> {
    const run = await this.#need(runId, signal);
    return this.#ports.store.list(resultsPrefix(run.testId, runId), signal);
  }

  async artifact(key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return key.startsWith("results/") ? this.#ports.store.get(key, signal) : undefined;
  }

  /** Reads the files that travelled with a plan's run; undefined when they are not kept. */
  async files(plan: RunPlan, signal: AbortSignal): Promise<readonly BundleContent[] | undefined> {
    const bundle = await this.#ports.store.get(bundleKey(plan.bundleSha256), signal);
    if (bundle === undefined) return undefined;
    return [...unpackBundle(bundle, plan.files)].map(([path, bytes]) => ({ path, bytes }));
  }

  /** Reads on in the log of a task, from a position in bytes, or its last 64 KiB. */
  async log(runId: RunId, task: number, from: number | undefined, signal: AbortSignal): Promise<LogTail> {
    await this.#need(runId, signal);
    return readTaskLog(this.#root, runId, task, from);
  }

  /** Deletes a run and everything that is kept of it. @throws {UserError} `run-active` while it is running */
  async delete(runId: RunId, signal: AbortSignal): Promise<void> {
    await sweepRun(runId, this.#ports, systemClock, signal);
    const run = await this.#need(runId, signal);
    const { ledger, store } = this.#ports;
    if (!isFinal(run.status)) {
      throw new UserError("run-active", `Run ${runId} is ${run.status} and cannot be deleted.`, {
        hint: `End it first with "loadfleet stop ${runId}".`,
      });
    }
    const kept = await store.list(resultsPrefix(run.testId, runId), signal);
    for (const { key } of kept) await store.delete(key, signal);
    await store.delete(planKey(runId), signal);
    await rm(runFolder(this.#root, runId), { recursive: true, force: true });
    await ledger.deleteRun(runId, signal);
  }

  async #need(runId: RunId, signal: AbortSignal): Promise<RunRecord> {
    const run = await this.#ports.ledger.getRun(runId, signal);
    if (run !== undefined) return run;
    throw new UserError("no-run", `There is no run ${runId} on this machine.`, {
      hint: `List the runs with "loadfleet runs".`,
    });
  }
}
