import type { RunId } from "../../core/run/ids.ts";
import { isFinal, type RunRecord } from "../../core/run/run.ts";
import type { Engine } from "../../fleet/engine.ts";

/** Runs that one question asks for: the newest are looked at again and again, the others once. */
const newestRuns = 50;
const olderRuns = 500;

/**
 * All runs of this machine, newest first. They are read to the oldest once; after that only as far back as one can
 * have changed, because a run that has ended stays as it is.
 */
export class RunBook {
  readonly #engine: Pick<Engine, "list">;
  readonly #listeners = new Set<() => void>();
  #runs: readonly RunRecord[] = [];
  #byScenario: ReadonlyMap<string, readonly RunRecord[]> = new Map();
  readonly #forgotten = new Set<RunId>();
  #readsAll = true;
  #reading: Promise<void> | undefined;

  constructor(engine: Pick<Engine, "list">) {
    this.#engine = engine;
  }

  get runs(): readonly RunRecord[] {
    return this.#runs;
  }

  get active(): readonly RunRecord[] {
    return this.#runs.filter(({ status }) => !isFinal(status));
  }

  find(runId: RunId): RunRecord | undefined {
    return this.#runs.find((run) => run.runId === runId);
  }

  /** Runs of a scenario by its absolute path, newest first. */
  runsOf(scenarioPath: string): readonly RunRecord[] {
    return this.#byScenario.get(scenarioPath) ?? [];
  }

  /** Calls back after each change, until the answer is disposed. */
  onChange(listener: () => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** Reads what can have changed; questions that come while it does share the answer. */
  refresh(signal: AbortSignal): Promise<void> {
    return (this.#reading ??= this.#read(signal).finally(() => (this.#reading = undefined)));
  }

  /** Reads everything anew: another program may have deleted old runs. */
  async readAnew(signal: AbortSignal): Promise<void> {
    await this.#reading;
    this.#readsAll = true;
    await this.refresh(signal);
  }

  /** Leaves out a run that was deleted here. */
  forget(runId: RunId): void {
    // A question that is under way may still know it.
    this.#forgotten.add(runId);
    this.#publish(this.#runs);
  }

  async #read(signal: AbortSignal): Promise<void> {
    const fresh: RunRecord[] = [];
    let after: string | undefined;
    do {
      const filter = after === undefined ? { limit: newestRuns } : { limit: olderRuns, after };
      const page = await this.#engine.list(filter, signal);
      fresh.push(...page.items);
      after = page.next;
    } while (after !== undefined && !this.#knowsAllBefore(fresh.at(-1)));
    this.#readsAll = false;
    const oldest = after === undefined ? undefined : fresh.at(-1);
    const kept = oldest === undefined ? [] : this.#runs.filter(({ runId }) => runId < oldest.runId);
    this.#publish([...fresh, ...kept]);
  }

  /** Tells whether everything older than a run was read before and has ended. */
  #knowsAllBefore(run: RunRecord | undefined): boolean {
    const at = this.#readsAll ? -1 : this.#runs.findIndex(({ runId }) => runId === run?.runId);
    return at >= 0 && this.#runs.slice(at + 1).every(({ status }) => isFinal(status));
  }

  #publish(read: readonly RunRecord[]): void {
    const runs = read.filter(({ runId }) => !this.#forgotten.has(runId));
    if (runs.length === this.#runs.length && runs.every((run, index) => isSame(run, this.#runs[index]))) return;
    this.#runs = runs;
    this.#byScenario = Map.groupBy(runs, ({ origin }) => origin.scenarioPath ?? "");
    for (const listener of this.#listeners) listener();
  }
}

function isSame(one: RunRecord, other: RunRecord | undefined): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
