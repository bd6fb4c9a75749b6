import type { PlannedExecution, RunPlan, Share } from "../../core/run/plan.ts";
import { ownUserStartMs } from "../../core/run/share.ts";
import type { Crowd, CrowdMember } from "./crowd.ts";
import { Pacer } from "./pacer.ts";
import { RateSchedule } from "./rateSchedule.ts";
import { User } from "./user.ts";

/** What an execution needs of the run that it belongs to. */
export interface ExecutionOptions {
  readonly plan: RunPlan;
  readonly share: Share;
  /** Number of the execution in the plan. */
  readonly number: number;
  /** The agreed start instant as one of `performance.now()`. */
  readonly startMs: number;
  readonly crowd: Omit<Crowd, "isOver" | "pace" | "onUserEnd" | "iterations">;
  /** Called once, when the last user has ended and no more will start. */
  readonly onEnd: () => void;
}

/** How long requests that are under way at the end of the hold-for may take to finish; later they are aborted. */
const graceMs = 5_000;

/** Runs one task's part of one execution: starts users as planned and ends them in time. */
export class ExecutionRun {
  readonly #options: ExecutionOptions;
  readonly #planned: PlannedExecution;
  readonly #share: Share["executions"][number];
  readonly #crowd: Crowd;
  readonly #users = new Set<CrowdMember>();
  readonly #pacer: Pacer | undefined;
  #started = 0;
  #isOver = false;
  #hasEnded = false;
  #startTimer: NodeJS.Timeout | undefined;
  #endTimer: NodeJS.Timeout | undefined;

  constructor(options: ExecutionOptions, planned: PlannedExecution, share: Share["executions"][number]) {
    this.#options = options;
    this.#planned = planned;
    this.#share = share;
    this.#pacer = this.#makePacer();
    const { holdForMs, iterations } = planned;
    this.#crowd = {
      ...options.crowd,
      iterations: iterations ?? (holdForMs === null ? 1 : null),
      isOver: () => this.#isOver,
      pace: this.#pacer === undefined ? undefined : (user) => this.#pacer?.wait(user),
      onUserEnd: (user) => this.#onUserEnd(user),
    };
  }

  /** True for the open model: requests come at a target rate, whatever the users are doing. */
  get isOpen(): boolean {
    return this.#pacer !== undefined;
  }

  /** A sentence for the report when the target rate was not held. */
  get rateNote(): string | undefined {
    const { ratePerSecond } = this.#share;
    if (this.#pacer === undefined || ratePerSecond === null) return undefined;
    const { due, taken } = this.#pacer;
    if (due === 0 || taken >= due * 0.99) return undefined;
    const reached = ((ratePerSecond * taken) / due).toFixed(1);
    const missed = (due - taken).toLocaleString("en-US");
    return (
      `The target rate of ${String(Number(ratePerSecond.toFixed(2)))} requests per second was not held in scenario ` +
      `"${this.#planned.scenario}": ${reached} were reached and ${missed} requests never sent, since all ` +
      `${String(this.#mostUsers)} users were busy.`
    );
  }

  /** Begins to start users; the start instant has come. */
  start(): void {
    const nowMs = performance.now();
    if (this.#endMs < Infinity) this.#endTimer = setTimeout(() => this.#windUp(), Math.max(0, this.#endMs - nowMs));
    if (this.#pacer === undefined) this.#startDueUsers();
    else this.#startTimer = setTimeout(() => this.#pacer?.start(), Math.max(0, this.#beginMs - nowMs));
  }

  /** Starts no more users and lets each end with the request that it has under way. */
  wind(): void {
    this.#isOver = true;
    clearTimeout(this.#startTimer);
    this.#pacer?.stop();
    for (const user of this.#users) user.wind();
    this.#endIfEmpty();
  }

  /** Ends everything at once; requests under way count as aborted. */
  abort(): void {
    this.wind();
    for (const user of this.#users) user.abort();
  }

  /** Instants of `performance.now()` between which users work; without hold-for there is no end. */
  get #beginMs(): number {
    return this.#options.startMs + this.#planned.delayMs;
  }

  get #endMs(): number {
    const { rampUpMs, holdForMs } = this.#planned;
    return holdForMs === null ? Infinity : this.#beginMs + rampUpMs + holdForMs;
  }

  get #mostUsers(): number {
    const { users, ratePerSecond } = this.#share;
    return users ?? Math.min(5_000, Math.max(50, Math.ceil((ratePerSecond ?? 0) * 5)));
  }

  #makePacer(): Pacer | undefined {
    const { ratePerSecond } = this.#share;
    if (ratePerSecond === null) return undefined;
    const { share } = this.#options;
    return new Pacer({
      schedule: new RateSchedule(this.#planned, ratePerSecond, share.index / share.of),
      startMs: this.#beginMs,
      endMs: this.#endMs,
      startUser: () => this.#startUserOfPool(),
    });
  }

  #windUp(): void {
    this.wind();
    if (!this.#hasEnded) this.#endTimer = setTimeout(() => this.abort(), graceMs);
  }

  #startDueUsers(): void {
    const { plan, share, number, startMs } = this.#options;
    const total = this.#share.users ?? 1;
    while (this.#started < total && !this.#isOver) {
      const waitMs = startMs + ownUserStartMs(plan, share, number, this.#started) - performance.now();
      if (waitMs > 0.5) {
        this.#startTimer = setTimeout(() => this.#startDueUsers(), waitMs);
        return;
      }
      this.#startUser();
    }
    this.#endIfEmpty();
  }

  // With iterations, a user that has done its own is not replaced.
  #startUserOfPool(): boolean {
    const inUse = this.#planned.iterations === null ? this.#users.size : this.#started;
    if (inUse >= this.#mostUsers || this.#isOver) return false;
    this.#startUser();
    return true;
  }

  #startUser(): void {
    this.#started++;
    const user = new User(this.#crowd, this.#started);
    this.#users.add(user);
    this.#crowd.recorder.addUsers(1);
    user.start();
  }

  #onUserEnd(user: CrowdMember): void {
    if (!this.#users.delete(user)) return;
    this.#crowd.recorder.addUsers(-1);
    this.#endIfEmpty();
  }

  #endIfEmpty(): void {
    if (this.#hasEnded || this.#users.size > 0) return;
    const isPoolDone = this.#pacer !== undefined && this.#planned.iterations === null;
    const isComplete =
      !isPoolDone && this.#started >= (this.#pacer === undefined ? (this.#share.users ?? 1) : this.#mostUsers);
    if (!this.#isOver && !isComplete) return;
    this.#hasEnded = true;
    this.#isOver = true;
    clearTimeout(this.#endTimer);
    clearTimeout(this.#startTimer);
    this.#pacer?.stop();
    this.#options.onEnd();
  }
}
