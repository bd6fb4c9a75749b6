import type { TransactionStep } from "../../core/scenario/model.ts";
import { CookieJar } from "../http/cookies.ts";
import { Exchange } from "../http/exchange.ts";
import { AbortFailure } from "../http/failure.ts";
import type { CompiledRequest } from "../http/request.ts";
import { fetchResources, type ResourceOutcome } from "../http/fetchResources.ts";
import { resourcesOf } from "../http/resources.ts";
import type { Crowd, CrowdMember } from "./crowd.ts";
import type { Instruction, Machine } from "./assembler.ts";
import type { Sample } from "./labelRecorder.ts";
import { codeText, findFailure } from "./outcome.ts";
import { Transactions } from "./transactions.ts";

/** Instructions that a user may execute without waiting before others get their turn. */
const mostStepsAtOnce = 10_000;

/** Variable of JMeter that tells whether the last request passed; loops and conditions ask for it. */
export const lastSampleOk = "JMeterThread.last_sample_ok";

/** A virtual user: executes its program instruction by instruction and goes on from callbacks where it had to wait. */
export class User implements Machine, CrowdMember {
  position = 0;
  readonly registers: number[];
  readonly variables: Map<string, string>;
  readonly counters = new Map<object, number>();
  readonly threadNumber: number;
  readonly properties: Readonly<Record<string, string>>;
  readonly #crowd: Crowd;
  readonly #instructions: readonly Instruction[];
  readonly #cookies: CookieJar | undefined;
  readonly #exchange: Exchange;
  readonly #transactions: Transactions;
  readonly #resourceAbort = new AbortController();
  #iterations = 0;
  #request: CompiledRequest | undefined;
  #isLastPassed = true;
  #label = "";
  #intendedMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #hasEnded = false;
  /** From the sending of a request until its sample is recorded. */
  #isSampling = false;
  #isWorking = false;

