import type { RateSchedule } from "./rateSchedule.ts";
import type { CrowdMember } from "./crowd.ts";

/** A timer of Node may be this late without the target having anything to do with it. */
const timerSlackMs = 2;

export interface PacerOptions {
  readonly schedule: RateSchedule;
  /** Instant of `performance.now()` from which the schedule counts. */
  readonly startMs: number;
  /** Turns that are due at this instant or later are not given; Infinity without an end. */
  readonly endMs: number;
  /** Starts one more user; false when there are as many as there may be. */
  readonly startUser: () => boolean;
}

/**
 * Hands out the turns of the open model: whenever a request is due, a waiting user sends it, or a new user is started
 * for it. When all are busy the turn is kept, and the user that takes it later counts its time from when it was due.
 */
export class Pacer {
  readonly #options: PacerOptions;
  readonly #waiting: CrowdMember[] = [];
  /** Turns whose time has come, and turns that were taken. */
  #due = 0;
  #taken = 0;
  #skipped = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PacerOptions) {
    this.#options = options;
  }

  /** Turns whose time came while the pacer ran. */
  get due(): number {
    return this.#due - this.#skipped;
  }

  /** Turns that a user took. */
  get taken(): number {
    return this.#taken - this.#skipped;
  }

  /** Begins; turns that are more than a moment past already are left out, as nobody was there to take them. */
  start(): void {
    const nowMs = performance.now();
    while (this.#dueMs(this.#due) < nowMs - 100) this.#due++;
    this.#taken = this.#skipped = this.#due;
    this.#tick();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting.length = 0;
  }

  /** Gives the user the oldest turn that is left, now or when there is one. */
  wait(user: CrowdMember): void {
    if (this.#taken < this.#due) user.go(this.#dueMs(this.#taken++));
    else this.#waiting.push(user);
  }

  #dueMs(turn: number): number {
    const dueMs = this.#options.startMs + this.#options.schedule.dueMs(turn);
    return dueMs < this.#options.endMs ? dueMs : Infinity;
  }

  #tick(): void {
    const nowMs = performance.now();
    let dueMs = this.#dueMs(this.#due);
    while (dueMs <= nowMs) {
      this.#due++;
      this.#serve(dueMs, nowMs);
      dueMs = this.#dueMs(this.#due);
    }
    if (dueMs !== Infinity) this.#timer = setTimeout(() => this.#tick(), Math.min(dueMs - nowMs, 2 ** 30));
  }

  #serve(dueMs: number, nowMs: number): void {
    // A user that is started here asks for its first turn at once, and finds this one.
    const user = this.#waiting.shift();
    if (user === undefined) {
      this.#options.startUser();
      return;
    }
    this.#taken++;
    user.go(nowMs - dueMs <= timerSlackMs ? nowMs : dueMs);
  }
}
