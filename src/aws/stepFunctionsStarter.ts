import { DescribeExecutionCommand, StartExecutionCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { instantOfRunId, type RunId } from "../core/run/ids.ts";
import type { MessageOf } from "../fleet/guide.ts";
import type { Starter } from "../fleet/ports.ts";
import { explain, isNamed } from "./awsErrors.ts";

/** The state machine that drives runs, and what it is told of one. */
export interface StarterOptions {
  readonly client: SFNClient;
  readonly stateMachineArn: string;
  /** What the machine is told of a run. */
  readonly messageOf: MessageOf;
  /** The instant, in epoch ms. */
  readonly now?: () => number;
}

/** From the making of a run to the start of its execution, which may then take a moment to be seen. */
const startLimitMs = 120_000;

/** Drives runs with the stack's state machine: one execution per run, named by the run's id. */
export class StepFunctionsStarter implements Starter {
  readonly #options: StarterOptions;

  constructor(options: StarterOptions) {
    this.#options = options;
  }

  async start(runId: RunId, signal: AbortSignal): Promise<void> {
    const { client, stateMachineArn, messageOf } = this.#options;
    const input = JSON.stringify(await messageOf(runId, signal));
    const command = new StartExecutionCommand({ stateMachineArn, name: runId, input });
    try {
      await client.send(command, { abortSignal: signal });
    } catch (error) {
      // It was started before, and may even have ended since.
      if (isNamed(error, "ExecutionAlreadyExists")) return;
      await explain(`start the state machine for run ${runId}`, Promise.reject(error));
    }
  }

  async isAlive(runId: RunId, signal: AbortSignal): Promise<boolean> {
    const { client, now = Date.now } = this.#options;
    const command = new DescribeExecutionCommand({ executionArn: this.executionArn(runId) });
    try {
      const { status } = await client.send(command, { abortSignal: signal });
      return status === "RUNNING" || status === "PENDING_REDRIVE";
    } catch (error) {
      if (isNamed(error, "ExecutionDoesNotExist")) return now() - instantOfRunId(runId) < startLimitMs;
      return explain(`read the execution of run ${runId}`, Promise.reject(error));
    }
  }

  /** ARN of a run's execution. */
  executionArn(runId: RunId): string {
    return `${this.#options.stateMachineArn.replace(":stateMachine:", ":execution:")}:${runId}`;
  }
}
