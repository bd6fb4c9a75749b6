import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { percentages, type Truth } from "./mergeInput.ts";
import type { Measurement } from "./mergeWork.ts";

/**
 * Measures the merge of a large fleet beside the incumbent's way (a DOM per results.xml, then plain means), each in a
 * process of its own whose peak memory is taken; input is written by other processes before. Prints medians.
 */
export async function benchMerge(rounds = 5): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "loadfleet-merge-"));
  try {
    const work = await bundleWork(folder);
    const at = (name: string): string => join(folder, name);
    work("write-reports", at("reports"));
    work("write-series", at("series"));
    work("write-skewed", at("skewed"));
    const ours: Measurement[] = [];
    const withSeries: Measurement[] = [];
    const baseline: Measurement[] = [];
    for (let round = 0; round < rounds; round++) {
      ours.push(work("merge", at("reports")));
      baseline.push(work("average", at("reports")));
      withSeries.push(work("merge", at("reports"), at("series")));
    }
    console.log(
      `Merge of 1,000 tasks × 100 labels, median of ${rounds} interleaved runs, Node ${process.versions.node}`,
    );
    console.table({
      "merge, without series (≤ 3 s, ≤ 200 MiB)": medianOf(ours),
      "merge, with the series of 4 hours (≤ 20 s, ≤ 250 MiB)": medianOf(withSeries),
      "incumbent's way: DOM and means": medianOf(baseline),
    });
    printErrors("Errors on the 1,000 tasks", at("reports"), { merge: ours[0], "incumbent's way": baseline[0] });
    const skewed = { merge: work("merge", at("skewed")), "incumbent's way": work("average", at("skewed")) };
    printErrors("Errors on a skewed fleet: 5 near tasks, 5 far ones", at("skewed"), skewed);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Work = (task: string, ...folders: readonly string[]) => Measurement;

/** The products ship bundled, so the memory of the type stripper is none of theirs. */
async function bundleWork(folder: string): Promise<Work> {
  const outfile = join(folder, "work.mjs");
  const entryPoints = [join(import.meta.dirname, "mergeWork.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  return (task, ...folders) => {
    const output = execFileSync(process.execPath, [outfile, task, ...folders], {
      encoding: "utf8",
      maxBuffer: 2 ** 24,
    });
    return JSON.parse(output);
  };
}

function medianOf(measurements: readonly Measurement[]): Readonly<Record<string, number>> {
  const median = (pick: (measurement: Measurement) => number): number => {
    const sorted = measurements.map(pick).toSorted((a, b) => a - b);
    return Number((sorted[Math.floor(sorted.length / 2)] ?? NaN).toFixed(2));
  };
  return {
    seconds: median(({ seconds }) => seconds),
    "CPU seconds": median(({ cpuSeconds }) => cpuSeconds),
    "peak MiB": median(({ peakMiB }) => peakMiB),
  };
}

/** Prints the largest error of each figure over the labels whose truth is known. */
function printErrors(title: string, folder: string, measured: Readonly<Record<string, Measurement | undefined>>): void {
  const truth: Readonly<Record<string, Truth>> = JSON.parse(readFileSync(join(folder, "truth.json"), "utf8"));
  console.log(title);
  console.table(
    Object.fromEntries(
      Object.entries(measured).map(([name, measurement]) => [name, worstErrors(truth, measurement?.labels ?? {})]),
    ),
  );
}

function worstErrors(
  truth: Readonly<Record<string, Truth>>,
  labels: Measurement["labels"],
): Readonly<Record<string, string>> {
  const worst = (pick: (figures: Truth) => number): string => {
    const errors = Object.entries(truth).map(([label, exact]) => {
      const figures = labels[label];
      return figures === undefined ? NaN : pick(figures) / pick(exact) - 1;
    });
    const largest = errors.reduce(
      (most, error) => (Math.abs(error) >= Math.abs(most) || Number.isNaN(error) ? error : most),
      0,
    );
    return largest === 0 ? "exact" : `${(100 * largest).toFixed(2)} %`;
  };
  return {
    count: worst(({ count }) => count),
    mean: worst(({ sumUs, count }) => sumUs / count),
    min: worst(({ minUs }) => minUs),
    max: worst(({ maxUs }) => maxUs),
    ...Object.fromEntries(
      percentages.map((percentage, at) => [`p${percentage}`, worst(({ percentilesUs }) => percentilesUs[at] ?? NaN)]),
    ),
  };
}

if (import.meta.main) await benchMerge(Number(process.argv[2] ?? 5));
