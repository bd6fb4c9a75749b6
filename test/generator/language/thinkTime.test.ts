import { describe, expect, test } from "vitest";
import type { ThinkTime } from "../../../src/core/scenario/model.ts";
import { compileThinkTime } from "../../../src/generator/language/thinkTime.ts";
import { scopeOf } from "../scopes.ts";

function drawn(thinkTime: ThinkTime): { readonly mean: number; readonly deviation: number; readonly min: number } {
  const draw = compileThinkTime(thinkTime);
  const values = Array.from({ length: 20_000 }, () => draw(scopeOf({})));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance), min: Math.min(...values) };
}

describe("think times", () => {
  test("that are constant may come from a variable", () => {
    expect(compileThinkTime({ kind: "constant", ms: "${pause}" })(scopeOf({ pause: "250" }))).toBe(250);
  });

  // Means of 20,000 draws stray by far less than a twentieth.
  test.each<[ThinkTime, number, number]>([
    [{ kind: "uniform", meanMs: 1000, deviationMs: 300 }, 1000, 300 / Math.sqrt(3)],
    [{ kind: "gaussian", meanMs: 1000, deviationMs: 100 }, 1000, 100],
    [{ kind: "poisson", meanMs: 500, deviationMs: 100 }, 500, 20],
    [{ kind: "poisson", meanMs: 110, deviationMs: 100 }, 110, Math.sqrt(10)],
  ])("%o", (thinkTime, mean, deviation) => {
    const all = drawn(thinkTime);
    expect(Math.abs(all.mean / mean - 1)).toBeLessThan(0.05);
    expect(Math.abs(all.deviation / deviation - 1)).toBeLessThan(0.1);
    expect(all.min).toBeGreaterThanOrEqual(0);
  });
});
