import type { TaskReport } from "../run/wire.ts";
import { FigureSums } from "./figureSums.ts";
import type { ResultFigures } from "./result.ts";
import { SeriesMerger } from "./seriesMerge.ts";
import { decodeTaurusXml } from "./taurusXml.ts";

const mostNotes = 20;

/**
 * Merges the reports of a run's tasks, one at a time and in any order. Counts, sums, minima and maxima are exact (sums
 * are kept in whole µs), percentiles come from the merged histograms.
 */
export class ResultMerger {
  readonly series = new SeriesMerger();
  readonly #labels = new Map<string, FigureSums>();
  readonly #tasks = new Set<number>();
  readonly #notes = new Map<string, number[]>();
  readonly #versions = new Map<string, Set<string>>();
  #firstSampleAtMs: number | null = null;
  #lastSampleAtMs: number | null = null;
  #earliestStartMs = Infinity;
  #latestStartMs = -Infinity;
  #cpuPeakRatio = 0;
  #memoryPeakMiB = 0;
  #maxUsers = 0;
  #estimatedSpanMs = 0;
  #isFromIntendedStart = false;
  #isApproximate = false;

  /** Adds a decoded report; a second one of the same task is left out and noted. */
  addReport(report: TaskReport): void {
    if (!this.#claim(report.task)) return;
    for (const note of report.notes) this.#note(note, report.task);
    if (report.reason !== undefined) this.#note(report.reason, report.task);
    for (const [name, version] of Object.entries(report.driver.versions)) {
      this.#versions.set(name, (this.#versions.get(name) ?? new Set()).add(version));
    }
    this.#firstSampleAtMs = earlier(this.#firstSampleAtMs, report.firstSampleAtMs);
    this.#lastSampleAtMs = later(this.#lastSampleAtMs, report.lastSampleAtMs);
    this.#earliestStartMs = Math.min(this.#earliestStartMs, report.startedAtMs);
    this.#latestStartMs = Math.max(this.#latestStartMs, report.startedAtMs);
    this.#cpuPeakRatio = Math.max(this.#cpuPeakRatio, report.cpuPeakRatio);
    this.#memoryPeakMiB = Math.max(this.#memoryPeakMiB, report.memoryPeakMiB);
    this.#maxUsers += report.maxUsers;
    this.#isFromIntendedStart ||= report.latencyFrom === "intended-start";
    for (const [label, figures] of Object.entries(report.labels)) this.#sumsOf(label).add(figures);
  }

  /** Adds a task of which there is only Taurus' results.xml; answers a sentence when it cannot be read. */
  addTaurusXml(task: number, xml: string): string | undefined {
    const decoded = decodeTaurusXml(xml);
    if ("fault" in decoded) return decoded.fault;
    if (!this.#claim(task)) return undefined;
    this.#isApproximate = true;
    this.#estimatedSpanMs = Math.max(this.#estimatedSpanMs, decoded.spanMs);
    this.#maxUsers += decoded.users;
    for (const [label, figures] of decoded.labels) this.#sumsOf(label).add(figures);
    return undefined;
  }

  /** Adds a task's series; answers a sentence when it cannot be read. */
  addSeries(bytes: Uint8Array): string | undefined {
    return this.series.add(bytes);
  }

  toMerged(): MergedReports {
    const first = this.#firstSampleAtMs;
    const last = this.#lastSampleAtMs;
    const spanMs = Math.max(first === null || last === null ? 0 : last - first, this.#estimatedSpanMs);
    return {
      tasks: [...this.#tasks].toSorted((a, b) => a - b),
      firstSampleAtMs: first,
      lastSampleAtMs: last,
      spanMs,
      startSkewMs: Math.max(this.#latestStartMs - this.#earliestStartMs, 0),
      maxUsers: this.#maxUsers,
      latencyFrom: this.#isFromIntendedStart ? "intended-start" : "send",
      cpuPeakRatio: this.#cpuPeakRatio,
      memoryPeakMiB: this.#memoryPeakMiB,
      isApproximate: this.#isApproximate,
      versions: Object.fromEntries(
        [...this.#versions].map(([name, versions]) => [name, [...versions].toSorted().join(", ")]),
      ),
      notes: this.#mergedNotes(),
      labels: new Map(
        [...this.#labels]
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .map(([label, sums]) => [label, sums.toFigures(spanMs, this.#peakOf(label))]),
      ),
    };
  }

  #claim(task: number): boolean {
    if (this.#tasks.has(task)) this.#note("A second report was left out.", task);
    const isNew = !this.#tasks.has(task);
    this.#tasks.add(task);
    return isNew;
  }

  #note(note: string, task: number): void {
    const tasks = this.#notes.get(note);
    if (tasks === undefined) this.#notes.set(note, [task]);
    else tasks.push(task);
  }

  #mergedNotes(): readonly string[] {
    const all = [...this.#notes]
      .map(([note, tasks]) => ({ note, first: Math.min(...tasks), count: tasks.length }))
      .toSorted((a, b) => a.first - b.first || (a.note < b.note ? -1 : 1));
    const shown = all.slice(0, mostNotes).map(({ note, first, count }) => {
      if (count === 1) return this.#tasks.size === 1 ? note : `Task ${first}: ${note}`;
      return count === this.#tasks.size ? note : `${count} tasks: ${note}`;
    });
    return all.length > mostNotes
      ? [...shown, `There are ${all.length - mostNotes} more notes in the tasks' reports.`]
      : shown;
  }

  #sumsOf(label: string): FigureSums {
    let sums = this.#labels.get(label);
    if (sums === undefined) this.#labels.set(label, (sums = new FigureSums()));
    return sums;
  }

  #peakOf(label: string): number | null {
    const { labels, bucketSeconds } = this.series.buckets;
    const count = labels.get(label)?.columns.get("count");
    return count === undefined ? null : count.reduce((most, value) => Math.max(most, value), 0) / bucketSeconds;
  }
}

/** The merged figures of all reports that could be read. */
export interface MergedReports {
  /** Numbers of the tasks that reported. */
  readonly tasks: readonly number[];
  readonly firstSampleAtMs: number | null;
  readonly lastSampleAtMs: number | null;
  readonly spanMs: number;
  readonly startSkewMs: number;
  readonly maxUsers: number;
  readonly latencyFrom: "send" | "intended-start";
  readonly cpuPeakRatio: number;
  readonly memoryPeakMiB: number;
  readonly isApproximate: boolean;
  readonly versions: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  readonly labels: ReadonlyMap<string, ResultFigures>;
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
