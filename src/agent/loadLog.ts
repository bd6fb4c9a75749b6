import type { PlannedExecution, RunPlan, Share } from "../core/run/plan.ts";
import type { LiveRecord } from "../core/run/wire.ts";
import { formatCount, formatDuration, formatPercent, formatRate } from "../core/results/figures.ts";
import { targetsOf } from "../fleet/targets.ts";
import type { DriverReport, Interval } from "./driver.ts";
import type { UsagePeaks } from "./usage.ts";

const mostErrorKinds = 20;
const mostMessageLetters = 300;
const mostHosts = 5;
/** Seconds between two lines of progress, and after how many of these lines they become fewer. */
const progressSeconds = 30;
const oftenLines = 240;
const rarelySeconds = 300;

/** What a log speaks of. */
export interface LoggedLoad {
  readonly plan: RunPlan;
  readonly task: number;
  readonly share: Share;
  readonly startAtMs: number;
}

/** Tells a person who reads the log of a task how its load goes, in lines that stay few however long it is. */
export class LoadLog {
  readonly #load: LoggedLoad;
  readonly #write: (line: string) => void;
  readonly #kinds = new Set<string>();
  #phases: readonly Phase[];
  #sums = { count: 0, failed: 0 };
  #sinceProgress = { count: 0, failed: 0, fromSecond: 0 };
  #lines = 0;

  constructor(load: LoggedLoad, write: (line: string) => void) {
    this.#load = load;
    this.#write = write;
    this.#phases = phasesOf(load.plan.executions);
  }

  begin(): void {
    const { plan, task, share, startAtMs } = this.#load;
    const users = share.executions.reduce((sum, { users: own }) => sum + (own ?? 0), 0);
    const load = users === 0 ? "users as the script has them" : `up to ${plural(users, "user")}`;
    this.#write(
      `Task ${task}, one of ${plan.tasks}: driver ${plan.driver}, ${load}, target ${describeTarget(plan)}; ` +
        `the load begins at ${new Date(startAtMs).toISOString()}.`,
    );
  }

  add(interval: Interval, usage: LiveRecord["usage"]): void {
    const all = interval.labels.get("");
    const until = interval.second + 1;
    for (const sums of [this.#sums, this.#sinceProgress]) {
      sums.count += all?.count ?? 0;
      sums.failed += all?.failed ?? 0;
    }
    for (const { message, code } of all?.errors ?? []) this.#noteError(interval.second, message, code);
    this.#notePhases(until);
    const everySeconds = this.#lines < oftenLines ? progressSeconds : rarelySeconds;
    if (until - this.#sinceProgress.fromSecond >= everySeconds) this.#noteProgress(until, interval.users, usage);
  }

  stopAsked(reason: string): void {
    this.#write(`Asked to stop: ${reason}`);
  }

  end({ outcome, reason, labels, notes }: DriverReport, { cpuPeakRatio, memoryPeakMiB }: UsagePeaks): void {
    const { count, failed } = labels[""] ?? this.#sums;
    const why = reason === undefined ? "" : ` (${reason.replace(/\.$/, "")})`;
    this.#write(
      `The load has ${words[outcome]}${why}: ${plural(count, "request")}, ${plural(failed, "error")}; ` +
        `CPU up to ${formatPercent(cpuPeakRatio)} of a core, memory up to ${memoryPeakMiB} MiB.`,
    );
    for (const note of notes) this.#write(note);
  }

  #noteError(second: number, message: string, code: string): void {
    const kind = `${code} ${message}`;
    if (this.#kinds.has(kind) || this.#kinds.size > mostErrorKinds) return;
    this.#kinds.add(kind);
    if (this.#kinds.size > mostErrorKinds) return this.#write("There are more kinds of errors; they are not listed.");
    const oneLine = message.replaceAll(/\s+/g, " ").slice(0, mostMessageLetters);
    this.#write(`First error of its kind, in second ${second}: ${code === "" ? "" : `${code}: `}${oneLine}`);
  }

  #notePhases(until: number): void {
    for (const { atSecond, sentence } of this.#phases) if (atSecond <= until) this.#write(sentence);
    this.#phases = this.#phases.filter(({ atSecond }) => atSecond > until);
  }

  #noteProgress(until: number, users: number, usage: LiveRecord["usage"]): void {
    const { count, failed, fromSecond } = this.#sinceProgress;
    const used =
      usage === undefined ? "" : `, CPU ${formatPercent(usage.cpuRatio)} of a core, memory ${usage.memoryMiB} MiB`;
    this.#write(
      `${formatDuration(until * 1000)}: ${plural(users, "user")}, ${plural(this.#sums.count, "request")} ` +
        `(${formatRate(count / (until - fromSecond))} lately), ${plural(this.#sums.failed, "error")} (${formatCount(failed)} lately)${used}`,
    );
    this.#sinceProgress = { count: 0, failed: 0, fromSecond: until };
    this.#lines++;
  }
}

const words = { finished: "finished", stopped: "been stopped", failed: "failed" } as const;

interface Phase {
  readonly atSecond: number;
  readonly sentence: string;
}

/** What changes in the load, in order of time. */
function phasesOf(executions: readonly PlannedExecution[]): readonly Phase[] {
  const phases = executions.flatMap(({ scenario, delayMs, rampUpMs, holdForMs }): readonly Phase[] => {
    const steadyMs = delayMs + rampUpMs;
    const holds = holdForMs === null ? "goes on to its end" : `holds for ${formatDuration(holdForMs)}`;
    return [
      ...(delayMs > 0 ? [{ atSecond: delayMs / 1000, sentence: `"${scenario}" begins after its delay.` }] : []),
      ...(rampUpMs > 0
        ? [{ atSecond: steadyMs / 1000, sentence: `The ramp-up of "${scenario}" has ended; it ${holds}.` }]
        : []),
      ...(holdForMs === null || holdForMs === 0
        ? []
        : [{ atSecond: (steadyMs + holdForMs) / 1000, sentence: `The planned time of "${scenario}" is over.` }]),
    ];
  });
  return phases.toSorted((a, b) => a.atSecond - b.atSecond);
}

function describeTarget(plan: RunPlan): string {
  const hosts = [...targetsOf(plan).hosts];
  if (hosts.length === 0) return "known only to the script";
  const more = hosts.length > mostHosts ? ` and ${hosts.length - mostHosts} more` : "";
  return `${hosts.slice(0, mostHosts).join(", ")}${more}`;
}

function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}
