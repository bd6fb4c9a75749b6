import { histogramLabelsOf } from "../../../core/results/liveRecord.ts";
import type { RunPlan } from "../../../core/run/plan.ts";
import type { LabelFigures } from "../../../core/run/wire.ts";
import { Recorder, type Second } from "../../../generator/load/recorder.ts";
import type { DriverReport, Interval } from "../../driver.ts";

/** One request as an engine of its own measured it; times in ms, instants in epoch ms. */
export interface EngineSample {
  readonly label: string;
  /** Where it went, when the engine tells that apart from the label. */
  readonly url?: string;
  readonly isSecure?: boolean;
  readonly endedAtMs: number;
  readonly elapsedMs: number;
  readonly connectMs: number;
  readonly latencyMs: number;
  readonly bytesIn: number;
  /** Response code; "" when there was no response. */
  readonly code: string;
  /** Text of the failure; undefined when it passed. */
  readonly failure: string | undefined;
}

/** How much later than it ended a sample may arrive without counting for a later second. */
const delayMs = 1000;
const tickMs = 250;

/** Makes the seconds and the report of a task out of the samples that its engine hands over. */
export class SampleMeter {
  readonly #startAtMs: number;
  readonly #recorder: Recorder;
  readonly #users = new Map<number, number>();
  #total = 0;
  #bytes = { in: 0, out: 0, ofSecond: 0 };
  readonly #timer: NodeJS.Timeout;

  constructor(plan: RunPlan, startAtMs: number, onInterval: (interval: Interval) => void) {
    this.#startAtMs = startAtMs;
    this.#recorder = new Recorder({
      startMs: 0,
      histogramLabels: histogramLabelsOf(plan),
      onSecond: (second) => onInterval(this.#withBytes(second)),
    });
    this.#timer = setInterval(() => this.#recorder.advance(Date.now() - startAtMs - delayMs), tickMs);
  }

  record(sample: EngineSample): void {
    const endedMs = sample.endedAtMs - this.#startAtMs;
    this.#recorder.record({ ...sample, isTransaction: false, bytesOut: 0, endedMs });
  }

  /** Counts bytes that the engine does not tell apart by label. */
  addBytes(received: number, sent: number): void {
    this.#bytes.in += received;
    this.#bytes.out += sent;
    this.#bytes.ofSecond += received;
  }

  /** Sets the users of one of the engine's executions. */
  setUsers(execution: number, users: number): void {
    this.#users.set(execution, users);
    const total = [...this.#users.values()].reduce((sum, one) => sum + one, 0);
    for (; this.#total < total; this.#total++) this.#recorder.addUsers(1);
    for (; this.#total > total; this.#total--) this.#recorder.addUsers(-1);
  }

  /** Delivers the last second and gives the figures; nothing may be recorded afterwards. */
  end(): Pick<DriverReport, "firstSampleAtMs" | "lastSampleAtMs" | "maxUsers" | "labels"> {
    clearInterval(this.#timer);
    const { span } = this.#recorder;
    this.#recorder.finish(span?.lastMs ?? 0);
    const { "": all, ...labels } = this.#recorder.figures();
    return {
      firstSampleAtMs: span === undefined ? null : span.firstMs + this.#startAtMs,
      lastSampleAtMs: span === undefined ? null : span.lastMs + this.#startAtMs,
      maxUsers: this.#recorder.maxUsers,
      labels: { ...(all === undefined ? {} : { "": this.#withAllBytes(all) }), ...labels },
    };
  }

  #withAllBytes(all: LabelFigures): LabelFigures {
    return { ...all, bytesIn: all.bytesIn + this.#bytes.in, bytesOut: all.bytesOut + this.#bytes.out };
  }

  #withBytes(second: Second): Interval {
    const all = second.labels.get("");
    if (all === undefined) return second;
    const bytes = all.bytes + this.#bytes.ofSecond;
    this.#bytes.ofSecond = 0;
    return { ...second, labels: new Map([...second.labels, ["", { ...all, bytes }]]) };
  }
}

/** Says when not one request succeeded, and why, since engines call that a success. */
export function noteOnFailures(all: LabelFigures | undefined): readonly string[] {
  if (all === undefined || all.count === 0 || all.failed < all.count) return [];
  const most = all.errors.toSorted((a, b) => b.count - a.count)[0];
  const why = most === undefined ? "" : `, most of them with: ${most.message}`;
  return [`Every one of ${all.count} requests failed${why}. See whether the target runs and its address is right.`];
}
