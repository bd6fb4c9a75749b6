import type { RunId } from "../../core/run/ids.ts";
import { isFinal, type RunRecord } from "../../core/run/run.ts";
import type { Engine } from "../../fleet/engine.ts";

/** The runs of this machine, newest first, page by page as far as they were asked for. */
export class RunBook {
  readonly #engine: Pick<Engine, "list">;
  readonly #pageSize: () => number;
  readonly #listeners = new Set<() => void>();
  #runs: readonly RunRecord[] = [];
  #next: string | undefined;
  #pages = 1;
  #text = "";
  #reading: Promise<void> | undefined;

  constructor(engine: Pick<Engine, "list">, pageSize: () => number) {
    this.#engine = engine;
    this.#pageSize = pageSize;
  }

  get runs(): readonly RunRecord[] {
    return this.#runs;
  }

  /** True when there are older runs that were not read yet. */
  get hasMore(): boolean {
    return this.#next !== undefined;
  }

  get active(): readonly RunRecord[] {
    return this.#runs.filter(({ status }) => !isFinal(status));
  }

  find(runId: RunId): RunRecord | undefined {
    return this.#runs.find((run) => run.runId === runId);
  }

  /** Runs of a scenario by its absolute path, newest first. */
  runsOf(scenarioPath: string): readonly RunRecord[] {
    return this.#runs.filter(({ origin }) => origin.scenarioPath === scenarioPath);
  }

  /** The newest run of a scenario that was completed with figures, and the one before it; one that was cut short compares with nothing. */
  lastTwoOf(scenarioPath: string): readonly RunRecord[] {
    return this.runsOf(scenarioPath)
      .filter(({ status, summary }) => status === "complete" && summary !== null && summary.count > 0)
      .slice(0, 2);
  }

  /** Calls back after each change, until the answer is disposed. */
  onChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Reads the runs anew; questions that come while it does share the answer. */
  refresh(signal: AbortSignal): Promise<void> {
    return (this.#reading ??= this.#read(signal).finally(() => (this.#reading = undefined)));
  }

  /** Reads one more page of older runs. */
  async loadMore(signal: AbortSignal): Promise<void> {
    await this.#reading;
    this.#pages++;
    await this.refresh(signal);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { items, next } = await this.#engine.list({ limit: this.#pages * this.#pageSize() }, signal);
    const text = JSON.stringify([items, next]);
    if (text === this.#text) return;
    this.#text = text;
    this.#runs = items;
    this.#next = next;
    for (const listener of this.#listeners) listener();
  }
}
