import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { apportionRate, apportionWhole } from "../../../src/core/run/apportion.ts";

describe("apportionWhole", () => {
  test.each([
    { total: 10, weights: [1, 1, 1], parts: [4, 3, 3] },
    { total: 7, weights: [10, 30], parts: [2, 5] },
    { total: 3, weights: [1, 1000, 1], parts: [1, 1, 1] },
    { total: 10, weights: [1, 1000, 1], parts: [1, 8, 1] },
    { total: 5, weights: [3], parts: [5] },
  ])("divides $total by $weights", ({ total, weights, parts }) => {
    expect(apportionWhole(total, weights)).toEqual(parts);
  });

  it("stays within one of the exact proportion where nobody would get nothing", () => {
    const anyWeights = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(anyWeights, fc.integer({ min: 10_000, max: 1_000_000 }), (weights, total) => {
        const sum = weights.reduce((all, weight) => all + weight, 0);
        apportionWhole(total, weights).forEach((part, index) => {
          expect(Math.abs(part - (total * (weights[index] ?? NaN)) / sum)).toBeLessThan(1);
        });
      }),
    );
  });
});

describe("apportionRate", () => {
  it("divides in proportion", () => {
    expect(apportionRate(100, [1, 3])).toEqual([25, 75]);
  });

  it("adds up exactly, in any order, and is as good as the plain proportion", () => {
    const anyWeights = fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(anyWeights, fc.double({ min: 1e-3, max: 1e7, noNaN: true }), (weights, rate) => {
        const parts = apportionRate(rate, weights);
        const sum = weights.reduce((all, weight) => all + weight, 0);
        expect(parts.reduce((all, part) => all + part, 0)).toBe(rate);
        expect(parts.toReversed().reduce((all, part) => all + part, 0)).toBe(rate);
        parts.forEach((part, index) => {
          expect(Math.abs(part - (rate * (weights[index] ?? NaN)) / sum)).toBeLessThan(rate * 1e-12);
        });
      }),
    );
  });
});
