/**
 * The time limit of an exchange. One timer serves many requests: when it fires it looks whether the limit has moved
 * meanwhile, instead of being set and cleared for each of them.
 */
export class Deadline {
  readonly #onPassed: () => void;
  #limitMs = 0;
  #atMs = Infinity;
  #hasProgress = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(onPassed: () => void) {
    this.#onPassed = onPassed;
  }

  /** Sets the limit of what follows, in ms; 0 waits for ever. */
  setLimit(limitMs: number): void {
    this.#limitMs = limitMs;
  }

  /** Begins to wait anew at an instant of `performance.now()`. */
  move(nowMs: number): void {
    if (this.#limitMs === 0) return;
    this.#atMs = nowMs + this.#limitMs;
    this.#hasProgress = false;
    this.#timer ??= setTimeout(() => this.#look(), this.#limitMs);
  }

  /** Begins to wait anew at the next look: for what happens too often to read the clock each time. */
  noteProgress(): void {
    this.#hasProgress = true;
  }

  /** Waits no longer. */
  rest(): void {
    this.#atMs = Infinity;
  }

  close(): void {
    this.rest();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    if (this.#atMs === Infinity) return;
    const nowMs = performance.now();
    if (this.#hasProgress) this.move(nowMs);
    const restMs = this.#atMs - nowMs;
    if (restMs > 0) this.#timer ??= setTimeout(() => this.#look(), Math.max(1, Math.ceil(restMs)));
    else this.#onPassed();
  }
}
