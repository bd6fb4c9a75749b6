import fc from "fast-check";
import { expect, test } from "vitest";
import type { LiveRecord } from "../../src/core/run/wire.ts";
import { LiveCache } from "../../src/fleet/liveCache.ts";
import { makeMemoryLedger } from "../../src/fleet/memory/ledger.ts";
import type { Ledger, StoredLive } from "../../src/fleet/ports.ts";

const { signal } = new AbortController();
const live = (second: number): LiveRecord => ({ second, seconds: 1, users: 1, labels: {} });
const sorted = (stored: readonly StoredLive[]): readonly string[] =>
  stored.map(({ identity, record }) => `${identity} ${record.second}`).toSorted();

test("gives what the ledger gives, as long as nobody is late by more than 15 s", async () => {
  const looks = fc.array(
    fc.record({ seconds: fc.integer({ min: 1, max: 40 }), back: fc.integer({ min: 0, max: 120 }) }),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(looks, async (steps) => {
      const ledger = makeMemoryLedger();
      const cache = new LiveCache(ledger);
      const identities = ["a", "b", "c"];
      let second = 0;
      for (const { seconds, back } of steps) {
        for (let count = 0; count < seconds; count++, second++) {
          for (const identity of identities) await ledger.putLive(identity, live(second), signal);
        }
        const from = Math.max(0, second - back);
        expect(sorted(await cache.getLive(identities, from, signal))).toEqual(
          sorted(await ledger.getLive(identities, from, signal)),
        );
      }
    }),
  );
});

test("reads each record about once, however long the window is", async () => {
  const ledger = makeMemoryLedger();
  let read = 0;
  const counting: Pick<Ledger, "getLive"> = {
    getLive: async (...args) => {
      const found = await ledger.getLive(...args);
      read += found.length;
      return found;
    },
  };
  const cache = new LiveCache(counting);
  for (let second = 0; second < 600; second++) {
    await ledger.putLive("a", live(second), signal);
    if (second % 15 === 14) await cache.getLive(["a"], Math.max(0, second - 120), signal);
  }
  expect(read).toBeLessThan(1300);
});

test("forgets tasks that are not asked for any more", async () => {
  const ledger = makeMemoryLedger();
  await ledger.putLive("old", live(5000), signal);
  await ledger.putLive("new", live(3), signal);
  const cache = new LiveCache(ledger);
  await cache.getLive(["old"], 0, signal);
  await cache.getLive(["new"], 0, signal);
  await ledger.putLive("new", live(4), signal);
  expect(sorted(await cache.getLive(["new"], 0, signal))).toEqual(["new 3", "new 4"]);
});
