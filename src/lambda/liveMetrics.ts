import { errorMessage } from "../core/errors.ts";
import type { RunId, TestId } from "../core/run/ids.ts";
import type { Ledger } from "../fleet/ports.ts";
import { makeDistributions, splitDistributions, type Distribution } from "./distributions.ts";

/** Puts distributions of one minute of a test; one call is one request. */
export type PutDistributions = (
  testId: TestId,
  atMs: number,
  distributions: readonly Distribution[],
  signal: AbortSignal,
) => Promise<void>;

const minuteMs = 60_000;
/** Records of a minute arrive until a while after its end. */
const lateMs = 10_000;

/** Hands a run's live figures to CloudWatch, minute by minute of the clock, each once. */
export class LiveMetrics {
  readonly #ledger: Ledger;
  readonly #put: PutDistributions;
  #untilMs: number | undefined;
  /** Why the last attempt failed; a run goes on without its metrics. */
  failure: string | undefined;

  /** @param untilMs up to which instant (epoch ms) figures were put by an earlier invocation */
  constructor(ledger: Ledger, put: PutDistributions, untilMs: number | undefined) {
    this.#ledger = ledger;
    this.#put = put;
    this.#untilMs = untilMs;
  }

  /** Up to which instant (epoch ms) figures have been put. */
  get untilMs(): number | undefined {
    return this.#untilMs;
  }

  /** Puts the minutes that are complete; with `isEnd`, also what there is of the last one. */
  async follow(
    { testId, runId }: { readonly testId: TestId; readonly runId: RunId },
    now: number,
    { isEnd }: { readonly isEnd: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    const first = this.#untilMs;
    if (first !== undefined && !isEnd && now < first + minuteMs + lateMs) return;
    const start = await this.#ledger.getStart(runId, signal);
    if (start === undefined || (now < start.startAtMs && !isEnd)) return;
    const fromMs = first ?? Math.floor(start.startAtMs / minuteMs) * minuteMs;
    const toMs = isEnd ? now + minuteMs : Math.floor((now - lateMs) / minuteMs) * minuteMs;
    if (toMs <= fromMs) return;
    const identities = Object.values(start.identities ?? {});
    try {
      await this.#putMinutes(testId, identities, start.startAtMs, { fromMs, toMs }, signal);
      this.failure = undefined;
    } catch (error) {
      signal.throwIfAborted();
      this.failure = errorMessage(error).message;
    }
    this.#untilMs = toMs;
  }

  async #putMinutes(
    testId: TestId,
    identities: readonly string[],
    startAtMs: number,
    { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
    signal: AbortSignal,
  ): Promise<void> {
    const fromSecond = Math.max(0, Math.ceil((fromMs - startAtMs) / 1000));
    const stored = await this.#ledger.getLive(identities, fromSecond, signal);
    // An agent that retried a write may have stored a record twice.
    const records = new Map(stored.map(({ identity, record }) => [`${identity} ${record.second}`, record]));
    const minutes = Map.groupBy(
      records.values(),
      ({ second }) => Math.floor((startAtMs + second * 1000) / minuteMs) * minuteMs,
    );
    for (const [minute, members] of minutes) {
      if (minute < fromMs || minute >= toMs) continue;
      for (const request of splitDistributions(makeDistributions(members))) {
        await this.#put(testId, minute, request, signal);
      }
    }
  }
}
