/** Peaks of a task's use of its machine. */
export interface UsagePeaks {
  /** Highest share of one core over a second; may exceed 1. */
  readonly cpuPeakRatio: number;
  readonly memoryPeakMiB: number;
}

/** Follows what this process uses, second by second; `stop` gives the peaks. */
export class UsageMeter {
  #cpu = process.cpuUsage();
  #atMs = performance.now();
  #peaks: UsagePeaks = { cpuPeakRatio: 0, memoryPeakMiB: memoryMiB() };
  readonly #timer = setInterval(() => this.#sample(), 1000).unref();

  stop(): UsagePeaks {
    clearInterval(this.#timer);
    // Less than half a second says little of a second's peak, unless there was nothing longer.
    if (performance.now() - this.#atMs >= 500 || this.#peaks.cpuPeakRatio === 0) this.#sample();
    return this.#peaks;
  }

  #sample(): void {
    const used = process.cpuUsage(this.#cpu);
    const atMs = performance.now();
    const ratio = (used.user + used.system) / 1000 / Math.max(atMs - this.#atMs, 1);
    this.#peaks = {
      cpuPeakRatio: Math.max(this.#peaks.cpuPeakRatio, Math.round(ratio * 1000) / 1000),
      memoryPeakMiB: Math.max(this.#peaks.memoryPeakMiB, memoryMiB()),
    };
    this.#cpu = process.cpuUsage();
    this.#atMs = atMs;
  }
}

function memoryMiB(): number {
  return Math.round(process.memoryUsage.rss() / 1024 / 1024);
}
