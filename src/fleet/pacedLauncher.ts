import type { Clock } from "../core/async.ts";
import type { RunId } from "../core/run/ids.ts";
import type { LaunchedTask, Launcher } from "./ports.ts";

interface Listing {
  readonly atMs: number;
  /** Ids that were asked for, whether or not anything was found. */
  readonly asked: Set<string>;
  readonly tasks: Map<string, LaunchedTask>;
}

/**
 * A launcher whose answers about tasks serve again for a while: agents report by themselves, and asking what runs them
 * costs calls that the whole account shares.
 */
export class PacedLauncher implements Launcher {
  readonly #launcher: Launcher;
  readonly #listMsOf: (tasks: number) => number;
  readonly #clock: Pick<Clock, "now">;
  readonly #listings = new Map<RunId, Listing>();

  /** @param listMsOf for how many ms an answer about that many tasks serves again */
  constructor(launcher: Launcher, listMsOf: (tasks: number) => number, clock: Pick<Clock, "now">) {
    this.#launcher = launcher;
    this.#listMsOf = listMsOf;
    this.#clock = clock;
  }

  async launch(runId: RunId, task: number, attempt: number, signal: AbortSignal): Promise<LaunchedTask> {
    const launched = await this.#launcher.launch(runId, task, attempt, signal);
    const listing = this.#listings.get(runId);
    listing?.asked.add(launched.launcherId);
    listing?.tasks.set(launched.launcherId, launched);
    return launched;
  }

  async list(runId: RunId, signal: AbortSignal, launcherIds?: readonly string[]): Promise<readonly LaunchedTask[]> {
    // Who asks for all of them wants to end them, and must not miss one.
    if (launcherIds === undefined) return this.#launcher.list(runId, signal);
    const known = this.#listings.get(runId);
    const isRecent = known !== undefined && this.#clock.now() - known.atMs < this.#listMsOf(launcherIds.length);
    if (isRecent && launcherIds.every((id) => known.asked.has(id))) return [...known.tasks.values()];
    const tasks = await this.#launcher.list(runId, signal, launcherIds);
    this.#listings.set(runId, {
      atMs: this.#clock.now(),
      asked: new Set(launcherIds),
      tasks: new Map(tasks.map((task) => [task.launcherId, task])),
    });
    return tasks;
  }

  async kill(runId: RunId, task: LaunchedTask, signal: AbortSignal): Promise<void> {
    this.#listings.delete(runId);
    await this.#launcher.kill(runId, task, signal);
  }
}
