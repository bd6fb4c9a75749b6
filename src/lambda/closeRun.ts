import type { Clock } from "../core/async.ts";
import { isFinal } from "../core/run/run.ts";
import type { StepMessage } from "../core/stack/names.ts";
import type { SweepPorts } from "../fleet/sweep.ts";
import { executionReason, failureReason, type CloserEvent } from "./closerEvent.ts";
import { endRun, recordStopped, sweep, type ListAlive, type StoppedTask } from "./endRun.ts";
import type { Invocation, LogFields } from "./invocation.ts";
import { answer, type Message } from "./message.ts";
import { makeUsageMetrics, type UsageMetrics } from "./usageMetrics.ts";

/** What run-closer works with. */
export interface CloseParts {
  readonly ports: SweepPorts;
  readonly clock: Clock;
  readonly listAlive: ListAlive;
  /** Reads the task out of the detail of ECS' event; undefined when it is none of a run. */
  readonly readStopped: (detail: object) => StoppedTask | undefined;
  /** Where operational metrics go; undefined: nowhere. */
  readonly usage:
    { readonly uuid: string; readonly send: (metrics: UsageMetrics) => Promise<string | undefined> } | undefined;
}

/** What run-closer did; the state machine gets the message, the log the rest. */
export interface Closed {
  readonly message: StepMessage | undefined;
  readonly log: LogFields;
}

/** Work of run-closer: sees to it that a run is closed and that none of its tasks is left, whatever has happened. */
export async function closeRun(event: CloserEvent, parts: CloseParts, { signal }: Invocation): Promise<Closed> {
  const { ports, clock } = parts;
  switch (event.kind) {
    case "message":
      return closeMessage(event.message, parts, signal);
    case "task-stopped": {
      const stopped = parts.readStopped(event.detail);
      const isNews = stopped !== undefined && (await recordStopped(event.runId, stopped, clock.now(), ports, signal));
      return { message: undefined, log: { task: stopped?.launcherId, reason: stopped?.stopReason, recorded: isNews } };
    }
    case "execution-ended": {
      const run = await ports.ledger.getRun(event.runId, signal);
      if (run === undefined || isFinal(run.status)) return { message: undefined, log: { status: event.status } };
      const ending = await endRun(event.runId, executionReason(event.status), ports, clock, signal);
      return { message: undefined, log: { status: event.status, ending } };
    }
    case "sweep": {
      const { open, killed, failures } = await sweep(ports, parts.listAlive, clock, signal);
      return { message: undefined, log: { open, killed, failures: failures.join(" ") } };
    }
    case "foreign":
      return { message: undefined, log: {} };
  }
}

async function closeMessage(message: Message, parts: CloseParts, signal: AbortSignal): Promise<Closed> {
  const { ports, clock, usage } = parts;
  const { runId, error } = message;
  const before = await ports.ledger.getRun(runId, signal);
  const isOpen = before !== undefined && !isFinal(before.status);
  // On the usual way results-parser has closed the run.
  const reason = error === undefined ? "The state machine came to its end before the run did." : failureReason(error);
  const ending = isOpen || error !== undefined ? await endRun(runId, reason, ports, clock, signal) : "had ended";
  const run = await ports.ledger.getRun(runId, signal);
  const usageFailure = usage && run && (await usage.send(makeUsageMetrics(message, run, usage.uuid, clock.now())));
  const log = { ending, status: run?.status, ...(error === undefined ? {} : { reason }), usageFailure };
  return { message: answer(message, "end"), log };
}
