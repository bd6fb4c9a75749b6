import { readdirSync, readFileSync } from "node:fs";

const tickSeconds = 0.01;

/** A process as /proc tells it. */
interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly cpuSeconds: number;
}

/** Follows a process with all that it started: the CPU time from then on, and the most memory that they held together. */
export class ProcessTree {
  /** Most of the sum of all processes' own memory (PSS). */
  memoryMiB = 0;
  readonly #root: number;
  readonly #begun: ReadonlyMap<number, number>;
  /** What ended processes had used stays counted. */
  readonly #used = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;

  private constructor(root: number, everyMs: number) {
    this.#root = root;
    this.#begun = new Map(this.#processes().map(({ pid, cpuSeconds }) => [pid, cpuSeconds]));
    this.#timer = setInterval(() => this.#sample(), everyMs);
  }

  static follow(root: number, everyMs: number): ProcessTree {
    return new ProcessTree(root, everyMs);
  }

  get cpuSeconds(): number {
    return [...this.#used].reduce((sum, [pid, used]) => sum + used - (this.#begun.get(pid) ?? 0), 0);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #sample(): void {
    let memory = 0;
    for (const { pid, cpuSeconds } of this.#processes()) {
      this.#used.set(pid, cpuSeconds);
      memory += memoryOf(pid);
    }
    this.memoryMiB = Math.max(this.memoryMiB, memory);
  }

  #processes(): readonly Process[] {
    const all = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : []));
    const own = new Set([this.#root]);
    // A parent has the smaller number unless the numbers began anew; two passes are enough for both.
    for (const { pid, parent } of [...all, ...all]) if (own.has(parent)) own.add(pid);
    return all.filter(({ pid }) => own.has(pid));
  }
}

function readProcess(pid: number): Process | undefined {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The second field is a name in parentheses that may itself hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { pid, parent: Number(fields[1]), cpuSeconds: ticks * tickSeconds };
}

function memoryOf(pid: number): number {
  const [, kilobytes = "0"] = /^Pss:\s+(\d+)/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? "") ?? [];
  return Number(kilobytes) / 1024;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    // It has ended meanwhile.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
