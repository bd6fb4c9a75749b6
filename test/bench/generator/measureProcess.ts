import { writeFileSync } from "node:fs";
import { Histogram } from "../../../src/core/results/histogram.ts";
import { runYaml } from "../../generator/runs.ts";

/** Runs the YAML of its argument and prints `{count, seconds, notes, percentiles}`; times in ms. */
const { report } = await runYaml(process.argv[2] ?? "");
const all = report.labels[""];
if (all === undefined) throw new Error("Nothing was measured.");
const histogram = Histogram.fromWire(all.histogram);
const percentiles = Object.fromEntries([50, 90, 95, 99].map((rank) => [rank, histogram.percentile(rank) / 1000]));
const seconds = ((report.lastSampleAtMs ?? 0) - (report.firstSampleAtMs ?? 0)) / 1000;
writeFileSync(1, JSON.stringify({ count: all.count, failed: all.failed, seconds, notes: report.notes, percentiles }));
process.exit(0);
