import { errorMessage } from "../core/errors.ts";
import type { RunPlan } from "../core/run/plan.ts";
import type { LiveRecord } from "../core/run/wire.ts";
import { liveBudgets, liveLabelsOf, liveWidthOf, makeLiveRecord } from "../core/results/liveRecord.ts";
import type { AgentLedger } from "../fleet/ports.ts";
import type { Interval } from "./driver.ts";

/** Labels that are told apart among those that are left out. */
const mostHidden = 1000;

/** Whose records are written. */
export interface LivePlace {
  readonly identity: string;
  readonly task: number;
  /** Position of the task among those that take part. */
  readonly index: number;
}

/** Where they go, and what they say of the task itself. */
export interface LiveParts {
  readonly ledger: Pick<AgentLedger, "putLive">;
  usage(): LiveRecord["usage"];
}

/** Writes the live records of a task, one after the other, without holding up the load. */
export class LiveWriter {
  readonly #place: LivePlace;
  readonly #parts: LiveParts;
  readonly #budget: { readonly labels: number; readonly bytes: number };
  /** Labels that every record keeps; while there is room, the first that are seen join those of the plan. */
  readonly #labels: string[];
  readonly #hidden = new Set<string>();
  readonly #seconds: number;
  /** By how many seconds this task writes later than the first: a fleet's writes are spread evenly. */
  readonly #delay: number;
  readonly #signal: AbortSignal;
  #intervals: Interval[] = [];
  #due: { readonly record: LiveRecord; readonly atSecond: number }[] = [];
  #written: Promise<void> = Promise.resolve();
  /** Why a record could not be written, when that happened. */
  fault: string | undefined;

  constructor(plan: RunPlan, place: LivePlace, parts: LiveParts, signal: AbortSignal) {
    this.#place = place;
    this.#parts = parts;
    this.#budget = liveBudgets[plan.engine];
    this.#labels = [...liveLabelsOf(plan)];
    this.#seconds = liveWidthOf(plan.tasks);
    this.#delay = place.index % this.#seconds;
    this.#signal = signal;
  }

  add(interval: Interval): void {
    this.#writeUntil(interval.second);
    const [first] = this.#intervals;
    if (first !== undefined && this.#block(first) !== this.#block(interval)) this.#endBlock(interval.second);
    for (const label of interval.labels.keys()) this.#meet(label);
    this.#intervals.push(interval);
    if (interval.second % this.#seconds === this.#seconds - 1) this.#endBlock(interval.second);
  }

  /** Writes what is left and waits for all. */
  async end(): Promise<void> {
    this.#endBlock(0);
    this.#writeUntil(Infinity);
    await this.#written;
  }

  #meet(label: string): void {
    if (label === "" || this.#labels.includes(label)) return;
    if (this.#labels.length < this.#budget.labels) this.#labels.push(label);
    else if (this.#hidden.size < mostHidden) this.#hidden.add(label);
  }

  #block({ second }: Interval): number {
    return Math.floor(second / this.#seconds);
  }

  #endBlock(second: number): void {
    if (this.#intervals.length === 0) return;
    const record = makeLiveRecord(this.#intervals, this.#labels, {
      bytes: this.#budget.bytes,
      task: this.#place.task,
      hidden: this.#hidden.size,
      usage: this.#parts.usage(),
    });
    this.#due.push({ record, atSecond: second + this.#delay });
    this.#intervals = [];
    this.#writeUntil(second);
  }

  #writeUntil(second: number): void {
    const due = this.#due.filter(({ atSecond }) => atSecond <= second);
    this.#due = this.#due.filter(({ atSecond }) => atSecond > second);
    for (const { record } of due) {
      this.#written = this.#written
        .then(() => this.#parts.ledger.putLive(this.#place.identity, record, this.#signal))
        .catch((error: unknown) => {
          // The live view is a preview: the figures that count are in the report.
          this.fault = errorMessage(error).message;
        });
    }
  }
}
