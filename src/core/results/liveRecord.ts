import type { EngineName, RunPlan } from "../run/plan.ts";
import type { ErrorKind, LiveRecord } from "../run/wire.ts";
import { Histogram } from "./histogram.ts";
import type { Second } from "./series.ts";

type Figures = LiveRecord["labels"][string];

/** How much the live records of a run hold. */
export interface LiveBudget {
  /** Labels beside `""`. */
  readonly labels: number;
  /** Of a record as JSON. */
  readonly bytes: number;
}

/**
 * In AWS a record is an item of at most 1 KB. In a folder 20 labels with coarse histograms take 5 to 7 KB a second, which is
 * 70 to 100 MB for each task of a run of four hours.
 */
export const liveBudgets: Readonly<Record<EngineName, LiveBudget>> = {
  aws: { labels: 5, bytes: 1024 },
  local: { labels: 20, bytes: 8 * 1024 },
};

/** Tasks of a fleet that together write one record a second each; larger fleets add up several seconds. */
const mostRecordsPerSecond = 250;
const mostErrorKinds = 5;
const mostMessageLetters = 120;

/** Seconds that a live record of a fleet of so many tasks covers. */
export function liveWidthOf(tasks: number): number {
  return Math.max(1, Math.ceil(tasks / mostRecordsPerSecond));
}

/** Labels of a plan that its live records keep: those that stop the run, then those that are judged, then as the plan has them. */
export function liveLabelsOf(
  plan: Pick<RunPlan, "engine" | "criteria" | "seriesLabels" | "labels">,
): readonly string[] {
  const judged = plan.criteria.toSorted((a, b) => Number(b.stopsRun) - Number(a.stopsRun)).map(({ label }) => label);
  const all = new Set([...judged, ...plan.seriesLabels, ...plan.labels]);
  all.delete("");
  return [...all].slice(0, liveBudgets[plan.engine].labels);
}

/** Labels beside `""` of which a driver gives a histogram each second. */
export function histogramLabelsOf(
  plan: Pick<RunPlan, "engine" | "criteria" | "seriesLabels" | "secondLabels" | "labels">,
): ReadonlySet<string> {
  // In AWS there is no room for more histograms than the series need anyway.
  const live = plan.engine === "local" ? liveLabelsOf(plan) : [];
  return new Set([...plan.seriesLabels, ...plan.secondLabels, ...live]);
}

/** What a record says beside the figures. */
export interface LiveContext {
  /** Most bytes as JSON; 1 KB when absent. */
  readonly bytes?: number;
  readonly task?: number;
  /** Labels that the task has seen so far and does not keep. */
  readonly hidden?: number;
  readonly usage?: LiveRecord["usage"];
}

/** Ways to write a label, from the largest. */
interface Entry {
  readonly label: string;
  readonly fine: Figures;
  readonly coarse: Figures;
  readonly plain: Figures;
}

type Form = "fine" | "coarse" | "plain";

/**
 * Puts neighbouring seconds of a task into one live record: when it would grow too large histograms get coarser, then
 * those of single labels go from the last, then labels from the last, and kinds of errors take what room is left.
 * @param labels labels to keep beside `""`, the most important first
 */
export function makeLiveRecord(
  intervals: readonly Second[],
  labels: readonly string[],
  context: LiveContext = {},
): LiveRecord {
  const { bytes = liveBudgets.aws.bytes, task, hidden = 0, usage } = context;
  const first = intervals[0]?.second ?? 0;
  const last = intervals.at(-1)?.second ?? first;
  const head = {
    second: first,
    seconds: last - first + 1,
    users: Math.max(0, ...intervals.map(({ users }) => users)),
    ...(task === undefined ? {} : { task }),
    ...(usage === undefined ? {} : { usage }),
  };
  // One that is kept but had no samples is told from one that is left out.
  const names = [...new Set(labels)].filter((label) => label !== "");
  const entries = names.map((label) => entryOf(intervals, label)).filter(({ plain }) => plain.count > 0 || hidden > 0);
  const all = entryOf(intervals, "");
  const room = bytes - sizeOf({ ...head, hidden: hidden + entries.length, labels: {} });
  const chosen = choose(all, entries, room);
  const notShown = hidden + entries.length - (chosen.length - 1);
  const record = {
    ...head,
    ...(notShown > 0 ? { hidden: notShown } : {}),
    labels: Object.fromEntries(chosen.filter(([label, { count }]) => label !== "" || count > 0)),
  };
  const errors = fitErrors(sumErrors(intervals), bytes - sizeOf(record) - ',"errors":[]'.length);
  return errors.length === 0 ? record : { ...record, errors };
}

