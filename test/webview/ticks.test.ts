import fc from "fast-check";
import { expect, test } from "vitest";
import { formatElapsed, logTicks, timeTicks } from "../../webview/charts/ticks.ts";

test.each([
  [{ from: 0, to: 20 }, 10, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]],
  [{ from: 7, to: 21 }, 3, [10, 15, 20]],
  [{ from: 0, to: 14_400 }, 8, [0, 1800, 3600, 5400, 7200, 9000, 10_800, 12_600, 14_400]],
  [{ from: 0, to: 7 * 86_400 }, 4, [0, 172_800, 345_600, 518_400]],
])("ticks of %j, about %d of them", (span, most, expected) => {
  expect(timeTicks(span, most)).toEqual(expected);
});

test("ticks lie within the span, and are not many more than asked for", () => {
  const start = fc.double({ min: 0, max: 1e6, noNaN: true });
  const length = fc.double({ min: 1, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(start, length, fc.integer({ min: 2, max: 20 }), (from, spanSeconds, most) => {
      const ticks = timeTicks({ from, to: from + spanSeconds }, most);
      expect(ticks.length).toBeLessThanOrEqual(most + 1);
      for (const tick of ticks) {
        expect(tick).toBeGreaterThanOrEqual(from - 1e-6);
        expect(tick).toBeLessThanOrEqual(from + spanSeconds + 1e-6);
      }
    }),
  );
});

test.each([
  [0, "0:00"],
  [59.9, "0:59"],
  [155, "2:35"],
  [3755, "1:02:35"],
  [360_000, "100:00:00"],
])("%d s is %s", (elapsed, text) => {
  expect(formatElapsed(elapsed)).toBe(text);
});

test.each([
  [8, 130, [10, 20, 50, 100]],
  [0.4, 3, [0.5, 1, 2]],
  [1, 100_000, [1, 10, 100, 1000, 10_000, 100_000]],
])("a logarithmic axis from %d to %d", (low, high, expected) => {
  expect(logTicks(low, high)).toEqual(expected);
});
