import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { LogTail } from "../core/panel/protocol.ts";
import { packBundle } from "../core/run/bundleArchive.ts";
import { makeRunId, type RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { RunOrigin, RunRecord } from "../core/run/run.ts";
import type { BundleContent } from "../fleet/engine.ts";
import type { Pace } from "../fleet/ports.ts";
import { RunEngine, type WatchPace } from "../fleet/runEngine.ts";
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
import { systemClock } from "./systemClock.ts";
import { readTaskLog } from "./taskLog.ts";

const watchPace: WatchPace = { pollMs: 250, looksPerSettling: 8 };

export interface LocalEngineOptions {
  /** Folder of all runs; default: the per-user data folder, or LOADFLEET_HOME. */
  readonly root?: string;
  /** The runner's and the agent's programs; default: beside the running bundle. */
  readonly runnerPath?: string;
  readonly agentPath?: string;
  readonly pace?: Partial<Pace>;
  /** Finds the image when the tasks of a run that is started here are containers; undefined when they are processes. @throws {UserError} when there is none */
  readonly findImage?: (plan: RunPlan) => Promise<ContainerImage | undefined>;
  /** Hears one sentence about each file that a listing had to leave out. */
  readonly onCorrupt?: (sentence: string) => void;
}

/** Opens the engine that runs tests on this machine. */
export function openLocalEngine(options: LocalEngineOptions = {}): LocalEngine {
  return new LocalEngine(options);
}

/** Runs tests on this machine, each in a runner process of its own. */
export class LocalEngine extends RunEngine {
  protected readonly place = "on this machine";
  protected readonly flags = "";
  protected readonly ports: SweepPorts;
  protected readonly clock = systemClock;
  readonly #root: string;
  readonly #findImage: LocalEngineOptions["findImage"];

  constructor(options: LocalEngineOptions) {
    super();
    const beside = dirname(fileURLToPath(import.meta.url));
    const root = resolve(options.root ?? dataFolder());
    const agentPath = options.agentPath ?? join(beside, "agent.mjs");
    const runnerPath = options.runnerPath ?? join(beside, "runner.mjs");
    const pace = { ...localPace, ...options.pace };
    this.#root = root;
    this.#findImage = options.findImage;
    this.ports = {
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
    const image = await this.#findImage?.(plan);
    // A run whose runner is gone must not stand in the way of the next one.
    const active = (await this.ports.ledger.getTest(plan.testId, signal))?.activeRunId;
    if (active) await this.settle(active, signal);
    const now = systemClock.now();
    const runId = makeRunId(now, randomBytes(10));
    if (image !== undefined) await useContainers(this.#root, runId, withSecrets(image, plan));
    await submitRun({ runId, plan, bundle: packBundle(files), origin }, now, this.ports, signal);
    return runId;
  }

  /** Reads on in the log of a task, from a position in bytes, or its last 64 KiB. */
  async log(runId: RunId, task: number, from: number | undefined, signal: AbortSignal): Promise<LogTail> {
    await this.need(runId, signal);
    return readTaskLog(this.#root, runId, task, from);
  }

  protected settle(runId: RunId | undefined, signal: AbortSignal): Promise<void> {
    if (runId === undefined) return sweepRuns(this.ports, systemClock, signal);
    return sweepRun(runId, this.ports, systemClock, signal);
  }

  protected watchPaceOf(): WatchPace {
    return watchPace;
  }

  protected async forget({ runId }: RunRecord): Promise<void> {
    await rm(runFolder(this.#root, runId), { recursive: true, force: true });
  }
}
