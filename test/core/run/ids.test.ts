import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { instantOfRunId, isRunId, makeRunId, makeTestId } from "../../../src/core/run/ids.ts";

const anyInstant = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const anyRandom = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe("makeRunId", () => {
  it("writes time and randomness in base 32", () => {
    expect(makeRunId(0, new Uint8Array(10))).toBe("0".repeat(26));
    expect(makeRunId(1, new Uint8Array(10).fill(255))).toBe(`0000000001${"z".repeat(16)}`);
  });

  it("carries its instant", () => {
    fc.assert(
      fc.property(anyInstant, anyRandom, (nowMs, random) => {
        const runId = makeRunId(nowMs, random);
        expect(isRunId(runId)).toBe(true);
        expect(instantOfRunId(runId)).toBe(nowMs);
      }),
    );
  });

  it("sorts by time, whatever the random part", () => {
    fc.assert(
      fc.property(anyInstant, anyInstant, anyRandom, anyRandom, (one, other, first, second) => {
        fc.pre(one < other);
        expect(makeRunId(one, first) < makeRunId(other, second)).toBe(true);
      }),
    );
  });

  it("differs when any random bit differs", () => {
    const ids = Array.from({ length: 80 }, (_, bit) => {
      const random = new Uint8Array(10);
      random[bit >> 3] = 1 << (bit & 7);
      return makeRunId(5, random);
    });
    expect(new Set(ids).size).toBe(80);
  });
});

describe("isRunId", () => {
  test.each(["", "0".repeat(25), "0".repeat(27), "I".repeat(26), "i".repeat(26), "u".repeat(26), ` ${"0".repeat(25)}`])(
    "refuses %j",
    (text) => {
      expect(isRunId(text)).toBe(false);
    },
  );
});

describe("makeTestId", () => {
  test.each([
    { text: "Shop Checkout", id: "shop-checkout" },
    { text: "web/load/Shop.loadtest.yml", id: "web-load-shop-loadtest-yml" },
    { text: "Übergröße, né?", id: "ubergro-e-ne" },
    { text: "--a__b--", id: "a-b" },
    { text: "日本", id: "test" },
    { text: "", id: "test" },
  ])("makes $id of $text", ({ text, id }) => {
    expect(makeTestId(text)).toBe(id);
  });

  it("is always a short slug, and stays itself", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: "grapheme" }), (text) => {
        const id = makeTestId(text);
        expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
        expect(id.length).toBeLessThanOrEqual(128);
        expect(makeTestId(id)).toBe(id);
      }),
    );
  });
});
