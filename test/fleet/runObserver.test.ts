import { beforeEach, expect, test } from "vitest";
import type { RunEvent } from "../../src/core/run/run.ts";
import type { LiveRecord } from "../../src/core/run/wire.ts";
import { RunObserver } from "../../src/fleet/runObserver.ts";
import { makeRun, makeTask } from "./records.ts";
import { Simulation } from "./simulation.ts";

const { signal } = new AbortController();
const identities = ["r-0-1", "r-1-1"] as const;
let simulation: Simulation;
let observer: RunObserver;

beforeEach(async () => {
  simulation = new Simulation(() => ({}));
  await simulation.submit();
  for (const [task, identity] of identities.entries()) {
    await simulation.ledger.putTask(
      simulation.runId,
      undefined,
      makeTask({ task, identity, state: "running" }),
      signal,
    );
  }
  observer = new RunObserver(simulation.runId, simulation.ports);
});

const live = (second: number, users: number): LiveRecord => ({ second, seconds: 1, users, labels: {} });
const look = (): Promise<readonly RunEvent[]> => observer.look(signal);

test("gives a snapshot first, then only what has changed", async () => {
  const [first] = await look();
  expect(first).toMatchObject({ kind: "snapshot", view: { run: { status: "queued" }, plan: { name: "Shop" } } });
  expect(await look()).toEqual([]);
  const done = makeTask({ task: 1, identity: "r-1-1", state: "done" });
  await simulation.ledger.putTask(simulation.runId, { ...done, state: "running" }, done, signal);
  expect(await look()).toEqual([{ kind: "task", task: done }]);
});

test("sends a point again when a late task adds to it", async () => {
  await look();
  await simulation.ledger.putLive(identities[0], live(0, 10), signal);
  expect(await look()).toMatchObject([{ kind: "point", point: { second: 0, users: 10, tasksReporting: 1 } }]);
  await simulation.ledger.putLive(identities[0], live(1, 10), signal);
  await simulation.ledger.putLive(identities[1], live(0, 5), signal);
  expect(await look()).toMatchObject([
    { kind: "point", point: { second: 0, users: 15, tasksReporting: 2 } },
    { kind: "point", point: { second: 1, users: 10, tasksReporting: 1 } },
  ]);
  expect(await look()).toEqual([]);
});

test("counts a record once that an agent wrote twice", async () => {
  await simulation.ledger.putLive(identities[0], live(0, 10), signal);
  await simulation.ledger.putLive(identities[0], live(0, 10), signal);
  expect(await look()).toMatchObject([{ view: { points: [{ second: 0, users: 10, tasksReporting: 1 }] } }]);
});

test("ends with the run", async () => {
  await look();
  expect(observer.hasEnded).toBe(false);
  const { origin } = makeRun();
  const run = makeRun({ runId: simulation.runId, origin, status: "failed", reason: "No.", endedAtMs: 1 });
  await simulation.ledger.closeRun(run, signal);
  expect(await look()).toEqual([{ kind: "run", run }]);
  expect(observer.hasEnded).toBe(true);
});

test("gives the result in place of live figures when the run has ended before it is looked at", async () => {
  const ended = new Simulation(() => ({ loadMs: 3000 }));
  await ended.submit();
  const { result } = await ended.drive();
  const tasks = await ended.ledger.listTasks(ended.runId, signal);
  const written = await ended.ledger.getLive(
    tasks.flatMap(({ identity }) => identity ?? []),
    0,
    signal,
  );
  expect(written).toHaveLength(9);
  const [snapshot] = await new RunObserver(ended.runId, ended.ports).look(signal);
  expect(snapshot).toMatchObject({ kind: "snapshot", view: { points: [], result } });
});
