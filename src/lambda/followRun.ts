import { UserError } from "../core/errors.ts";
import { mapConcurrent, type Clock } from "../core/async.ts";
import type { RunId, TestId } from "../core/run/ids.ts";
import { isFinal, type RunRecord } from "../core/run/run.ts";
import type { LaunchedTask, Ports, StepOutcome } from "../fleet/ports.ts";

/** A step of the fleet, and a clock for the wait between two of them. */
export type Step = (runId: RunId, now: number, ports: Ports, signal: AbortSignal) => Promise<StepOutcome>;

/** How long a loop of steps may go on. */
export interface LoopLimits {
  /** Until then it goes on, in ms of the clock; an invocation's own end comes later. */
  readonly untilMs: number;
  /** Called after each step. */
  readonly afterStep?: (now: number) => Promise<void>;
}

/** Repeats a step for as long as it asks for itself, or until time is up; answers what comes next. */
export async function repeatStep(
  name: StepOutcome["next"],
  step: Step,
  runId: RunId,
  ports: Ports,
  clock: Clock,
  { untilMs, afterStep }: LoopLimits,
  signal: AbortSignal,
): Promise<StepOutcome["next"]> {
  for (;;) {
    const { next, waitMs } = await step(runId, clock.now(), ports, signal);
    await afterStep?.(clock.now());
    if (next !== name || clock.now() + waitMs >= untilMs) return next;
    await clock.sleep(waitMs, signal);
    signal.throwIfAborted();
  }
}

/** How many runs of the test before this one may still have tasks that are on their way out. */
const formerRuns = 5;
const leaveLimitMs = 150_000;
const leavePollMs = 3000;

/**
 * Makes sure that no tasks of another run of the test are there. Those of a run that has ended are ended by force and
 * waited for; those of a run that is on refuse this one.
 * @throws {UserError} `test-running`, `tasks-left`
 */
export async function waitForFormerTasks(
  { testId, runId }: { readonly testId: TestId; readonly runId: RunId },
  ports: Ports,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const untilMs = clock.now() + leaveLimitMs;
  const { items } = await ports.ledger.listRuns({ testId, limit: formerRuns + 1 }, signal);
  for (let pending = items.filter((run) => run.runId !== runId); pending.length > 0;) {
    const found = await mapConcurrent(
      pending,
      formerRuns,
      async (run) => ({ run, alive: await aliveOf(run, ports, signal) }),
      signal,
    );
    const left = found.filter(({ alive }) => alive.length > 0);
    const [first] = left;
    if (first === undefined) return;
    const active = left.find(({ run }) => !isFinal(run.status));
    if (active !== undefined) throw testRunning(active.run, active.alive.length);
    if (clock.now() >= untilMs) throw tasksLeft(first.run, first.alive.length);
    for (const { run, alive } of left) for (const task of alive) await ports.launcher.kill(run.runId, task, signal);
    await clock.sleep(leavePollMs, signal);
    signal.throwIfAborted();
    pending = left.map(({ run }) => run);
  }
}

async function aliveOf(run: RunRecord, { launcher }: Ports, signal: AbortSignal): Promise<readonly LaunchedTask[]> {
  return (await launcher.list(run.runId, signal)).filter(({ isAlive }) => isAlive);
}

function countTasks(count: number): string {
  return count === 1 ? "one task" : `${count} tasks`;
}

function testRunning({ runId, name }: RunRecord, count: number): UserError {
  return new UserError(
    "test-running",
    `The test "${name}" is already running: run ${runId} has ${countTasks(count)}.`,
    {
      hint: `End it with "loadfleet stop ${runId} --on aws".`,
      kind: "run",
    },
  );
}

function tasksLeft({ runId, name }: RunRecord, count: number): UserError {
  const sentence = `The former run ${runId} of the test "${name}" still has ${countTasks(count)} that did not stop.`;
  return new UserError("tasks-left", sentence, {
    hint: "Stop them in the ECS console, then start the run again.",
    kind: "run",
  });
}
