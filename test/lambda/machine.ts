import type { RunId } from "../../src/core/run/ids.ts";
import { UserError } from "../../src/core/errors.ts";
import { pricesOf } from "../../src/aws/prices.ts";
import { stepMessage } from "./messages.ts";
import type { Caps, StepMessage } from "../../src/core/stack/names.ts";
import type { Launcher } from "../../src/fleet/ports.ts";
import { closeRun, type CloseParts } from "../../src/lambda/closeRun.ts";
import { decodeCloserEvent } from "../../src/lambda/closerEvent.ts";
import { collectRun } from "../../src/lambda/collectRun.ts";
import { makeCompleteResult } from "../../src/lambda/completeResult.ts";
import type { Distribution } from "../../src/lambda/distributions.ts";
import { imageStep, type ImageSource } from "../../src/lambda/image.ts";
import type { Invocation } from "../../src/lambda/invocation.ts";
import { decodeMessage } from "../../src/lambda/message.ts";
import type { Tariff } from "../../src/fleet/spending.ts";
import { startRun } from "../../src/lambda/startRun.ts";
import type { UsageMetrics } from "../../src/lambda/usageMetrics.ts";
import { watchRun } from "../../src/lambda/watchRun.ts";
import type { Simulation } from "../fleet/simulation.ts";

export const noCaps: Caps = {
  mostTasks: null,
  longestRunMs: null,
  mostCostPerRunUsd: null,
  mostCostPerMonthUsd: null,
  allowedTargets: [],
};

const tariff: Tariff = {
  prices: pricesOf("us-east-1"),
  architecture: "arm64",
  hasPublicIp: true,
  longestRunMs: 60_000,
};

export type StateName =
  "ecr-checker" | "before" | "task-runner" | "task-status-checker" | "results-parser" | "run-closer";

/** A fault of an invocation: before its work, or after it, so that its answer is lost. */
export type Fault = (state: StateName, attempt: number) => "before" | "after" | undefined;

const mostAttempts = 4;
const { signal } = new AbortController();

/** The stack's functions over memory adapters and in virtual time, in the order in which the state machine calls them. */
export class Machine {
  readonly simulation: Simulation;
  image: ImageSource = {
    newestBuild: async () => undefined,
    images: async () => [{ tags: ["latest"], pushedAtMs: 1 }],
  };
  caps = noCaps;
  /** Time that an invocation has. */
  invocationMs = 100_000;
  fault: Fault = () => undefined;
  /** The execution is aborted by hand at this instant of virtual time. */
  abortAtMs = Infinity;
  readonly states: StateName[] = [];
  readonly put: { readonly atMs: number; readonly distributions: readonly Distribution[] }[] = [];
  readonly usage: UsageMetrics[] = [];
  readonly #attempts = new Map<StateName, number>();

  constructor(simulation: Simulation) {
    this.simulation = simulation;
    simulation.starter = { start: async () => undefined, isAlive: async () => this.isExecuting };
  }

  isExecuting = false;

  get ports() {
    const { ports, clock } = this.simulation;
    const completeResult = makeCompleteResult(ports, {
      tariff,
      clock,
      timesOf: async () => [],
      readMetrics: async () => [],
      onFailure: () => undefined,
    });
    return { ...ports, completeResult };
  }

  get closeParts(): CloseParts {
    const { simulation } = this;
    return {
      ports: this.ports,
      clock: simulation.clock,
      listAlive: async () => {
        const tasks = await simulation.launcher.list(simulation.runId, signal);
        return tasks.filter(({ isAlive }) => isAlive).map((task) => ({ runId: simulation.runId, task }));
      },
      readStopped: () => undefined,
      usage: {
        uuid: "3c7a",
        send: async (metrics) => {
          this.usage.push(metrics);
          return undefined;
        },
      },
    };
  }

  invocation(): Invocation {
    const { clock } = this.simulation;
    const endsAtMs = clock.now() + this.invocationMs;
    return { remainingMs: () => endsAtMs - clock.now(), signal };
  }

