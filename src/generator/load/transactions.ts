import type { TransactionStep } from "../../core/scenario/model.ts";
import type { Sample } from "./labelRecorder.ts";
import type { Recorder } from "./recorder.ts";

interface OpenTransaction {
  readonly label: string;
  readonly step: TransactionStep;
  readonly startedMs: number;
  pausedMs: number;
  connectMs: number;
  latencyMs: number;
  bytesIn: number;
  bytesOut: number;
  samples: number;
  failure: string | undefined;
  code: string;
}

/** The transactions that one user is in; they may stand inside each other. */
export class Transactions {
  readonly #recorder: Recorder;
  #open: OpenTransaction[] = [];
  #pausedFromMs: number | undefined;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  begin(label: string, step: TransactionStep, nowMs: number): void {
    this.#open.push({
      label,
      step,
      startedMs: nowMs,
      pausedMs: 0,
      connectMs: 0,
      latencyMs: 0,
      bytesIn: 0,
      bytesOut: 0,
      samples: 0,
      failure: undefined,
      code: "200",
    });
  }

  /**
   * Records a request and adds it to every open transaction; the first that fails makes them fail. Inside a transaction
   * with `force-parent-sample` a request is not recorded: the transaction stands for it.
   */
  add(sample: Sample): void {
    if (this.#open.length === 0) {
      this.#recorder.record(sample);
      return;
    }
    if (!this.#open.some(({ step }) => step.forcesParentSample)) this.#recorder.record(sample);
    for (const transaction of this.#open) {
      transaction.samples++;
      transaction.connectMs += sample.connectMs;
      transaction.latencyMs += sample.latencyMs;
      transaction.bytesIn += sample.bytesIn;
      transaction.bytesOut += sample.bytesOut;
      if (sample.failure === undefined || transaction.failure !== undefined) continue;
      transaction.failure = sample.failure;
      transaction.code = sample.code;
    }
  }

  /** Ends the innermost transaction and records it, unless nothing was requested in it. */
  end(nowMs: number): void {
    const transaction = this.#open.pop();
    if (transaction === undefined || transaction.samples === 0) return;
    if (this.#open.some(({ step }) => step.forcesParentSample)) return;
    const { label, step, startedMs, pausedMs, samples: _samples, ...figures } = transaction;
    const elapsedMs = nowMs - startedMs - (step.includesTimers ? 0 : pausedMs);
    const isTransaction = !step.forcesParentSample;
    this.#recorder.record({ label, isTransaction, endedMs: nowMs, elapsedMs, ...figures });
  }

  beginPause(nowMs: number): void {
    if (this.#open.length > 0) this.#pausedFromMs = nowMs;
  }

  endPause(nowMs: number): void {
    if (this.#pausedFromMs === undefined) return;
    const pausedMs = Math.max(0, nowMs - this.#pausedFromMs);
    this.#pausedFromMs = undefined;
    for (const transaction of this.#open) transaction.pausedMs += pausedMs;
  }

  /** Forgets transactions that an iteration left open. */
  clear(): void {
    this.#open = [];
    this.#pausedFromMs = undefined;
  }
}
