import { describe, expect, it } from "vitest";
import { reduceRun, type RunEvent, type RunView } from "../../../src/core/run/run.ts";
import type { LiveRecord } from "../../../src/core/run/wire.ts";
import { makeTask, runIdOf } from "../../fleet/records.ts";
import { ApiClient, simpleTest } from "./client.ts";

const { signal } = new AbortController();
const live = (second: number, count: number): LiveRecord => ({
  second,
  seconds: 1,
  users: 5,
  labels: { "": { count, failed: 0, bytes: 100, sumMs: count * 10 } },
});

interface Answered {
  readonly events: readonly RunEvent[];
  readonly next: string;
  readonly isEnded: boolean;
}

async function eventsOf(api: ApiClient, after?: string): Promise<Answered> {
  const [runId = runIdOf(0)] = api.started;
  const { status, body } = await api.ask(`GET /runs/${runId}/events`, after === undefined ? {} : { query: { after } });
  expect(status).toBe(200);
  return body as unknown as Answered;
}

/** Starts a run whose load began at once. */
async function running(): Promise<ApiClient> {
  const api = new ApiClient();
  await api.ask("POST /scenarios", { body: simpleTest });
  const { ledger } = api.ports;
  const run = await ledger.getRun(api.started[0] ?? runIdOf(0), signal);
  if (run === undefined) throw new Error("Nothing was started.");
  await ledger.advanceRun(run, { ...run, status: "running", startAtMs: api.now }, signal);
  const task = makeTask({ state: "running", identity: "a", launcherId: "1", changedAtMs: api.now });
  await ledger.putTask(run.runId, undefined, task, signal);
  return api;
}

describe("GET /runs/{runId}/events", () => {
  it("gives a snapshot, then what has changed, which together are the run as it is", async () => {
    const api = await running();
    const { ledger } = api.ports;
    await ledger.putLive("a", live(0, 10), signal);
    api.now += 20_000;
    const first = await eventsOf(api);
    expect(first.events).toMatchObject([
      {
        kind: "snapshot",
        view: {
          run: { status: "running" },
          plan: { tasks: 5 },
          tasks: [{ state: "running" }],
          points: [{ second: 0 }],
          result: null,
        },
      },
    ]);
    await ledger.putLive("a", live(1, 12), signal);
    api.now += 2000;
    const second = await eventsOf(api, first.next);
    expect(second).toMatchObject({ isEnded: false });
    await api.end("complete");
    const third = await eventsOf(api, second.next);
    expect(third.isEnded).toBe(true);
    expect(third.events.at(-1)).toMatchObject({ kind: "run", run: { status: "complete" } });
    let view: RunView | undefined;
    for (const event of [first, second, third].flatMap(({ events }) => events)) view = reduceRun(view, event);
    expect(view?.points.map(({ second: at, labels }) => [at, labels[""]?.count])).toEqual([
      [0, 10],
      [1, 12],
    ]);
  });

  it("does not send again what a client has seen long ago", async () => {
    const api = await running();
    for (let second = 0; second < 100; second++) await api.ports.ledger.putLive("a", live(second, 1), signal);
    api.now += 100_000;
    const first = await eventsOf(api);
    const second = await eventsOf(api, first.next);
    const points = second.events.flatMap((event) => (event.kind === "point" ? [event.point.second] : []));
    expect(Math.min(...points)).toBe(84);
    expect(second.events.filter(({ kind }) => kind !== "point")).toEqual([]);
  });

  it("begins a snapshot of a long run with its last quarter of an hour", async () => {
    const api = await running();
    for (const second of [0, 99, 100, 999]) await api.ports.ledger.putLive("a", live(second, 1), signal);
    api.now += 1_000_000;
    const { events } = await eventsOf(api);
    expect(events[0]).toMatchObject({ view: { points: [{ second: 100 }, { second: 999 }] } });
  });

  it("refuses what is no answer's `next`, and runs that there are not", async () => {
    const api = await running();
    const [runId = runIdOf(0)] = api.started;
    for (const after of ["5", "e30", "%%%"]) {
      expect((await api.ask(`GET /runs/${runId}/events`, { query: { after } })).status).toBe(400);
    }
    expect((await api.ask(`GET /runs/${runIdOf(99)}/events`)).body).toMatchObject({ code: "no-run", status: 404 });
    expect((await api.ask("GET /runs/..%2F5/events")).status).toBe(404);
  });
});