function choose(all: Entry, labels: readonly Entry[], room: number): readonly (readonly [string, Figures])[] {
  const write = (forms: readonly Form[]): readonly (readonly [string, Figures])[] =>
    [all, ...labels].slice(0, forms.length).map((entry, at) => [entry.label, entry[forms[at] ?? "plain"]]);
  const fits = (forms: readonly Form[]): boolean =>
    write(forms).reduce((sum, [label, figures]) => sum + sizeOf(label) + sizeOf(figures) + 2, 0) <= room;
  for (const form of ["fine", "coarse"] as const) {
    const forms = [form, ...labels.map(() => form)];
    if (fits(forms)) return write(forms);
  }
  let forms: readonly Form[] = ["coarse", ...labels.map(() => "plain" as const)];
  while (forms.length > 1 && !fits(forms)) forms = forms.slice(0, -1);
  for (let at = 1; at < forms.length && fits(forms.with(at, "coarse")); at++) forms = forms.with(at, "coarse");
  const hasRoom = !forms.includes("coarse", 1) && fits(forms.with(0, "fine"));
  return write(hasRoom ? forms.with(0, "fine") : forms);
}

function entryOf(intervals: readonly Second[], label: string): Entry {
  const sums = { count: 0, failed: 0, bytes: 0, sumMs: 0 };
  const histograms: Histogram[] = [];
  let isWhole = true;
  for (const interval of intervals) {
    const figures = interval.labels.get(label);
    if (figures === undefined) continue;
    sums.count += figures.count;
    sums.failed += figures.failed;
    sums.bytes += figures.bytes;
    sums.sumMs += figures.sumMs;
    if (figures.histogram !== undefined) histograms.push(figures.histogram);
    else if (figures.count > 0) isWhole = false;
  }
  const plain = { ...sums, sumMs: Math.round(sums.sumMs * 1000) / 1000 };
  const [first] = histograms;
  // Percentiles of some of the samples would be no percentiles of all.
  if (!isWhole || first === undefined || sums.count === 0) return { label, fine: plain, coarse: plain, plain };
  const fine = new Histogram(first.unit, { digits: 2 });
  for (const histogram of histograms) fine.add(histogram);
  const coarse = new Histogram(first.unit, { digits: 1 });
  coarse.add(fine);
  return {
    label,
    fine: { ...plain, histogram: fine.toWire() },
    coarse: { ...plain, histogram: coarse.toWire() },
    plain,
  };
}

function sumErrors(intervals: readonly Second[]): readonly ErrorKind[] {
  const kinds = intervals.flatMap(({ labels }) => labels.get("")?.errors ?? []);
  return mergeErrors(kinds.map((kind) => ({ ...kind, message: kind.message.slice(0, mostMessageLetters) })));
}

/** Adds up errors of the same kind, the most frequent first. */
export function mergeErrors(errors: readonly ErrorKind[]): readonly ErrorKind[] {
  const kinds = new Map<string, ErrorKind>();
  for (const error of errors) {
    const key = `${error.code} ${error.message}`;
    kinds.set(key, { ...error, count: (kinds.get(key)?.count ?? 0) + error.count });
  }
  return [...kinds.values()].toSorted((a, b) => b.count - a.count);
}

function fitErrors(errors: readonly ErrorKind[], room: number): ErrorKind[] {
  const kept: ErrorKind[] = [];
  let left = room;
  for (const error of errors.slice(0, mostErrorKinds)) {
    left -= sizeOf(error) + 1;
    if (left < 0) break;
    kept.push(error);
  }
  return kept;
}

function sizeOf(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}
