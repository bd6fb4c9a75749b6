import type { RunResult } from "../../src/core/results/result.ts";
import { instantOfRunId, type RunId, type TestId } from "../../src/core/run/ids.ts";
import type { RunPlan } from "../../src/core/run/plan.ts";
import type { RunEvent, RunRecord } from "../../src/core/run/run.ts";
import type { CommandEngine } from "../../src/cli/engines.ts";
import type { BundleContent } from "../../src/fleet/engine.ts";
import type { Page } from "../../src/fleet/ports.ts";

/** What a watcher of the scripted engine gets: events, and `"stop"` where the run goes on until somebody stops it. */
export type Script = readonly (RunEvent | "stop")[];

/** An engine in memory whose runs follow a script; it keeps what it was asked for. */
export class ScriptedEngine implements CommandEngine {
  runs: readonly RunRecord[] = [];
  results = new Map<RunId, RunResult>();
  script: Script = [];
  /** Content of the files that are kept, by key. */
  kept: ReadonlyMap<string, string> = new Map();
  forecast?: NonNullable<CommandEngine["forecast"]>;
  started: { readonly plan: RunPlan; readonly files: readonly BundleContent[] }[] = [];
  stopped: { readonly runId: RunId; readonly reason: string }[] = [];
  onStart: (plan: RunPlan) => RunId = () => {
    throw new Error("This test starts no run.");
  };
  /** Hears that the script waits for a stop. */
  onWait: () => void = () => {};
  #isStopped = Promise.withResolvers<void>();

  async start(plan: RunPlan, files: readonly BundleContent[]): Promise<RunId> {
    this.started.push({ plan, files });
    return this.onStart(plan);
  }

  async stop(runId: RunId, reason: string): Promise<void> {
    this.stopped.push({ runId, reason });
    this.#isStopped.resolve();
  }

  async *watch(_runId: RunId, signal: AbortSignal): AsyncGenerator<RunEvent> {
    const isAborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    for (const event of this.script) {
      if (event === "stop") {
        this.onWait();
        await Promise.race([this.#isStopped.promise, isAborted]);
      } else yield event;
      if (signal.aborted) return;
    }
  }

  async list(filter: {
    readonly testId?: TestId;
    readonly limit: number;
    readonly after?: string;
  }): Promise<Page<RunRecord>> {
    const all = this.runs
      .filter(({ testId }) => filter.testId === undefined || testId === filter.testId)
      .toSorted((a, b) => instantOfRunId(b.runId) - instantOfRunId(a.runId));
    const from = filter.after === undefined ? 0 : Number(filter.after);
    const to = from + filter.limit;
    return { items: all.slice(from, to), next: to < all.length ? String(to) : undefined };
  }

  async result(runId: RunId): Promise<RunResult | undefined> {
    return this.results.get(runId);
  }

  async plan(): Promise<undefined> {
    return undefined;
  }

  async artifacts(): Promise<readonly { readonly key: string; readonly bytes: number }[]> {
    return [...this.kept].map(([key, text]) => ({ key, bytes: text.length }));
  }

  async artifact(key: string): Promise<Uint8Array | undefined> {
    const text = this.kept.get(key);
    return text === undefined ? undefined : new TextEncoder().encode(text);
  }

  async delete(): Promise<void> {}
}
