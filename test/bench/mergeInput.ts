import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Histogram } from "../../src/core/results/histogram.ts";
import { SeriesRecorder, type SecondFigures } from "../../src/core/results/series.ts";
import type { LabelFigures, TaskReport } from "../../src/core/run/wire.ts";
import { runIdOf } from "../fleet/records.ts";

/** Size of the generated fleet. */
const fleet = {
  tasks: 1000,
  labels: 100,
  samplesPerLabel: 300,
  seriesLabels: 20,
  seriesSeconds: 4 * 3600,
} as const;

/** Percentiles that are compared with those of the pooled samples. */
export const percentages = [50, 90, 95, 99, 99.9] as const;

/** What is exactly true of a label: all samples of all tasks, pooled. Times in µs. */
export interface Truth {
  readonly count: number;
  readonly sumUs: number;
  readonly minUs: number;
  readonly maxUs: number;
  readonly percentilesUs: readonly number[];
}

/** A generator of pseudo-random numbers in 0..1 (mulberry32), so that every run merges the same input. */
function makeRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A response time in µs: log-normal around the middle, as servers answer. */
function sampleUs(random: () => number, middleUs: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.max(1, Math.round(middleUs * Math.exp(0.5 * normal)));
}

function figuresOf(samples: Uint32Array): LabelFigures {
  const histogram = new Histogram("us");
  let sumUs = 0;
  let minUs = Infinity;
  let maxUs = 0;
  for (const us of samples) {
    histogram.record(us);
    sumUs += us;
    minUs = Math.min(minUs, us);
    maxUs = Math.max(maxUs, us);
  }
  const failed = Math.floor(samples.length / 100);
  return {
    count: samples.length,
    failed,
    aborted: 0,
    bytesIn: samples.length * 1234,
    bytesOut: samples.length * 321,
    sumMs: sumUs / 1000,
    minMs: minUs / 1000,
    maxMs: maxUs / 1000,
    connectSumMs: 12.5,
    latencySumMs: (sumUs / 1000) * 0.9,
    codes: { "200": samples.length - failed, "500": failed },
    errors: [{ message: "Internal Server Error", code: "500", count: failed }],
    histogram: histogram.toWire(),
  };
}

function reportOf(task: number, tasks: number, labels: Record<string, LabelFigures>): TaskReport {
  return {
    schema: "loadfleet.task.v1",
    runId: runIdOf(0),
    task,
    tasks,
    driver: { name: "embedded", versions: { loadfleet: "0.1.0", node: "24.21.0" } },
    startAtMs: 1_000_000,
    startedAtMs: 1_000_000 + (task % 40),
    endedAtMs: 1_600_000,
    firstSampleAtMs: 1_000_010,
    lastSampleAtMs: 1_599_990,
    outcome: "finished",
    latencyFrom: "send",
    notes: [],
    cpuPeakRatio: 0.4,
    memoryPeakMiB: 120,
    maxUsers: 50,
    labels,
  };
}

function truthOf(samples: Uint32Array): Truth {
  const sorted = samples.toSorted();
  let sumUs = 0;
  for (const us of sorted) sumUs += us;
  // Nearest rank; the small part keeps 99.9 % of a round number from becoming one more in floating point.
  const rank = (percentage: number): number => sorted[Math.ceil((percentage / 100) * sorted.length - 1e-6) - 1] ?? 0;
  return {
    count: sorted.length,
    sumUs,
    minUs: sorted[0] ?? 0,
    maxUs: sorted.at(-1) ?? 0,
    percentilesUs: percentages.map(rank),
  };
}

/** Taurus' results.xml of a task: seven percentiles per label. */
function xmlOf(labels: ReadonlyMap<string, Uint32Array>): string {
  const groups = [...labels].map(([label, samples]) => {
    const sorted = samples.toSorted();
    const at = (percentage: number): number =>
      (sorted[Math.max(Math.ceil((percentage / 100) * sorted.length), 1) - 1] ?? 0) / 1e6;
    const mean = sorted.reduce((sum, us) => sum + us, 0) / sorted.length / 1e6;
    const plain = {
      throughput: sorted.length,
      concurrency: 5,
      succ: sorted.length,
      fail: 0,
      avg_rt: mean,
      stdev_rt: 0.01,
      avg_lt: mean,
      avg_ct: 0.001,
      bytes: 1234 * sorted.length,
    };
    const values = Object.entries(plain).map(([name, value]) => element(name, name, value, ""));
    const levels = [0, 50, 90, 95, 99, 99.9, 100].map((level) => level.toFixed(1));
    const percentiles = levels.map((level) => element("perc", `perc/${level}`, at(Number(level)), ` param="${level}"`));
    return `  <Group label="${label}">\n${[...values, element("rc", "rc/200", sorted.length, ' param="200"'), ...percentiles].join("")}  </Group>\n`;
  });
  return `<?xml version='1.0' encoding='UTF-8'?>\n<FinalStatus>\n  <TestDuration>600.0</TestDuration>\n${groups.join("")}</FinalStatus>\n`;
}

