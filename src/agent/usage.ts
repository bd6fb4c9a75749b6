import { readFileSync } from "node:fs";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { loopResolutionMs } from "../core/results/health.ts";
import type { LiveRecord } from "../core/run/wire.ts";

/** Peaks of a task's use of its machine. */
export interface UsagePeaks {
  /** Highest share of one core over a second; may exceed 1. */
  readonly cpuPeakRatio: number;
  readonly memoryPeakMiB: number;
}

/** What a process has used so far, and what memory it holds. */
interface Usage {
  readonly cpuMs: number;
  readonly memoryMiB: number;
}

/** Follows what this process and the engine that it started use, second by second; `stop` gives the peaks. */
export class UsageMeter {
  readonly #engine: () => readonly number[];
  /** Only for load that is generated in this process. */
  readonly #delays: ReturnType<typeof monitorEventLoopDelay> | undefined;
  #cpu: ReadonlyMap<number, number>;
  #atMs = performance.now();
  #peaks: UsagePeaks;
  #latest: { readonly cpuRatio: number; readonly memoryMiB: number } | undefined;
  readonly #timer = setInterval(() => this.#sample(), 1000).unref();

  /**
   * @param engine ids of the engine's processes, which are measured where the system has /proc; undefined when the load
   * is generated in this process
   */
  constructor(engine: (() => readonly number[]) | undefined) {
    this.#engine = engine ?? (() => []);
    if (engine === undefined) {
      this.#delays = monitorEventLoopDelay({ resolution: loopResolutionMs });
      this.#delays.enable();
    }
    const used = this.#measure();
    this.#cpu = cpuOf(used);
    this.#peaks = { cpuPeakRatio: 0, memoryPeakMiB: memoryOf(used) };
  }

  /** What is used now, for the live view; undefined in the first second. */
  get now(): LiveRecord["usage"] {
    if (this.#latest === undefined) return undefined;
    const delays = this.#delays;
    if (delays === undefined || delays.count === 0) return this.#latest;
    return { ...this.#latest, lateMs: Math.max(0, Math.round(delays.percentile(99) / 1e6 - loopResolutionMs)) };
  }

  stop(): UsagePeaks {
    clearInterval(this.#timer);
    this.#delays?.disable();
    // Less than half a second says little of a second's peak, unless there was nothing longer.
    if (performance.now() - this.#atMs >= 500 || this.#peaks.cpuPeakRatio === 0) this.#sample();
    return this.#peaks;
  }

  #sample(): void {
    const used = this.#measure();
    const atMs = performance.now();
    // A process that has ended since took its time with it; what a new one needed to start is no load.
    const cpuMs = [...used].reduce((sum, [pid, usage]) => sum + usage.cpuMs - (this.#cpu.get(pid) ?? usage.cpuMs), 0);
    const cpuRatio = Math.max(0, Math.round((cpuMs / Math.max(atMs - this.#atMs, 1)) * 1000) / 1000);
    const memoryMiB = memoryOf(used);
    this.#latest = { cpuRatio, memoryMiB };
    this.#peaks = {
      cpuPeakRatio: Math.max(this.#peaks.cpuPeakRatio, cpuRatio),
      memoryPeakMiB: Math.max(this.#peaks.memoryPeakMiB, memoryMiB),
    };
    this.#cpu = cpuOf(used);
    this.#atMs = atMs;
  }

  #measure(): ReadonlyMap<number, Usage> {
    const { user, system } = process.cpuUsage();
    const own = { cpuMs: (user + system) / 1000, memoryMiB: process.memoryUsage.rss() / 1024 / 1024 };
    const others = this.#engine().flatMap((pid) => {
      const usage = usageOf(pid);
      return usage === undefined ? [] : [[pid, usage] as const];
    });
    return new Map([[process.pid, own], ...others]);
  }
}

function cpuOf(used: ReadonlyMap<number, Usage>): ReadonlyMap<number, number> {
  return new Map([...used].map(([pid, { cpuMs }]) => [pid, cpuMs]));
}

function memoryOf(used: ReadonlyMap<number, Usage>): number {
  return Math.round([...used.values()].reduce((sum, { memoryMiB }) => sum + memoryMiB, 0));
}

// Linux counts in hundredths of a second and in pages of 4 KiB.
const tickMs = 10;
const pagesPerMiB = 256;

function usageOf(pid: number): Usage | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is a name in parentheses that may itself hold spaces and parentheses.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return {
      cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs,
      memoryMiB: Number(fields[21]) / pagesPerMiB,
    };
  } catch (error) {
    // It has ended, or this system has no such files.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