  constructor(crowd: Crowd, threadNumber: number) {
    this.#crowd = crowd;
    this.#instructions = crowd.program.instructions;
    this.threadNumber = threadNumber;
    this.properties = crowd.properties;
    this.registers = Array.from({ length: crowd.program.registers }, () => 0);
    this.variables = new Map([...crowd.variables, [lastSampleOk, "true"]]);
    this.#transactions = new Transactions(crowd.recorder);
    this.#cookies = crowd.storesCookies ? new CookieJar() : undefined;
    this.#exchange = new Exchange(crowd.connector, this.#cookies, () => this.#onAnswer(), {
      keepsHops: crowd.trace !== undefined,
    });
  }

  /** Begins the first iteration. */
  start(): void {
    if (this.#beginIteration()) this.#work();
    else this.end();
  }

  wind(): void {
    if (!this.#isSampling && !this.#isWorking) this.end();
  }

  abort(): void {
    if (this.#hasEnded) return;
    if (this.#isSampling) this.#crowd.recorder.recordAborted(this.#label);
    this.end();
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    const reason = new AbortFailure("The user has ended.");
    this.#resourceAbort.abort(reason);
    this.#exchange.close(reason);
    this.#crowd.onUserEnd(this);
  }

  endAll(isAtOnce: boolean): void {
    this.#crowd.endAll(isAtOnce);
  }

  request(request: CompiledRequest): void {
    this.#request = request;
    if (this.#crowd.pace === undefined) this.go(undefined);
    else {
      this.#transactions.beginPause(performance.now());
      this.#crowd.pace(this);
    }
  }

  go(intendedMs: number | undefined): void {
    const request = this.#request;
    if (request === undefined || this.#hasEnded) return;
    if (intendedMs !== undefined) this.#transactions.endPause(Math.min(intendedMs, performance.now()));
    this.#intendedMs = intendedMs;
    this.#isSampling = true;
    this.#label = request.label.constant ?? request.label.render(this);
    let outgoing;
    try {
      outgoing = request.render(this);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      setImmediate(() => this.#onUnsendable(error.message));
      return;
    }
    this.#exchange.send(outgoing, request.options(this));
  }

  pause(ms: number): boolean {
    if (ms <= 0 || this.#crowd.trace !== undefined) return false;
    this.#transactions.beginPause(performance.now());
    this.#timer = setTimeout(() => {
      this.#transactions.endPause(performance.now());
      this.#work();
    }, ms);
    return true;
  }

  beginTransaction(label: string, step: TransactionStep): void {
    this.#transactions.begin(label, step, performance.now());
  }

  endTransaction(): void {
    this.#transactions.end(performance.now());
  }

  #beginIteration(): boolean {
    const { iterations, feeds } = this.#crowd;
    if (iterations !== null && this.#iterations >= iterations) return false;
    this.#iterations++;
    this.position = 0;
    this.#transactions.clear();
    return feeds.every((feed) => feed.take(this.variables));
  }

  #work(): void {
    this.#isWorking = true;
    for (let steps = 0; !this.#hasEnded; steps++) {
      if (this.#crowd.isOver()) break;
      if (steps >= mostStepsAtOnce) {
        setImmediate(() => this.#work());
        return;
      }
      const instruction = this.#instructions[this.position];
      if (instruction === undefined) {
        if (!this.#beginIteration()) break;
        continue;
      }
      this.position++;
      if (!instruction(this)) {
        this.#isWorking = false;
        return;
      }
    }
    this.#isWorking = false;
    this.end();
  }

  #onUnsendable(message: string): void {
    const request = this.#request;
    if (request === undefined || this.#hasEnded) return;
    const nowMs = performance.now();
    this.#crowd.trace?.onSample(this, request, this.#label, undefined, message);
    this.#record({
      label: this.#label,
      isTransaction: false,
      endedMs: nowMs,
      elapsedMs: nowMs - (this.#intendedMs ?? nowMs),
      connectMs: 0,
      latencyMs: 0,
      bytesIn: 0,
      bytesOut: 0,
      code: "",
      failure: message,
    });
  }

  #onAnswer(): void {
    const request = this.#request;
    if (request === undefined || this.#hasEnded) return;
    const exchange = this.#exchange;
    if (request.resources === undefined || exchange.failure !== undefined) {
      this.#judge(request, undefined);
      return;
    }
    const urls = resourcesOf(exchange.response, request.resources);
    if (urls.length === 0) {
      this.#judge(request, undefined);
      return;
    }
    fetchResources(urls, {
      atOnce: request.resources.atOnce,
      connector: this.#crowd.connector,
      cookies: this.#cookies,
      signal: this.#resourceAbort.signal,
      done: (outcome) => this.#judge(request, outcome),
    });
  }

  #judge(request: CompiledRequest, resources: ResourceOutcome | undefined): void {
    if (this.#hasEnded) return;
    const exchange = this.#exchange;
    const failure = findFailure(exchange, request, this) ?? resources?.failure;
    this.#crowd.trace?.onSample(this, request, this.#label, exchange, failure ?? "");
    const startedMs = this.#intendedMs ?? exchange.startedMs;
    const endedMs = resources?.endedMs ?? exchange.endedMs;
    this.#record({
      label: this.#label,
      isTransaction: false,
      endedMs,
      elapsedMs: endedMs - startedMs,
      connectMs: exchange.connectMs,
      latencyMs: exchange.firstByteMs - startedMs,
      bytesIn: exchange.bytesIn + (resources?.bytesIn ?? 0),
      bytesOut: exchange.bytesOut + (resources?.bytesOut ?? 0),
      code: codeText(exchange.status),
      failure,
    });
  }

  #noteOutcome(isPassed: boolean): void {
    if (isPassed === this.#isLastPassed) return;
    this.#isLastPassed = isPassed;
    this.variables.set(lastSampleOk, String(isPassed));
  }

  #record(sample: Sample): void {
    this.#request = undefined;
    this.#isSampling = false;
    this.#noteOutcome(sample.failure === undefined);
    this.#transactions.add(sample);
    this.#work();
  }
}
