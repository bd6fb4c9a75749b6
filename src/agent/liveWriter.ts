import { errorMessage } from "../core/errors.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { LiveRecord } from "../core/run/wire.ts";
import { liveWidthOf, makeLiveRecord } from "../core/results/live.ts";
import type { AgentLedger } from "../fleet/ports.ts";
import type { Interval } from "./driver.ts";

const mostLabels = 5;

/** Writes the live records of a task, one after the other, without holding up the load. */
export class LiveWriter {
  readonly #ledger: Pick<AgentLedger, "putLive">;
  readonly #identity: string;
  readonly #labels: readonly string[];
  readonly #seconds: number;
  /** By how many seconds this task writes later than the first: a fleet's writes are spread evenly. */
  readonly #delay: number;
  readonly #signal: AbortSignal;
  #intervals: Interval[] = [];
  #due: { readonly record: LiveRecord; readonly atSecond: number }[] = [];
  #written: Promise<void> = Promise.resolve();
  /** Why a record could not be written, when that happened. */
  fault: string | undefined;

  /** @param index position of the task among those that take part */
  constructor(
    plan: RunPlan,
    index: number,
    identity: string,
    ledger: Pick<AgentLedger, "putLive">,
    signal: AbortSignal,
  ) {
    this.#ledger = ledger;
    this.#identity = identity;
    this.#labels = [...new Set([...plan.seriesLabels, ...plan.labels])].slice(0, mostLabels);
    this.#seconds = liveWidthOf(plan.tasks);
    this.#delay = index % this.#seconds;
    this.#signal = signal;
  }

  add(interval: Interval): void {
    this.#writeUntil(interval.second);
    const [first] = this.#intervals;
    if (first !== undefined && this.#block(first) !== this.#block(interval)) this.#endBlock(interval.second);
    this.#intervals.push(interval);
    if (interval.second % this.#seconds === this.#seconds - 1) this.#endBlock(interval.second);
  }

  /** Writes what is left and waits for all. */
  async end(): Promise<void> {
    this.#endBlock(0);
    this.#writeUntil(Infinity);
    await this.#written;
  }

  #block({ second }: Interval): number {
    return Math.floor(second / this.#seconds);
  }

  #endBlock(second: number): void {
    if (this.#intervals.length === 0) return;
    this.#due.push({ record: makeLiveRecord(this.#intervals, this.#labels), atSecond: second + this.#delay });
    this.#intervals = [];
    this.#writeUntil(second);
  }

  #writeUntil(second: number): void {
    const due = this.#due.filter(({ atSecond }) => atSecond <= second);
    this.#due = this.#due.filter(({ atSecond }) => atSecond > second);
    for (const { record } of due) {
      this.#written = this.#written
        .then(() => this.#ledger.putLive(this.#identity, record, this.#signal))
        .catch((error: unknown) => {
          // The live view is a preview: the figures that count are in the report.
          this.fault = errorMessage(error).message;
        });
    }
  }
}
