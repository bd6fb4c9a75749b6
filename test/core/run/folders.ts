import { readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { planRun } from "../../../src/core/run/planRun.ts";
import type { RunChoice, RunPlan } from "../../../src/core/run/plan.ts";
import { listBundle } from "../../../src/core/scenario/bundle.ts";
import type { Scenario } from "../../../src/core/scenario/model.ts";
import type { Problem } from "../../../src/core/scenario/problem.ts";
import { readJmxScenario } from "../../../src/core/scenario/jmx.ts";
import { readScenario } from "../../../src/core/scenario/readScenario.ts";

/** A scenario's way from its text to a plan, as every front end goes it. */
export interface Prepared {
  readonly scenario: Scenario | undefined;
  readonly plan: RunPlan | undefined;
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
}

/** Reads, checks, bundles and plans a scenario file. */
export function prepare(path: string, choice: RunChoice = { engine: "local" }): Prepared {
  const folder = dirname(path);
  const sizeOf = (file: string) => statSync(join(folder, file), { throwIfNoEntry: false })?.size;
  const files = {
    exists: (file: string) => sizeOf(file) !== undefined,
    size: sizeOf,
    readText: (file: string) => (sizeOf(file) === undefined ? undefined : readFileSync(join(folder, file), "utf8")),
  };
  const read = path.endsWith(".jmx") ? readJmxScenario : readScenario;
  const { scenario, problems } = read(basename(path), readFileSync(path, "utf8"), files);
  if (scenario === undefined) return { scenario, plan: undefined, paths: [], problems };
  const bundle = listBundle(scenario, files);
  const planned = planRun(scenario, choice, { files: [], sha256: "" });
  return {
    scenario,
    plan: planned.plan,
    paths: bundle.paths,
    problems: [...problems, ...bundle.problems, ...planned.problems],
  };
}
