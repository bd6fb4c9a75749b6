import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../../src/core/run/run.ts";
import { RunFeeds } from "../../../src/extension/runs/runFeeds.ts";
import { runningRun, runOf, viewOf } from "./samples.ts";

/** An engine whose events the test pushes; it counts how often it was asked to watch. */
function pushedEngine() {
  const events: RunEvent[] = [];
  let wake = Promise.withResolvers<void>();
  const state: { watches: number; signal: AbortSignal; end?: Error | "end" } = {
    watches: 0,
    signal: new AbortController().signal,
  };
  const push = async (event: RunEvent | "end" | Error): Promise<void> => {
    if (event instanceof Error || event === "end") state.end = event;
    else events.push(event);
    wake.resolve();
    wake = Promise.withResolvers();
    // The feed hands an event on within a few turns.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  async function* watch(_: unknown, signal: AbortSignal): AsyncIterable<RunEvent> {
    state.watches++;
    state.signal = signal;
    for (let at = 0; ; at++) {
      while (events[at] === undefined && state.end === undefined) await wake.promise;
      const event = events[at];
      if (event !== undefined) yield event;
      else if (state.end instanceof Error) throw state.end;
      else return;
    }
  }
  return { watch, push, state };
}

/** Notes what it hears. */
function listener() {
  const heard: string[] = [];
  return {
    heard,
    onEvent: (event: RunEvent, view: { readonly run: { readonly status: string } }) =>
      void heard.push(`${event.kind} ${view.run.status}`),
    onEnd: (error: unknown) => void heard.push(error instanceof Error ? error.message : "end"),
  };
}

describe("the feeds of runs", () => {
  const { runId } = runningRun;
  const snapshot: RunEvent = { kind: "snapshot", view: viewOf(runningRun) };
  const ended: RunEvent = { kind: "run", run: { ...runOf(9), runId } };

  it("watch a run once for all who listen, and give late ones a snapshot", async () => {
    const engine = pushedEngine();
    const feeds = new RunFeeds(engine);
    const [first, second] = [listener(), listener()];
    feeds.follow(runId, first);
    await engine.push(snapshot);
    feeds.follow(runId, second);
    await engine.push(ended);
    await engine.push("end");
    expect(first.heard).toEqual(["snapshot running", "run complete", "end"]);
    expect(second.heard).toEqual(first.heard);
    expect(engine.state.watches).toBe(1);
  });

  it("stop watching when nobody listens", async () => {
    const engine = pushedEngine();
    const feeds = new RunFeeds(engine);
    const [first, second] = [listener(), listener()];
    const following = [feeds.follow(runId, first), feeds.follow(runId, second)];
    await engine.push(snapshot);
    following[0]?.dispose();
    expect(engine.state.signal.aborted).toBe(false);
    following[1]?.dispose();
    expect(engine.state.signal.aborted).toBe(true);
  });

  it("tell what went wrong", async () => {
    const engine = pushedEngine();
    const one = listener();
    new RunFeeds(engine).follow(runId, one);
    await engine.push(new Error("The ledger is gone."));
    expect(one.heard).toEqual(["The ledger is gone."]);
  });
});
