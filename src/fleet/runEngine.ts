import type { Clock } from "../core/async.ts";
import { UserError } from "../core/errors.ts";
import { unpackBundle } from "../core/run/bundleArchive.ts";
import type { RunId } from "../core/run/ids.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { isFinal, type RunEvent, type RunOrigin, type RunRecord } from "../core/run/run.ts";
import type { RunResult } from "../core/results/result.ts";
import { deleteStored } from "./deleteStored.ts";
import type { BundleContent, Engine } from "./engine.ts";
import { bundleKey, resultsPrefix } from "./keys.ts";
import { findPlan } from "./plan.ts";
import type { Gzip, Ledger, Page, Store } from "./ports.ts";
import { findResult } from "./result.ts";
import { RunObserver } from "./runObserver.ts";
import { requestStop } from "./stop.ts";

/** What people do with runs that a ledger and a store keep; where they run is left to the engines. */
export interface KeptPorts {
  readonly ledger: Ledger;
  readonly store: Store;
  readonly gzip: Gzip;
}

/** How a watcher looks at a run. */
export interface WatchPace {
  /** Between two looks. */
  readonly pollMs: number;
  /** Looks between two questions whether the run is still driven. */
  readonly looksPerSettling: number;
}

/** The part of an engine that is the same on this machine and in a stack. */
export abstract class RunEngine implements Engine {
  /** Completes "There is no run X …". */
  protected abstract readonly place: string;
  /** Options that commands named in hints need to come here, each with a space before it. */
  protected abstract readonly flags: string;
  protected abstract readonly ports: KeptPorts;
  protected abstract readonly clock: Clock;

  abstract start(
    plan: RunPlan,
    files: readonly BundleContent[],
    origin: RunOrigin,
    signal: AbortSignal,
  ): Promise<RunId>;
  /** Brings a run that nothing drives any more to its end; with no run named, every one. */
  protected abstract settle(runId: RunId | undefined, signal: AbortSignal): Promise<void>;
  protected abstract watchPaceOf(run: RunRecord): WatchPace;
  /** Removes what only this engine keeps of a run. */
  protected abstract forget(run: RunRecord, signal: AbortSignal): Promise<void>;

  async stop(runId: RunId, reason: string, signal: AbortSignal): Promise<void> {
    await this.need(runId, signal);
    await requestStop(runId, { atMs: this.clock.now(), by: "person", reason }, this.ports.ledger, signal);
    await this.settle(runId, signal);
  }

  async *watch(runId: RunId, signal: AbortSignal): AsyncIterable<RunEvent> {
    const { pollMs, looksPerSettling } = this.watchPaceOf(await this.need(runId, signal));
    await this.settle(runId, signal);
    const observer = new RunObserver(runId, this.ports);
    for (let look = 1; !signal.aborted; look++) {
      yield* await observer.look(signal);
      if (observer.hasEnded) return;
      await this.clock.sleep(pollMs, signal);
      if (look % looksPerSettling === 0 && !signal.aborted) await this.settle(runId, signal);
    }
  }

  async list(filter: Parameters<Engine["list"]>[0], signal: AbortSignal): Promise<Page<RunRecord>> {
    await this.settle(undefined, signal);
    return this.ports.ledger.listRuns(filter, signal);
  }

  async result(runId: RunId, signal: AbortSignal): Promise<RunResult | undefined> {
    return findResult(await this.need(runId, signal), this.ports, signal);
  }

  async plan(runId: RunId, signal: AbortSignal): Promise<RunPlan | undefined> {
    await this.need(runId, signal);
    return findPlan(runId, this.ports.store, signal);
  }

  async artifacts(
    runId: RunId,
    signal: AbortSignal,
  ): Promise<readonly { readonly key: string; readonly bytes: number }[]> {
    const run = await this.need(runId, signal);
    return this.ports.store.list(resultsPrefix(run.testId, runId), signal);
  }

  async artifact(key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return key.startsWith("results/") ? this.ports.store.get(key, signal) : undefined;
  }

  /** Reads the files that travelled with a plan's run; undefined when they are not kept. */
  async files(plan: RunPlan, signal: AbortSignal): Promise<readonly BundleContent[] | undefined> {
    const bundle = await this.ports.store.get(bundleKey(plan.bundleSha256), signal);
    if (bundle === undefined) return undefined;
    return [...unpackBundle(bundle, plan.files)].map(([path, bytes]) => ({ path, bytes }));
  }

  /** Deletes a run and everything that is kept of it. @throws {UserError} `run-active` while it is running */
  async delete(runId: RunId, signal: AbortSignal): Promise<void> {
    await this.settle(runId, signal);
    const run = await this.need(runId, signal);
    const { ledger, store } = this.ports;
    if (!isFinal(run.status)) {
      throw new UserError("run-active", `Run ${runId} is ${run.status} and cannot be deleted.`, {
        hint: `End it first with "loadfleet stop ${runId}${this.flags}".`,
      });
    }
    await deleteStored(run, store, signal);
    await this.forget(run, signal);
    await ledger.deleteRun(runId, signal);
  }

  /** @throws {UserError} `no-run` */
  protected async need(runId: RunId, signal: AbortSignal): Promise<RunRecord> {
    const run = await this.ports.ledger.getRun(runId, signal);
    if (run !== undefined) return run;
    throw new UserError("no-run", `There is no run ${runId} ${this.place}.`, {
      hint: `List the runs with "loadfleet runs${this.flags}".`,
    });
  }
}
