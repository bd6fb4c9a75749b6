import { errorMessage } from "../core/errors.ts";
import type { RunPlan } from "../core/run/plan.ts";
import { makeLiveRecord } from "../core/results/live.ts";
import type { Ledger } from "../fleet/ports.ts";
import type { Interval } from "./driver.ts";

/** Tasks of a fleet that together write one record a second each; larger fleets add up several seconds. */
const mostRecordsPerSecond = 250;
const mostLabels = 5;

/** Writes the live records of a task, one after the other, without holding up the load. */
export class LiveWriter {
  readonly #ledger: Ledger;
  readonly #identity: string;
  readonly #labels: readonly string[];
  readonly #seconds: number;
  readonly #signal: AbortSignal;
  #intervals: Interval[] = [];
  #written: Promise<void> = Promise.resolve();
  /** Why a record could not be written, when that happened. */
  fault: string | undefined;

  constructor(plan: RunPlan, identity: string, ledger: Ledger, signal: AbortSignal) {
    this.#ledger = ledger;
    this.#identity = identity;
    this.#labels = [...new Set([...plan.seriesLabels, ...plan.labels])].slice(0, mostLabels);
    this.#seconds = Math.max(1, Math.ceil(plan.tasks / mostRecordsPerSecond));
    this.#signal = signal;
  }

  add(interval: Interval): void {
    const [first] = this.#intervals;
    if (first !== undefined && this.#block(first) !== this.#block(interval)) this.#write();
    this.#intervals.push(interval);
    if (interval.second % this.#seconds === this.#seconds - 1) this.#write();
  }

  /** Writes what is left and waits for all. */
  async end(): Promise<void> {
    this.#write();
    await this.#written;
  }

  #block({ second }: Interval): number {
    return Math.floor(second / this.#seconds);
  }

  #write(): void {
    if (this.#intervals.length === 0) return;
    const record = makeLiveRecord(this.#intervals, this.#labels);
    this.#intervals = [];
    this.#written = this.#written
      .then(() => this.#ledger.putLive(this.#identity, record, this.#signal))
      .catch((error: unknown) => {
        // The live view is a preview: the figures that count are in the report.
        this.fault = errorMessage(error).message;
      });
  }
}
