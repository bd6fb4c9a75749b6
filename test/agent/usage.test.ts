import { expect, test } from "vitest";
import { UsageMeter } from "../../src/agent/usage.ts";

test.each([
  ["generates the load itself", undefined, true],
  ["has an engine of its own", () => [], false],
] as const)("a task that %s tells second by second what it uses", async (_, engine, tellsLateness) => {
  const meter = new UsageMeter(engine);
  expect(meter.now).toBeUndefined();
  await expect.poll(() => meter.now, { timeout: 5000 }).toBeDefined();
  const { now } = meter;
  expect(now?.memoryMiB).toBeGreaterThan(10);
  expect(now?.cpuRatio).toBeGreaterThanOrEqual(0);
  expect(now?.lateMs !== undefined).toBe(tellsLateness);
  expect(meter.stop().memoryPeakMiB).toBeGreaterThanOrEqual(now?.memoryMiB ?? Infinity);
});
