import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LaunchedTask, Launcher } from "../../src/fleet/ports.ts";
import { runIdOf } from "../fleet/records.ts";

const { signal } = new AbortController();
const runId = runIdOf(0);

/** A launcher whose agents run until they are killed; `reopen` gives another one on the same data. */
export interface LauncherAdapter {
  readonly launcher: Launcher;
  reopen(): Launcher;
  dispose(): Promise<void>;
}

/** What every launcher has to do. */
export function describeLauncher(name: string, open: () => Promise<LauncherAdapter>): void {
  describe(`a launcher of ${name}`, () => {
    let adapter: LauncherAdapter;
    let launcher: Launcher;

    beforeEach(async () => {
      adapter = await open();
      launcher = adapter.launcher;
    });
    afterEach(async () => {
      for (const task of await launcher.list(runId, signal)) await launcher.kill(runId, task, signal);
      await adapter.dispose();
    });

    test("starts a task that lives, under an identity of its own", async () => {
      const first = await launcher.launch(runId, 0, 1, signal);
      const second = await launcher.launch(runId, 1, 1, signal);
      expect(first).toMatchObject({ task: 0, attempt: 1, isAlive: true, stopReason: undefined });
      expect(second.identity).not.toBe(first.identity);
      expect(second.launcherId).not.toBe(first.launcherId);
      expect(new Set((await launcher.list(runId, signal)).map(({ task }) => task))).toEqual(new Set([0, 1]));
    });

    test("starts a task once, however often and from wherever it is asked", async () => {
      const launched = await Promise.all([1, 2, 3].map(() => launcher.launch(runId, 0, 1, signal)));
      const again = await adapter.reopen().launch(runId, 0, 1, signal);
      expect(new Set([...launched, again].map(({ launcherId }) => launcherId)).size).toBe(1);
      expect(await launcher.list(runId, signal)).toHaveLength(1);
    });

    test("starts another attempt beside the first", async () => {
      const first = await launcher.launch(runId, 0, 1, signal);
      const second = await launcher.launch(runId, 0, 2, signal);
      expect(second.launcherId).not.toBe(first.launcherId);
      expect(second.identity).not.toBe(first.identity);
    });

    test("kills a task and says why it stopped", async () => {
      const task = await launcher.launch(runId, 0, 1, signal);
      await launcher.kill(runId, task, signal);
      const dead = await untilDead(launcher);
      expect(dead).toMatchObject({ launcherId: task.launcherId, isAlive: false });
      expect(dead.stopReason).toMatch(/^\S.*\S$/);
      await launcher.kill(runId, task, signal);
    });

    test("sees and kills from another process what this one started", async () => {
      const task = await launcher.launch(runId, 0, 1, signal);
      const other = adapter.reopen();
      expect(await other.list(runId, signal)).toEqual([task]);
      await other.kill(runId, task, signal);
      expect((await untilDead(other)).launcherId).toBe(task.launcherId);
    });

    test("knows no tasks of a run that it never started", async () => {
      expect(await launcher.list(runIdOf(5), signal)).toEqual([]);
    });
  });
}

async function untilDead(launcher: Launcher): Promise<LaunchedTask> {
  for (;;) {
    const [task] = await launcher.list(runId, signal);
    if (task !== undefined && !task.isAlive) return task;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
