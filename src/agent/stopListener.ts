import { errorMessage } from "../core/errors.ts";
import type { Clock } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import type { AgentLedger } from "../fleet/ports.ts";

/** Why an agent has to end its load. */
export interface AgentStop {
  readonly by: "request" | "deadline" | "signal";
  readonly reason: string;
}

/** Listens for the reasons to end the load: a request in the ledger, the deadline, and the signal of the process. */
export class StopListener implements Disposable {
  readonly #controller = new AbortController();
  readonly #end = new AbortController();
  readonly #clock: Clock;
  readonly #onSignal: () => void;
  readonly #process: AbortSignal;
  #reason: AgentStop | undefined;
  /** Why requests could not be read, when that happened. */
  fault: string | undefined;

  constructor(runId: RunId, ledger: Pick<AgentLedger, "getStop">, clock: Clock, pollMs: number, process: AbortSignal) {
    this.#clock = clock;
    this.#process = process;
    this.#onSignal = () => this.#stop({ by: "signal", reason: String(process.reason) });
    if (process.aborted) this.#onSignal();
    else process.addEventListener("abort", this.#onSignal, { once: true });
    void this.#poll(runId, ledger, pollMs);
  }

  /** Aborts when the load has to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Undefined while nothing asks for an end. */
  get reason(): AgentStop | undefined {
    return this.#reason;
  }

  /** Ends the load when this many ms have passed. */
  async endAfter(ms: number): Promise<void> {
    await this.#clock.sleep(ms, this.#end.signal);
    if (!this.#end.signal.aborted)
      this.#stop({ by: "deadline", reason: "The load had not ended at the deadline of the run and was stopped." });
  }

  [Symbol.dispose](): void {
    this.#end.abort();
    this.#process.removeEventListener("abort", this.#onSignal);
  }

  #stop(reason: AgentStop): void {
    this.#reason ??= reason;
    this.#controller.abort(reason.reason);
  }

  async #poll(runId: RunId, ledger: Pick<AgentLedger, "getStop">, pollMs: number): Promise<void> {
    while (!this.#end.signal.aborted && this.#reason === undefined) {
      try {
        const stop = await ledger.getStop(runId, this.#end.signal);
        if (stop !== undefined) return this.#stop({ by: "request", reason: stop.reason });
      } catch (error) {
        // A load that cannot be reached goes on to its planned end or its deadline.
        if (!this.#end.signal.aborted) this.fault = errorMessage(error).message;
      }
      await this.#clock.sleep(pollMs, AbortSignal.any([this.#end.signal, this.signal]));
    }
  }
}
