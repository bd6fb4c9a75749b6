import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { mkdirSync } from "node:fs";
import type { RunChoice, RunPlan } from "../../src/core/run/plan.ts";
import { planRun } from "../../src/core/run/planRun.ts";
import { shareOf } from "../../src/core/run/share.ts";
import { readScenario } from "../../src/core/scenario/readScenario.ts";
import { Generator, type LoadReport } from "../../src/generator/generator.ts";
import type { Second } from "../../src/generator/load/recorder.ts";

/** Files of a scenario by their paths. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** Reads YAML and plans its run; what is wrong with the text fails the test. */
export function planOf(yaml: string, files: Files = {}, choice: Partial<RunChoice> = {}): RunPlan {
  const { scenario, problems } = readScenario("test.loadtest.yml", yaml, {
    exists: (path) => path in files,
    size: (path) => files[path]?.length,
    readText: (path) => files[path]?.toString(),
  });
  const errors = problems.filter(({ severity }) => severity === "error");
  if (scenario === undefined || errors.length > 0) throw new Error(JSON.stringify(errors));
  const { plan, problems: planProblems } = planRun(
    scenario,
    { engine: "local", driver: "embedded", ...choice },
    { files: [], sha256: "" },
  );
  if (plan === undefined) throw new Error(JSON.stringify(planProblems));
  return plan;
}

/** What a run in this process came to. */
export interface TestRun {
  readonly report: LoadReport;
  readonly seconds: readonly Second[];
}

export interface RunOptions {
  readonly files?: Files;
  readonly environment?: Readonly<Record<string, string>>;
  readonly choice?: Partial<RunChoice>;
  readonly share?: { readonly index: number; readonly of: number };
  readonly stop?: AbortSignal;
  readonly onSecond?: (second: Second) => void;
}

/** Runs YAML with the embedded generator, its files in a folder of their own. */
export async function runYaml(yaml: string, options: RunOptions = {}): Promise<TestRun> {
  return runPlan(planOf(yaml, options.files, options.choice), options);
}

async function runPlan(plan: RunPlan, options: RunOptions = {}): Promise<TestRun> {
  using folder = openFolder(options.files ?? {});
  const { environment = {}, share: { index, of } = { index: 0, of: 1 } } = options;
  const generator = await Generator.prepare({ plan, folder: folder.path, environment }, AbortSignal.timeout(10_000));
  const seconds: Second[] = [];
  const onSecond = (second: Second): void => {
    seconds.push(second);
    options.onSecond?.(second);
  };
  const stop = options.stop ?? new AbortController().signal;
  const start = { share: shareOf(plan, index, of), startAtMs: Date.now() };
  return { report: await generator.run(start, onSecond, stop), seconds };
}

/** Writes files into a temporary folder that goes with the test. */
export function openFolder(files: Files): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "loadfleet-generator-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
