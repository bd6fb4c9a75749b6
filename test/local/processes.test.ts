import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { isRunning, readStamp } from "../../src/local/processes.ts";

test("this process runs, under the mark that it has", async () => {
  const stamp = await readStamp(process.pid);
  expect(stamp).toMatch(/\d/);
  expect(await readStamp(process.pid)).toBe(stamp);
  expect(await isRunning({ pid: process.pid, stamp: stamp ?? "" })).toBe(true);
});

test("another process under the same number is not the one that was marked", async () => {
  expect(await isRunning({ pid: process.pid, stamp: "an earlier start" })).toBe(false);
});

test("a process that has ended is gone", async () => {
  const child = spawn(process.execPath, ["-e", ""], { stdio: "ignore" });
  await once(child, "close");
  expect(await readStamp(child.pid ?? 0)).toBeUndefined();
});
