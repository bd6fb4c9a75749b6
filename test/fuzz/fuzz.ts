import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { planRun } from "../../src/core/run/planRun.ts";
import type { FileLookup } from "../../src/core/scenario/files.ts";
import { readJmxScenario } from "../../src/core/scenario/jmx.ts";
import { readScenario } from "../../src/core/scenario/readScenario.ts";
import { makeRandom, mutate } from "./mutate.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A mutant that broke the reader: by an exception, or by more than the allowed time. */
export interface Failure {
  readonly seed: number;
  readonly input: string;
  readonly reason: string;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** Longest hostile text, in characters. */
  readonly limit: number;
  /** Processor time that one mutant may take. */
  readonly maxMs: number;
}

export interface FuzzOutcome {
  readonly failures: readonly Failure[];
  readonly slowestMs: number;
  /** How many mutants gave a scenario, and how many a plan. */
  readonly scenarios: number;
  readonly plans: number;
}

/** Reads, checks and plans `count` mutants of all examples and fixtures; each has a seed of its own. */
export function fuzz({ seed, count, limit, maxMs }: FuzzOptions): FuzzOutcome {
  const corpus = readCorpus();
  const failures: Failure[] = [];
  let [slowestMs, scenarios, plans] = [0, 0, 0];
  for (let offset = 0; offset < count; offset++) {
    const random = makeRandom(seed + offset);
    const original = corpus[random(corpus.length)] ?? { text: "", isJmx: false };
    const input = mutate(original.text, random, limit);
    const isJmx = random(20) === 0 ? !original.isJmx : original.isJmx;
    const outcome = tryInput(input, isJmx);
    slowestMs = Math.max(slowestMs, outcome.ms);
    if (outcome.hasScenario) scenarios++;
    if (outcome.hasPlan) plans++;
    const reason = outcome.error ?? (outcome.ms > maxMs ? `took ${Math.round(outcome.ms)} ms` : undefined);
    if (reason !== undefined) failures.push({ seed: seed + offset, input, reason });
  }
  return { failures, slowestMs, scenarios, plans };
}

function readCorpus(): { readonly text: string; readonly isJmx: boolean }[] {
  const files = globSync(["examples/**/*.{yml,jmx}", "test/fixtures/{scenarios,examples}/**/*.{yml,yaml,json,jmx}"], {
    cwd: root,
  });
  return files
    .toSorted()
    .map((file) => ({ text: readFileSync(join(root, file), "utf8"), isJmx: file.endsWith(".jmx") }));
}

function tryInput(input: string, isJmx: boolean) {
  const files: FileLookup = {
    exists: (path) => path.length % 3 > 0,
    size: () => input.length,
    readText: () => input,
  };
  const before = process.cpuUsage();
  let hasScenario = false;
  let hasPlan = false;
  let error: string | undefined;
  try {
    const { scenario, problems } = isJmx
      ? readJmxScenario("mutant.jmx", input, files)
      : readScenario("mutant.yml", input, files);
    hasScenario = scenario !== undefined;
    // As everywhere, what has errors is not planned.
    if (scenario !== undefined && !problems.some(({ severity }) => severity === "error")) {
      hasPlan = planRun(scenario, { engine: "local" }, { files: [], sha256: "" }).plan !== undefined;
    }
  } catch (thrown) {
    error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  }
  // Processor time: other programs on the machine do not count.
  const { user, system } = process.cpuUsage(before);
  return { ms: (user + system) / 1000, hasScenario, hasPlan, error };
}
