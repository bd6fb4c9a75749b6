import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { lateLoopMs, loopResolutionMs } from "../core/results/health.ts";
import { histogramLabelsOf } from "../core/results/liveRecord.ts";
import type { RunPlan, Share } from "../core/run/plan.ts";
import type { LabelFigures } from "../core/run/wire.ts";
import { makeConnector } from "./http/connections.ts";
import { ExecutionRun } from "./load/execution.ts";
import { type CompiledScenario, compileScenario, type GeneratorJob } from "./load/compiledScenario.ts";
import { Recorder, type Second } from "./load/recorder.ts";

/** When and how much of the load this process generates. */
export interface LoadStart {
  readonly share: Share;
  /** Epoch ms at which the load begins. */
  readonly startAtMs: number;
}

/** What was measured when the load has ended. */
export interface LoadReport {
  readonly outcome: "finished" | "stopped";
  readonly startedAtMs: number;
  readonly firstSampleAtMs: number | null;
  readonly lastSampleAtMs: number | null;
  readonly latencyFrom: "send" | "intended-start";
  readonly notes: readonly string[];
  readonly maxUsers: number;
  readonly labels: Readonly<Record<string, LabelFigures>>;
}

/** Generates one task's load of a plan inside this process. */
export class Generator {
  readonly #plan: RunPlan;
  readonly #compiled: CompiledScenario;

  private constructor(plan: RunPlan, compiled: CompiledScenario) {
    this.#plan = plan;
    this.#compiled = compiled;
  }

  /**
   * Compiles the scenario and reads its files.
   * @throws {UserError} `unsupported` when part of the plan is beyond the generator, or when a file cannot be read
   */
  static async prepare(job: GeneratorJob, signal: AbortSignal): Promise<Generator> {
    const compiled = await compileScenario(job, signal);
    return new Generator(job.plan, compiled);
  }

  /** Waits for the start instant and runs the load to its end; aborting `stop` ends it at once, with its figures. */
  async run(
    { share, startAtMs }: LoadStart,
    onSecond: (second: Second) => void,
    stop: AbortSignal,
  ): Promise<LoadReport> {
    const startMs = performance.now() + startAtMs - Date.now();
    const epochMs = startAtMs - startMs;
    const recorder = new Recorder({ startMs, histogramLabels: histogramLabelsOf(this.#plan), onSecond });
    if (this.#plan.splitsData) this.#compiled.splitData(share.index, share.of);
    await waitUntil(startMs, stop);
    const startedAtMs = performance.now() + epochMs;
    using loop = watchLoop();
    const executions = await this.#runExecutions({ share, startMs, recorder, stop });
    recorder.finish(performance.now());
    const { span } = recorder;
    const lateNote = loop.note();
    return {
      outcome: stop.aborted ? "stopped" : "finished",
      startedAtMs,
      firstSampleAtMs: span === undefined ? null : span.firstMs + epochMs,
      lastSampleAtMs: span === undefined ? null : span.lastMs + epochMs,
      latencyFrom: executions.some(({ isOpen }) => isOpen) ? "intended-start" : "send",
      notes: [...executions.map(({ rateNote }) => rateNote), lateNote].filter((note) => note !== undefined),
      maxUsers: recorder.maxUsers,
      labels: recorder.figures(),
    };
  }

  async #runExecutions(run: RunContext): Promise<readonly ExecutionRun[]> {
    const { share, startMs, recorder, stop } = run;
    const { promise: ended, resolve: end } = Promise.withResolvers<undefined>();
    let open = this.#plan.executions.length;
    const executions: ExecutionRun[] = [];
    const endAll = (isAtOnce: boolean): void => {
      for (const execution of executions) {
        if (isAtOnce) execution.abort();
        else execution.wind();
      }
    };
    for (const [number, planned] of this.#plan.executions.entries()) {
      const own = share.executions[number];
      if (own === undefined) throw new Error(`The share has no execution ${String(number)}.`);
      const { program, feeds, variables, properties, tls, storesCookies } = this.#compiled.bodyOf(planned.scenario);
      const connector = makeConnector(tls);
      const crowd = {
        program,
        feeds,
        variables,
        properties,
        connector,
        storesCookies,
        recorder,
        endAll: (isAtOnce: boolean) => void setImmediate(endAll, isAtOnce),
        trace: undefined,
      };
      const onEnd = (): void => {
        if (--open === 0) end(undefined);
      };
      executions.push(new ExecutionRun({ plan: this.#plan, share, number, startMs, crowd, onEnd }, planned, own));
    }
    const abortAll = (): void => endAll(true);
    stop.addEventListener("abort", abortAll, { once: true });
    const clock = setInterval(() => recorder.advance(performance.now()), 250);
    try {
      for (const execution of executions) execution.start();
      if (stop.aborted) abortAll();
      if (open > 0) await ended;
    } finally {
      clearInterval(clock);
      stop.removeEventListener("abort", abortAll);
    }
    return executions;
  }
}

interface RunContext {
  readonly share: Share;
  readonly startMs: number;
  readonly recorder: Recorder;
  readonly stop: AbortSignal;
}

async function waitUntil(atMs: number, stop: AbortSignal): Promise<void> {
  const waitMs = atMs - performance.now();
  if (waitMs <= 0 || stop.aborted) return;
  await delay(waitMs, undefined, { signal: stop }).catch((error: unknown) => {
    if (!stop.aborted) throw error;
  });
}

function watchLoop(): Disposable & { note(): string | undefined } {
  const delays = monitorEventLoopDelay({ resolution: loopResolutionMs });
  delays.enable();
  return {
    note() {
      const lateMs = delays.percentile(99) / 1e6 - loopResolutionMs;
      if (lateMs <= lateLoopMs) return undefined;
      return (
        `The generator was late: one in a hundred turns of its event loop took over ${lateMs.toFixed(0)} ms, ` +
        "so that response times may be those of this machine. Use more tasks or fewer users per task."
      );
    },
    [Symbol.dispose]: () => void delays.disable(),
  };
}
