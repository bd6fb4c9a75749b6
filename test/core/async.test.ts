import { expect, test } from "vitest";
import { mapConcurrent } from "../../src/core/async.ts";

const { signal } = new AbortController();

test("keeps the order of the items whatever finishes first", async () => {
  const waits = [3, 1, 2, 0];
  const results = await mapConcurrent(
    waits,
    4,
    async (turns) => {
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      return turns * 10;
    },
    signal,
  );
  expect(results).toEqual([30, 10, 20, 0]);
});

test("never has more than the limit under way", async () => {
  let underWay = 0;
  let most = 0;
  const count = async (): Promise<void> => {
    most = Math.max(most, ++underWay);
    await Promise.resolve();
    underWay--;
  };
  await mapConcurrent(Array.from({ length: 20 }), 3, count, signal);
  expect(most).toBe(3);
});

test("rejects with the first failure and begins nothing more", async () => {
  const begun: number[] = [];
  const work = mapConcurrent(
    [0, 1, 2, 3],
    1,
    async (item) => {
      begun.push(item);
      if (item === 1) throw new Error("No.");
    },
    signal,
  );
  await expect(work).rejects.toThrow("No.");
  expect(begun).toEqual([0, 1]);
});

test("begins nothing once it is aborted", async () => {
  const begun: number[] = [];
  const work = mapConcurrent([0, 1], 1, async (item) => void begun.push(item), AbortSignal.abort(new Error("Enough.")));
  await expect(work).rejects.toThrow("Enough.");
  expect(begun).toEqual([]);
});
