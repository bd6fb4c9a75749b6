import { expect, test } from "vitest";
import { fuzz } from "../../fuzz/fuzz.ts";

test(
  "5,000 mutated files are read, checked and planned without a crash, none in more than a second",
  { timeout: 240_000 },
  () => {
    const few = fuzz({ seed: 1, count: 4900, limit: 20_000, maxMs: 1000 });
    const large = fuzz({ seed: 100_000, count: 100, limit: 1024 * 1024, maxMs: 1000 });
    expect([...few.failures, ...large.failures].map(({ seed, reason }) => `${seed}: ${reason}`)).toEqual([]);
    // Mutants that are all refused at once would prove nothing.
    expect(few.scenarios).toBeGreaterThan(1000);
    expect(few.plans).toBeGreaterThan(50);
  },
);
