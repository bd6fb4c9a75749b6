import type { LabelFigures } from "../../core/run/wire.ts";
import { LabelRecorder, type Sample, SecondRecorder, type SecondFigures } from "./labelRecorder.ts";

const mostLabels = 500;
const restLabel = "other labels";

/** One second, counted from the start instant. */
export interface Second {
  readonly second: number;
  readonly users: number;
  readonly labels: ReadonlyMap<string, SecondFigures>;
}

export interface RecorderOptions {
  /** Instant of `performance.now()` from which seconds count. */
  readonly startMs: number;
  /** Labels, beside `""`, that get a histogram each second. */
  readonly histogramLabels: ReadonlySet<string>;
  readonly onSecond: (second: Second) => void;
}

/** Collects samples into the figures of the whole run and of each second. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #labels = new Map<string, LabelRecorder>();
  readonly #all: SecondRecorder;
  #second = 0;
  #users = 0;
  #mostUsersOfSecond = 0;
  #mostUsers = 0;
  #firstMs: number | undefined;
  #lastMs: number | undefined;
  #aborted = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#all = new SecondRecorder({ keepsHistogram: true, keepsErrors: true });
  }

  get maxUsers(): number {
    return this.#mostUsers;
  }

  /** Instants of `performance.now()`: beginning of the first and end of the last sample. */
  get span(): { readonly firstMs: number; readonly lastMs: number } | undefined {
    return this.#firstMs === undefined || this.#lastMs === undefined
      ? undefined
      : { firstMs: this.#firstMs, lastMs: this.#lastMs };
  }

  get aborted(): number {
    return this.#aborted;
  }

  addUsers(change: 1 | -1): void {
    this.#users += change;
    if (this.#users > this.#mostUsersOfSecond) this.#mostUsersOfSecond = this.#users;
    if (this.#users > this.#mostUsers) this.#mostUsers = this.#users;
  }

  record(sample: Sample): void {
    this.advance(sample.endedMs);
    const startedMs = sample.endedMs - sample.elapsedMs;
    if (this.#firstMs === undefined || startedMs < this.#firstMs) this.#firstMs = startedMs;
    if (this.#lastMs === undefined || sample.endedMs > this.#lastMs) this.#lastMs = sample.endedMs;
    const elapsedUs = Math.max(0, Math.round(sample.elapsedMs * 1000));
    this.#labelOf(sample).record(sample, elapsedUs);
    if (!sample.isTransaction) this.#all.record(sample, elapsedUs);
  }

  /** Counts a request that the end of the run cut off. */
  recordAborted(label: string): void {
    this.#aborted++;
    this.#labelOf({ label, isTransaction: false }).aborted++;
  }

  /** Delivers every second that has ended at an instant of `performance.now()`. */
  advance(nowMs: number): void {
    const current = Math.floor((nowMs - this.#options.startMs) / 1000);
    while (this.#second < current) this.#deliver();
  }

  /** Delivers the second that is under way too; nothing may be recorded afterwards. */
  finish(nowMs: number): void {
    this.advance(nowMs);
    if (!this.#all.isEmpty || this.#mostUsersOfSecond > 0) this.#deliver();
  }

  /** Figures of the whole run; `""` is all requests. */
  figures(): Readonly<Record<string, LabelFigures>> {
    const all = new LabelRecorder({ isTransaction: false, keepsHistogram: false });
    for (const recorder of this.#labels.values()) if (!recorder.isTransaction) all.merge(recorder);
    const figures: Record<string, LabelFigures> = { "": all.figures() };
    for (const [label, recorder] of this.#labels) figures[label] = recorder.figures();
    return figures;
  }

  #labelOf({ label, isTransaction }: Pick<Sample, "label" | "isTransaction">): LabelRecorder {
    const known = this.#labels.get(label);
    if (known !== undefined) return known;
    const name =
      this.#labels.size >= mostLabels && label !== restLabel ? restLabel : label === "" ? "(no label)" : label;
    if (name !== label) return this.#labelOf({ label: name, isTransaction: false });
    const keepsHistogram = this.#options.histogramLabels.has(name);
    const recorder = new LabelRecorder({ isTransaction, keepsHistogram });
    this.#labels.set(name, recorder);
    return recorder;
  }

  #deliver(): void {
    const labels = new Map<string, SecondFigures>([["", this.#all.take()]]);
    for (const [label, { current }] of this.#labels) if (!current.isEmpty) labels.set(label, current.take());
    this.#options.onSecond({ second: this.#second, users: this.#mostUsersOfSecond, labels });
    this.#second++;
    this.#mostUsersOfSecond = this.#users;
  }
}
