import type { RunId } from "../core/run/ids.ts";
import { isFinal, type LivePoint, type RunEvent, type RunRecord, type TaskRecord } from "../core/run/run.ts";
import type { LiveRecord } from "../core/run/wire.ts";
import { mergeLive } from "../core/results/live.ts";
import { findPlan } from "./plan.ts";
import type { Ports } from "./ports.ts";
import { findResult } from "./result.ts";

/** How far back a late task may still add to a point. */
const reopenedSeconds = 15;

/** Turns what a ledger says, look by look, into a snapshot and then what has changed. */
export class RunObserver {
  readonly #runId: RunId;
  readonly #ports: Pick<Ports, "ledger" | "store" | "gzip">;
  #run: RunRecord | undefined;
  #tasks: readonly TaskRecord[] = [];
  /** By first second, as text, so that a point that has not changed is not sent again. */
  readonly #points = new Map<number, string>();

  constructor(runId: RunId, ports: Pick<Ports, "ledger" | "store" | "gzip">) {
    this.#runId = runId;
    this.#ports = ports;
  }

  get hasEnded(): boolean {
    return this.#run !== undefined && isFinal(this.#run.status);
  }

  /** Looks once; the first look gives a snapshot. */
  async look(signal: AbortSignal): Promise<readonly RunEvent[]> {
    const { ledger, store } = this.#ports;
    const run = await ledger.getRun(this.#runId, signal);
    if (run === undefined) return [];
    const tasks = await ledger.listTasks(this.#runId, signal);
    const result = isFinal(run.status) ? ((await findResult(run, this.#ports, signal)) ?? null) : null;
    // The result of a run that ended before it was looked at knows more than its live figures, which may be many.
    const isOver = this.#run === undefined && result !== null;
    const points = isOver ? [] : await this.#changedPoints(tasks, signal);
    if (this.#run === undefined) {
      this.#remember(run, tasks);
      const plan = (await findPlan(this.#runId, store, signal)) ?? null;
      return [{ kind: "snapshot", view: { run, plan, tasks, points, result } }];
    }
    const events: RunEvent[] = [
      ...tasks.filter((task) => this.#isNews(task)).map((task) => ({ kind: "task" as const, task })),
      ...points.map((point) => ({ kind: "point" as const, point })),
      ...(result === null ? [] : [{ kind: "result" as const, result }]),
      // Last, so that whoever waits for the end has seen everything.
      ...(JSON.stringify(run) === JSON.stringify(this.#run) ? [] : [{ kind: "run" as const, run }]),
    ];
    this.#remember(run, tasks);
    return events;
  }

  #remember(run: RunRecord, tasks: readonly TaskRecord[]): void {
    this.#run = run;
    this.#tasks = tasks;
  }

  #isNews(task: TaskRecord): boolean {
    const known = this.#tasks.find((other) => other.task === task.task);
    return JSON.stringify(known) !== JSON.stringify(task);
  }

  async #changedPoints(tasks: readonly TaskRecord[], signal: AbortSignal): Promise<readonly LivePoint[]> {
    const identities = tasks.map(({ identity }) => identity).filter((identity) => identity !== null);
    const lastSecond = Math.max(0, ...this.#points.keys());
    const stored = await this.#ports.ledger.getLive(identities, Math.max(0, lastSecond - reopenedSeconds), signal);
    const changed = mergeLive(onePerSecond(stored)).filter(
      (point) => this.#points.get(point.second) !== JSON.stringify(point),
    );
    for (const point of changed) this.#points.set(point.second, JSON.stringify(point));
    for (const second of this.#points.keys()) if (second < lastSecond - reopenedSeconds) this.#points.delete(second);
    return changed;
  }
}

/** An agent that retried a write may have stored a record twice; the last one counts. */
function onePerSecond(
  stored: readonly { readonly identity: string; readonly record: LiveRecord }[],
): Iterable<LiveRecord> {
  return new Map(stored.map(({ identity, record }) => [`${identity} ${record.second}`, record])).values();
}
