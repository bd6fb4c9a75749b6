import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { ResultMerger } from "../../src/core/results/merge.ts";
import { decodeReport } from "../../src/core/results/report.ts";
import { writeReports, writeSeries, writeSkewedFleet, percentages, type Truth } from "./mergeInput.ts";

/** What a measured process prints as its last line. */
export interface Measurement {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  /** Merged figures of the labels whose truth is known: percentiles in µs, in the order of {@link percentages}. */
  readonly labels: Readonly<Record<string, Truth>>;
}

/** A chunk that holds most objects whole leaves less to collect. */
const unpacking = { maxOutputLength: 8 * 1024 ** 2, chunkSize: 2 * 1024 ** 2 };

function mergeOurs(folder: string, withSeries: string | undefined): Measurement["labels"] {
  const merger = new ResultMerger();
  for (const file of filesOf(folder, ".json.gz")) {
    const decoded = decodeReport(gunzipSync(readFileSync(file), unpacking));
    if ("fault" in decoded) throw new Error(`${file}: ${decoded.fault}`);
    merger.addReport(decoded.report);
  }
  for (const file of withSeries === undefined ? [] : filesOf(withSeries, ".json.gz")) {
    const fault = merger.addSeries(gunzipSync(readFileSync(file), unpacking));
    if (fault !== undefined) throw new Error(`${file}: ${fault}`);
  }
  const merged = merger.toMerged();
  if (withSeries !== undefined && merger.series.toResult()?.buckets !== 960)
    throw new Error("The series has lost buckets.");
  return Object.fromEntries(
    knownLabels(folder).map((label) => {
      const figures = merged.labels.get(label);
      if (figures === undefined) throw new Error(`The label ${label} is missing.`);
      const { p50, p90, p95, p99, p99_9 } = figures.percentilesMs;
      const percentilesUs = [p50, p90, p95, p99, p99_9].map((ms) => ms * 1000);
      const sumUs = Math.round(figures.meanMs * figures.count * 1000);
      return [
        label,
        { count: figures.count, sumUs, minUs: figures.minMs * 1000, maxUs: figures.maxMs * 1000, percentilesUs },
      ];
    }),
  );
}

/** The incumbent's way: each results.xml into a DOM, then the plain mean of every figure over the tasks. */
async function averageXml(folder: string): Promise<Measurement["labels"]> {
  const { DOMParser } = await import("@xmldom/xmldom");
  const sums = new Map<string, Map<string, number>>();
  const files = filesOf(folder, ".xml");
  for (const file of files) {
    const root = new DOMParser().parseFromString(readFileSync(file, "utf8"), "text/xml");
    for (const group of Array.from(root.getElementsByTagName("Group"))) {
      const label = group.getAttribute("label") ?? "";
      const figures = sums.get(label) ?? new Map<string, number>();
      sums.set(label, figures);
      for (const element of Array.from(group.childNodes)) {
        if (element.nodeType !== 1) continue;
        const [name, value] = Array.from(element.childNodes).filter((child) => child.nodeType === 1);
        const key = name?.textContent ?? "";
        figures.set(key, (figures.get(key) ?? 0) + Number(value?.textContent));
      }
    }
  }
  return Object.fromEntries(
    knownLabels(folder).map((label) => {
      const mean = (name: string): number => ((sums.get(label)?.get(name) ?? 0) / files.length) * 1e6;
      const count = sums.get(label)?.get("throughput") ?? 0;
      const percentilesUs = percentages.map((percentage) => mean(`perc/${percentage.toFixed(1)}`));
      return [
        label,
        { count, sumUs: mean("avg_rt") * count, minUs: mean("perc/0.0"), maxUs: mean("perc/100.0"), percentilesUs },
      ];
    }),
  );
}

function filesOf(folder: string, ending: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name));
}

function knownLabels(folder: string): readonly string[] {
  return Object.keys(JSON.parse(readFileSync(join(folder, "truth.json"), "utf8")));
}

const [task = "", folder = "", series] = process.argv.slice(2);
const work: Readonly<Record<string, () => Measurement["labels"] | void | Promise<Measurement["labels"]>>> = {
  "write-reports": () => writeReports(folder),
  "write-skewed": () => writeSkewedFleet(folder),
  "write-series": () => writeSeries(folder),
  merge: () => mergeOurs(folder, series),
  average: () => averageXml(folder),
};
const startedAt = performance.now();
const labels = (await work[task]?.()) ?? {};
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage();
const cpuSeconds = (user + system) / 1e6;
const measurement: Measurement = { seconds, cpuSeconds, peakMiB: process.resourceUsage().maxRSS / 1024, labels };
console.log(JSON.stringify(measurement));
