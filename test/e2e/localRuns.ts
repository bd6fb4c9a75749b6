import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { RunId } from "../../src/core/run/ids.ts";
import type { RunChoice, RunPlan } from "../../src/core/run/plan.ts";
import { planRun } from "../../src/core/run/planRun.ts";
import { reduceRun, type RunEvent, type RunView } from "../../src/core/run/run.ts";
import { openLocalEngine, type LocalEngine } from "../../src/local/localEngine.ts";
import { bundleScenario, openScenario } from "../../src/local/scenarioFiles.ts";
import type { Pace } from "../../src/fleet/ports.ts";
import { makePlan, makeRun } from "../fleet/records.ts";
import type { DriverScript } from "../agent/scriptedDriver.ts";

const repository = fileURLToPath(new URL("../../", import.meta.url));
const programs = join(repository, ".cache", "e2e");
export const scriptedAgentPath = join(programs, "scriptedAgent.mjs");
export const agentPath = join(programs, "agent.mjs");
export const runnerPath = join(programs, "runner.mjs");

/** Bundles the programs of a local run, as the product has them, and the agent whose driver follows a script. */
export async function buildPrograms(): Promise<void> {
  const require =
    'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);';
  await build({
    absWorkingDir: repository,
    entryPoints: {
      agent: "src/agent/main.ts",
      runner: "src/local/runner.ts",
      scriptedAgent: fileURLToPath(new URL("./scriptedAgent.ts", import.meta.url)),
    },
    outdir: programs,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    banner: { js: require },
    logLevel: "warning",
  });
}

/** An engine over a folder of its own, which runs agents in real processes. */
export class LocalRuns implements AsyncDisposable {
  readonly root: string;
  readonly engine: LocalEngine;
  readonly signal = new AbortController().signal;

  private constructor(root: string, agent: string, pace: Partial<Pace>) {
    this.root = root;
    this.engine = openLocalEngine({ root, runnerPath, agentPath: agent, pace });
  }

  /** @param agent program of the agents; default: the one that follows scripts */
  static async open(pace: Partial<Pace> = {}, agent: string = scriptedAgentPath): Promise<LocalRuns> {
    return new LocalRuns(await mkdtemp(join(tmpdir(), "loadfleet-runs-")), agent, pace);
  }

  /** Starts a run of a scenario file. */
  async startFile(path: string, choice: Omit<RunChoice, "engine">): Promise<RunId> {
    const opened = openScenario(path, repository);
    if (opened.scenario === undefined) throw new Error(JSON.stringify(opened.problems));
    const { bundle, contents } = await bundleScenario(opened, opened.scenario);
    const { plan, problems } = planRun(opened.scenario, { engine: "local", ...choice }, bundle);
    if (plan === undefined) throw new Error(JSON.stringify(problems));
    return this.engine.start(plan, contents, makeRun().origin, this.signal);
  }

  /** Starts a run whose task n does what script n says, the last for all others. */
  start(scripts: readonly DriverScript[], changes: Partial<RunPlan> = {}): Promise<RunId> {
    const tasks = changes.tasks ?? 3;
    const scriptOf = (task: number): DriverScript => scripts[Math.min(task, scripts.length - 1)] ?? {};
    const environment = Object.fromEntries(
      Array.from({ length: tasks }, (_, task) => [`TASK_${task}`, JSON.stringify(scriptOf(task))]),
    );
    return this.engine.start(makePlan({ tasks, environment, ...changes }), [], makeRun().origin, this.signal);
  }

  /** Follows a run to its end. */
  async watch(runId: RunId, onEvent?: (event: RunEvent, view: RunView) => Promise<void>): Promise<RunView> {
    let view: RunView | undefined;
    for await (const event of this.engine.watch(runId, this.signal)) {
      view = reduceRun(view, event);
      if (view !== undefined) await onEvent?.(event, view);
    }
    if (view === undefined) throw new Error(`There was nothing to see of run ${runId}.`);
    return view;
  }

  /** Waits until the run's record fulfils a condition. */
  async until(runId: RunId, condition: (view: RunView) => boolean): Promise<RunView> {
    let view: RunView | undefined;
    for await (const event of this.engine.watch(runId, this.signal)) {
      view = reduceRun(view, event);
      if (view !== undefined && condition(view)) return view;
    }
    throw new Error(`Run ${runId} ended before the condition was met.`);
  }

  /** Process id of a task's agent. */
  async agentPid(runId: RunId, task: number): Promise<number> {
    return this.#pid(join(this.root, "runs", runId, "agents", `${task}-1.json`));
  }

  async runnerPid(runId: RunId): Promise<number> {
    return this.#pid(join(this.root, "runs", runId, "runner.json"));
  }

  async #pid(path: string): Promise<number> {
    return JSON.parse(await readFile(path, "utf8")).pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { items } = await this.engine.list({ limit: 100 }, this.signal);
    for (const run of items) {
      if (run.endedAtMs !== null) continue;
      await this.engine.stop(run.runId, "The test is over.", this.signal);
      await this.watch(run.runId);
    }
    await rm(this.root, { recursive: true, maxRetries: 5 });
  }
}

/** Waits until a process is gone, at most so long; false when it is still there. */
export async function isGoneWithin(pid: number, ms: number): Promise<boolean> {
  const untilMs = Date.now() + ms;
  while (Date.now() < untilMs) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
    if (stat === undefined || stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z")) return true;
    await wait(50);
  }
  return false;
}
