import { UserError } from "../../src/core/errors.ts";
import { runAgent, type AgentPace, type AgentParts } from "../../src/agent/agent.ts";
import { packBundle } from "../../src/core/run/bundleArchive.ts";
import type { RunId } from "../../src/core/run/ids.ts";
import type { RunPlan } from "../../src/core/run/plan.ts";
import type { RunRecord } from "../../src/core/run/run.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import { driveRun } from "../../src/fleet/drive.ts";
import { makeMemoryLedger } from "../../src/fleet/memory/ledger.ts";
import { makeMemoryStore } from "../../src/fleet/memory/store.ts";
import type { Gzip, LaunchedTask, Launcher, Ledger, Pace, Starter, Store } from "../../src/fleet/ports.ts";
import { findResult } from "../../src/fleet/result.ts";
import { submitRun } from "../../src/fleet/submit.ts";
import { makeScriptedDriver, type DriverScript } from "../agent/scriptedDriver.ts";
import { makePlan, makeRun, runIdOf, startedAtMs } from "./records.ts";
import { VirtualClock } from "./virtualClock.ts";

export const pace: Pace = {
  pollMs: 500,
  startMarginMs: 2000,
  readyLimitMs: 30_000,
  stopLimitMs: 8000,
  graceMs: 10_000,
  longestRunMs: 60_000,
};

const noGzip: Gzip = { pack: async (bytes) => bytes, unpack: async (bytes) => bytes };

/** What is to happen to one simulated task. */
export interface TaskScript extends DriverScript {
  /** The launcher refuses it. */
  readonly cannotLaunch?: boolean;
  /** Its process dies this long after it was launched. */
  readonly diesAfterMs?: number;
}

interface Process {
  readonly launched: LaunchedTask;
  /** What its agent still waits for when it is killed never comes. */
  readonly controller: AbortController;
  isAlive: boolean;
  stopReason: string | undefined;
}

/** A fleet of real agents with scripted drivers, in one process and in virtual time. */
export class Simulation {
  readonly clock = new VirtualClock(startedAtMs);
  pace: Pace = pace;
  makeDriver = makeScriptedDriver;
  agentPace: AgentPace = { startPollMs: 500, stopPollMs: 500, startLimitMs: 600_000, driverStopMs: 5000 };
  /** Ports may be replaced before the run is driven, for faults. */
  ledger: Ledger = makeMemoryLedger();
  store: Store = makeMemoryStore();
  runId: RunId = runIdOf(0);
  readonly #scripts: (task: number) => TaskScript;
  readonly #processes = new Map<string, Process>();
  readonly #signal = new AbortController().signal;
  launches = 0;

  constructor(scripts: (task: number) => TaskScript) {
    this.#scripts = scripts;
  }

  launcher: Launcher = {
    launch: async (runId, task, attempt) => {
      if (this.#scripts(task).cannotLaunch) throw new UserError("no-room", "There is no room for it.");
      const identity = `${runId}-${task}-${attempt}`;
      const known = this.#processes.get(identity) ?? this.#spawn(runId, task, attempt, identity);
      return this.#describe(known);
    },
    list: async () => [...this.#processes.values()].map((process) => this.#describe(process)),
    kill: async (_runId, task) => this.kill(task.task),
  };

  starter: Starter = { start: async () => undefined, isAlive: async () => false };

  get ports() {
    const { ledger, store, launcher } = this;
    return { ledger, store, launcher, gzip: noGzip, pace: this.pace, starter: this.starter };
  }

  kill(task: number): void {
    for (const process of this.#processes.values()) {
      if (process.launched.task !== task || !process.isAlive) continue;
      process.isAlive = false;
      process.stopReason = "Its process was ended by SIGKILL.";
      process.controller.abort();
    }
  }

  async submit(changes: Partial<RunPlan> = {}): Promise<RunRecord> {
    const plan = makePlan(changes);
    const { origin } = makeRun();
    const bundle = packBundle([]);
    return submitRun({ runId: this.runId, plan, bundle, origin }, this.clock.now(), this.ports, this.#signal);
  }

  /** Drives the run to its end; meanwhile `during` may interfere. */
  async drive(during?: (clock: VirtualClock) => Promise<void>): Promise<Ended> {
    const failures: unknown[] = [];
    const driving = driveRun(this.runId, this.ports, this.clock, this.#signal, (error) => failures.push(error));
    await this.clock.run(Promise.all([driving, during?.(this.clock)]));
    return { ...(await this.ended()), failures };
  }

  async ended(): Promise<{ readonly run: RunRecord; readonly result: RunResult | undefined }> {
    const run = await this.ledger.getRun(this.runId, this.#signal);
    if (run === undefined) throw new Error("There is no run.");
    return { run, result: await findResult(run, this.ports, this.#signal) };
  }

  #describe({ launched, isAlive, stopReason }: Process): LaunchedTask {
    return { ...launched, isAlive, stopReason };
  }

  #spawn(runId: RunId, task: number, attempt: number, identity: string): Process {
    this.launches++;
    const controller = new AbortController();
    const launched = { task, attempt, launcherId: identity, identity, isAlive: true, stopReason: undefined };
    const process: Process = { launched, controller, isAlive: true, stopReason: undefined };
    this.#processes.set(identity, process);
    const script = this.#scripts(task);
    const end = (): void => {
      if (process.isAlive) process.stopReason = "Its process ended with exit code 0.";
      process.isAlive = false;
    };
    const job = { runId, task, identity, claimant: identity };
    void runAgent(job, this.#parts(script, controller.signal), new AbortController().signal).then(end, end);
    if (script.diesAfterMs !== undefined) {
      void this.clock.sleep(script.diesAfterMs, controller.signal).then(() => this.kill(task));
    }
    return process;
  }

  #parts(script: TaskScript, killed: AbortSignal): AgentParts {
    return {
      ledger: freezeOn(killed, this.ledger),
      store: freezeOn(killed, this.store),
      gzip: noGzip,
      clock: this.clock,
      folder: {
        path: "work",
        fill: async () => undefined,
        read: async () => new Uint8Array(3),
        nameOf: (path) => path,
      },
      pace: this.agentPace,
      makeDriver: () => this.makeDriver(script, this.clock),
      resolveSecrets: async () => ({}),
      makeUsageMeter: () => ({
        now: { cpuRatio: 0.3, memoryMiB: 55 },
        stop: () => ({ cpuPeakRatio: 0.2, memoryPeakMiB: 50 }),
      }),
    };
  }
}

export interface Ended {
  readonly run: RunRecord;
  readonly result: RunResult | undefined;
  readonly failures: readonly unknown[];
}

/** A port whose calls never come back once the process that makes them has been killed. */
function freezeOn<T extends object>(killed: AbortSignal, port: T): T {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name);
      if (typeof method !== "function") return method;
      return (...args: readonly unknown[]): unknown =>
        killed.aborted ? new Promise(() => undefined) : Reflect.apply(method, target, args);
    },
  });
}