function element(tag: string, name: string, value: number, attributes: string): string {
  const text = Number.isInteger(value) ? String(value) : value.toFixed(5);
  return `    <${tag} value="${text}"${attributes}>\n      <name>${name}</name>\n      <value>${text}</value>\n    </${tag}>\n`;
}

function writeTask(folder: string, task: number, labels: ReadonlyMap<string, Uint32Array>, tasks: number): void {
  const figures = Object.fromEntries([...labels].map(([label, samples]) => [label, figuresOf(samples)]));
  writeFileSync(
    join(folder, `task-${task}.json.gz`),
    gzipSync(JSON.stringify(reportOf(task, tasks, figures)), { level: 1 }),
  );
  writeFileSync(join(folder, `task-${task}.xml`), xmlOf(labels));
}

/** Writes the reports of the whole fleet, the same as results.xml, and what is exactly true of some labels. */
export function writeReports(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const random = makeRandom(42);
  const { tasks, samplesPerLabel } = fleet;
  const all = new Uint32Array(tasks * fleet.labels * samplesPerLabel);
  let written = 0;
  const checked = new Map<string, Uint32Array>();
  for (let label = 0; label < fleet.labels; label += 25)
    checked.set(`label ${label}`, new Uint32Array(tasks * samplesPerLabel));
  for (let task = 0; task < tasks; task++) {
    const labels = new Map<string, Uint32Array>();
    for (let label = 0; label < fleet.labels; label++) {
      const samples = Uint32Array.from({ length: samplesPerLabel }, () =>
        sampleUs(random, 5000 + 2000 * label + 20 * task),
      );
      labels.set(`label ${label}`, samples);
      all.set(samples, written);
      written += samples.length;
      checked.get(`label ${label}`)?.set(samples, task * samplesPerLabel);
    }
    labels.set("", all.slice(written - fleet.labels * samplesPerLabel, written));
    writeTask(folder, task, labels, tasks);
  }
  const truth = [
    ["", truthOf(all)] as const,
    ...[...checked].map(([label, samples]) => [label, truthOf(samples)] as const),
  ];
  writeFileSync(join(folder, "truth.json"), JSON.stringify(Object.fromEntries(truth)));
}

/** Writes a fleet of ten tasks, five near the target and five far from it that get fewer requests done. */
export function writeSkewedFleet(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const random = makeRandom(7);
  const parts: Uint32Array[] = [];
  for (let task = 0; task < 10; task++) {
    const isNear = task < 5;
    const samples = Uint32Array.from({ length: isNear ? 20_000 : 2_000 }, () =>
      sampleUs(random, isNear ? 20_000 : 200_000),
    );
    parts.push(samples);
    writeTask(folder, task, new Map([["", samples]]), 10);
  }
  const pooled = new Uint32Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    pooled.set(part, at);
    at += part.length;
  }
  writeFileSync(join(folder, "truth.json"), JSON.stringify({ "": truthOf(pooled) }));
}

/** Writes the series of a four-hour run; ten tasks differ, the others are copies of them. */
export function writeSeries(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const random = makeRandom(11);
  for (let task = 0; task < 10; task++) {
    const bytes = gzipSync(seriesOf(random), { level: 1 });
    for (let copy = task; copy < fleet.tasks; copy += 10) writeFileSync(join(folder, `series-${copy}.json.gz`), bytes);
  }
}

function seriesOf(random: () => number): Uint8Array {
  const labels = Array.from({ length: fleet.seriesLabels }, (_, label) => `label ${label}`);
  const plan = { seriesBucketSeconds: 15, labels, seriesLabels: labels.slice(0, 5), secondLabels: [], criteria: [] };
  const recorder = new SeriesRecorder(plan);
  for (let second = 0; second < fleet.seriesSeconds; second++) {
    const figures = new Map<string, SecondFigures>();
    figures.set("", secondOf(random, 20, 50_000, true));
    for (const [label, name] of labels.entries())
      figures.set(name, secondOf(random, label < 5 ? 10 : 1, 10_000 * (label + 1), label < 5));
    recorder.add({ second, users: 50, labels: figures });
  }
  return recorder.toBytes();
}

function secondOf(random: () => number, count: number, middleUs: number, hasHistogram: boolean): SecondFigures {
  const histogram = hasHistogram ? new Histogram("us", { digits: 2 }) : undefined;
  for (let sample = 0; sample < count; sample++) histogram?.record(sampleUs(random, middleUs));
  return { count, failed: 0, bytes: count * 1234, sumMs: (count * middleUs) / 1000, histogram };
}
