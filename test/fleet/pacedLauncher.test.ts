import { beforeEach, expect, test } from "vitest";
import { PacedLauncher } from "../../src/fleet/pacedLauncher.ts";
import type { LaunchedTask, Launcher } from "../../src/fleet/ports.ts";
import { runIdOf } from "./records.ts";

const { signal } = new AbortController();
const runId = runIdOf(0);
let now: number;
let asked: (readonly string[] | undefined)[];
let launcher: PacedLauncher;

const taskOf = (task: number): LaunchedTask => {
  const launcherId = `arn-${task}`;
  return { task, attempt: 1, launcherId, identity: launcherId, isAlive: true, stopReason: undefined };
};

beforeEach(() => {
  now = 0;
  asked = [];
  const real: Launcher = {
    launch: async (_runId, task) => taskOf(task),
    list: async (_runId, _signal, ids) => {
      asked.push(ids);
      return (ids ?? ["arn-0", "arn-1"]).map((id) => taskOf(Number(id.slice(4))));
    },
    kill: async () => undefined,
  };
  launcher = new PacedLauncher(real, (tasks) => 1000 * tasks, { now: () => now });
});

test("asks about the same tasks again only after a while, which grows with their number", async () => {
  await launcher.list(runId, signal, ["arn-0", "arn-1"]);
  now = 1999;
  expect(await launcher.list(runId, signal, ["arn-0", "arn-1"])).toEqual([taskOf(0), taskOf(1)]);
  expect(asked).toHaveLength(1);
  now = 2000;
  await launcher.list(runId, signal, ["arn-0", "arn-1"]);
  expect(asked).toHaveLength(2);
});

test("knows what it launched since, and asks at once about a task that it does not know", async () => {
  await launcher.list(runId, signal, ["arn-0"]);
  await launcher.launch(runId, 1, 1, signal);
  expect(await launcher.list(runId, signal, ["arn-0", "arn-1"])).toEqual([taskOf(0), taskOf(1)]);
  expect(asked).toEqual([["arn-0"]]);
  await launcher.list(runId, signal, ["arn-0", "arn-2"]);
  expect(asked).toEqual([["arn-0"], ["arn-0", "arn-2"]]);
});

test("asks at once about all tasks, and after one was ended by force", async () => {
  await launcher.list(runId, signal, ["arn-0"]);
  await launcher.list(runId, signal);
  await launcher.kill(runId, taskOf(0), signal);
  await launcher.list(runId, signal, ["arn-0"]);
  expect(asked).toEqual([["arn-0"], undefined, ["arn-0"]]);
});
