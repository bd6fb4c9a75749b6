import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { figuresOf, intervalOf, noteOnFailures } from "../../../../src/agent/drivers/taurus/figures.ts";
import { maskOf } from "../../../../src/agent/drivers/taurus/mask.ts";
import { readMessage, type Total } from "../../../../src/agent/drivers/taurus/messages.ts";
import { Histogram } from "../../../../src/core/results/histogram.ts";

const none = maskOf([]);
const histogram = new Histogram("ms");
histogram.record(12);

function total(changes: Partial<Total>): Total {
  return {
    count: 10,
    failed: 0,
    aborted: 0,
    bytesIn: 0,
    bytesOut: 0,
    sumMs: 0,
    minMs: 0,
    maxMs: 0,
    connectSumMs: 0,
    latencySumMs: 0,
    codes: {},
    errors: [],
    histogram: histogram.toWire().v2,
    ...changes,
  };
}

describe("a label's figures", () => {
  test("say `no detail` of failures that the engine says nothing about", () => {
    const { errors } = figuresOf(total({ failed: 5, errors: [{ message: "late", code: "504", count: 3 }] }), none);
    expect(errors).toEqual([
      { message: "late", code: "504", count: 3 },
      { message: "no detail", code: "", count: 2 },
    ]);
  });

  test("have kinds that add up to the failures, whatever the engine says", () => {
    const kinds = fc.array(fc.record({ message: fc.string(), code: fc.string(), count: fc.nat(50) }), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(kinds, fc.nat(3000), (errors, failed) => {
        const figures = figuresOf(total({ failed, errors }), none);
        expect(figures.errors.reduce((sum, { count }) => sum + count, 0)).toBe(failed);
        expect(figures.errors.length).toBeLessThanOrEqual(101);
      }),
    );
  });

  test("are masked", () => {
    const mask = maskOf(["pass", "password"]);
    const { errors } = figuresOf(
      total({ failed: 1, errors: [{ message: "no password", code: "401", count: 1 }] }),
      mask,
    );
    expect(errors[0]?.message).toBe("no ***");
  });
});

test("an interval has histograms where Taurus sent one", () => {
  const { v2 } = histogram.toWire();
  const line = {
    event: "second",
    second: 3,
    users: 2,
    labels: { "": { count: 1, failed: 0, bytes: 5, sumMs: 12, histogram: v2 } },
  };
  const message = readMessage(JSON.stringify(line));
  if (message?.event !== "second") throw new Error("It was not read.");
  const interval = intervalOf(message, none);
  expect(interval).toMatchObject({ second: 3, users: 2 });
  expect(interval.labels.get("")?.histogram?.percentile(50)).toBe(12);
});

test.for(["", "{", "[]", '{"event":"second"}', '{"event":"other"}', "Traceback (most recent call last):"])(
  "%j is no message",
  (line) => {
    expect(readMessage(line)).toBeUndefined();
  },
);

test("a run in which nothing succeeded gets a note, one in which something did gets none", () => {
  const failed = figuresOf(
    total({ failed: 10, errors: [{ message: "Connection refused", code: "", count: 10 }] }),
    none,
  );
  expect(noteOnFailures(failed)).toEqual([
    "Every one of 10 requests failed, most of them with: Connection refused. See whether the target runs and its address is right.",
  ]);
  expect(noteOnFailures(figuresOf(total({ failed: 9 }), none))).toEqual([]);
  expect(noteOnFailures(undefined)).toEqual([]);
});