  /** Runs the execution of the submitted run to its end, and what EventBridge calls after it. */
  async execute(during?: () => Promise<void>): Promise<"SUCCEEDED" | "FAILED" | "ABORTED"> {
    this.isExecuting = true;
    const status = await this.simulation.clock.run(
      Promise.all([this.#execution(), during?.()]).then(([ended]) => ended),
    );
    this.isExecuting = false;
    return status;
  }

  /** What EventBridge tells run-closer of. */
  async tell(event: object): Promise<void> {
    await this.simulation.clock.run(closeRun(decodeCloserEvent(event), this.closeParts, this.invocation()));
  }

  async tellEnd(status: string): Promise<void> {
    await this.tell({
      source: "aws.states",
      "detail-type": "Step Functions Execution Status Change",
      detail: { name: this.simulation.runId, status },
    });
  }

  async #execution(): Promise<"SUCCEEDED" | "FAILED" | "ABORTED"> {
    let message: StepMessage = stepMessage(this.simulation.runId);
    let state: StateName = "ecr-checker";
    for (;;) {
      if (this.simulation.clock.now() >= this.abortAtMs) return "ABORTED";
      const outcome = await this.#invoke(state, state === "before" ? { ...message, phase: "before" } : message);
      if ("error" in outcome) {
        if (state === "run-closer") return "FAILED";
        await this.#invoke("run-closer", { ...message, error: outcome.error });
        return "FAILED";
      }
      if (state === "run-closer") return "SUCCEEDED";
      message = outcome.message;
      if (message.next === "wait") await this.simulation.clock.sleep((message.waitSeconds ?? 0) * 1000, signal);
      state = this.#following(state, message.next);
    }
  }

  #following(state: StateName, next: StepMessage["next"]): StateName {
    switch (next) {
      case "wait":
        return state;
      case "start":
        return state === "ecr-checker" ? "before" : "task-runner";
      case "watch":
        return "task-status-checker";
      case "collect":
      case "close":
        return "results-parser";
      case "end":
        return "run-closer";
      case undefined:
        throw new Error(`${state} answered without a next state.`);
    }
  }

  /** Invokes a function with the retries of the state machine. */
  async #invoke(
    state: StateName,
    input: StepMessage,
  ): Promise<{ readonly message: StepMessage } | { readonly error: NonNullable<StepMessage["error"]> }> {
    for (let retry = 1; ; retry++) {
      const attempt = (this.#attempts.get(state) ?? 0) + 1;
      this.#attempts.set(state, attempt);
      this.states.push(state);
      try {
        const fault = this.fault(state, attempt);
        if (fault === "before") throw new TypeError("Cannot read properties of undefined");
        // As Step Functions does, everything passes as JSON.
        const answer = JSON.parse(JSON.stringify(await this.#act(state, JSON.parse(JSON.stringify(input)))));
        if (fault === "after") throw new TypeError("Cannot read properties of undefined");
        return { message: answer };
      } catch (error) {
        const { name, message } = error instanceof Error ? error : new Error(String(error));
        if (error instanceof UserError || retry === mostAttempts) {
          const cause = { errorType: name, errorMessage: message, trace: [] };
          return { error: { Error: name, Cause: JSON.stringify(cause) } };
        }
        await this.simulation.clock.sleep(2000 * 2 ** (retry - 1), signal);
      }
    }
  }

  async #act(state: StateName, event: unknown): Promise<StepMessage | undefined> {
    const { ports } = this;
    const { clock } = this.simulation;
    const invocation = this.invocation();
    switch (state) {
      case "ecr-checker":
        return imageStep(decodeMessage(event), this.image, ports.ledger, clock.now(), signal);
      case "task-runner":
        return startRun(decodeMessage(event), { ports, caps: this.caps, tariff, clock }, invocation);
      case "before":
      case "task-status-checker":
        return watchRun(
          decodeMessage(event),
          {
            ports,
            clock,
            putDistributions: async (_testId, atMs, distributions) => void this.put.push({ atMs, distributions }),
            onMetricsFailure: () => undefined,
          },
          invocation,
        );
      case "results-parser":
        return collectRun(decodeMessage(event), { ports, clock }, invocation);
      case "run-closer":
        return (await closeRun(decodeCloserEvent(event), this.closeParts, invocation)).message;
    }
  }
}

/** A launcher that also knows a task of another run, which is there until it is killed. */
export function withTaskOf(otherRunId: RunId, launcher: Launcher): Launcher & { readonly isLeft: () => boolean } {
  let isAlive = true;
  const base = { task: 0, attempt: 1, launcherId: "other", identity: "other", stopReason: undefined };
  return {
    ...launcher,
    isLeft: () => isAlive,
    list: async (runId, ...rest) => (runId === otherRunId ? [{ ...base, isAlive }] : launcher.list(runId, ...rest)),
    kill: async (runId, ...rest) => {
      if (runId !== otherRunId) return launcher.kill(runId, ...rest);
      isAlive = false;
    },
  };
}
