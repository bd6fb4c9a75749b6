import type { RunId } from "../../core/run/ids.ts";
import { reduceRun, type RunEvent, type RunView } from "../../core/run/run.ts";
import type { Engine } from "../../fleet/engine.ts";

/** Hears what happens to a run. */
export interface RunListener {
  /** An event with the view that it led to; a listener that comes late gets a snapshot first. */
  onEvent(event: RunEvent, view: RunView): void;
  /** The stream has ended: with the run, or because of an error. */
  onEnd(error: unknown): void;
}

/** Watches each run once, however many listen; a run that nobody listens to is no longer watched. */
export class RunFeeds {
  readonly #engine: Pick<Engine, "watch">;
  readonly #feeds = new Map<RunId, RunFeed>();

  constructor(engine: Pick<Engine, "watch">) {
    this.#engine = engine;
  }

  /** Listens until the answer is disposed; the run itself goes on. */
  follow(runId: RunId, listener: RunListener): { dispose(): void } {
    const feed = this.#feeds.get(runId) ?? this.#open(runId);
    feed.listeners.add(listener);
    const { view } = feed;
    if (view !== undefined) listener.onEvent({ kind: "snapshot", view }, view);
    return {
      dispose: () => {
        feed.listeners.delete(listener);
        if (feed.listeners.size === 0) this.#close(runId, feed);
      },
    };
  }

  /** Stops watching. */
  dispose(): void {
    for (const [runId, feed] of this.#feeds) this.#close(runId, feed);
  }

  #open(runId: RunId): RunFeed {
    const feed: RunFeed = { listeners: new Set(), view: undefined, watching: new AbortController() };
    this.#feeds.set(runId, feed);
    void this.#watch(runId, feed);
    return feed;
  }

  #close(runId: RunId, feed: RunFeed): void {
    feed.watching.abort();
    if (this.#feeds.get(runId) === feed) this.#feeds.delete(runId);
  }

  async #watch(runId: RunId, feed: RunFeed): Promise<void> {
    const { signal } = feed.watching;
    let failure: unknown;
    try {
      for await (const event of this.#engine.watch(runId, signal)) {
        feed.view = reduceRun(feed.view, event);
        if (feed.view === undefined || signal.aborted) continue;
        for (const listener of feed.listeners) listener.onEvent(event, feed.view);
      }
    } catch (error) {
      failure = error;
    }
    if (signal.aborted) return;
    // Whoever comes later asks anew.
    this.#feeds.delete(runId);
    for (const listener of feed.listeners) listener.onEnd(failure);
  }
}

interface RunFeed {
  readonly listeners: Set<RunListener>;
  readonly watching: AbortController;
  view: RunView | undefined;
}
