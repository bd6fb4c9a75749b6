import fc from "fast-check";
import { expect, test } from "vitest";
import { fitSpan, zoomSpan } from "../../webview/charts/span.ts";
import { Timeline } from "../../webview/charts/timeline.ts";

const seconds = fc.double({ min: -1e6, max: 1e6, noNaN: true });

test("a fitted span lies within the whole and is not shorter than the least", () => {
  fc.assert(
    fc.property(seconds, seconds, fc.double({ min: 10, max: 1e5, noNaN: true }), (from, to, length) => {
      const fitted = fitSpan({ from, to }, { from: 0, to: length }, 2);
      expect(fitted.from).toBeGreaterThanOrEqual(0);
      expect(fitted.to).toBeLessThanOrEqual(length + 1e-6);
      expect(fitted.to - fitted.from).toBeGreaterThanOrEqual(2 - 1e-6);
    }),
  );
});

test("zooming keeps the instant that it goes around in its place", () => {
  const zoomed = zoomSpan({ from: 0, to: 100 }, 0.5, 25);
  expect(zoomed).toEqual({ from: 12.5, to: 62.5 });
});

test("tells every listener about a new span, until it unsubscribes", () => {
  const timeline = new Timeline(120, 1);
  const heard: string[] = [];
  const unsubscribe = timeline.subscribe((change) => heard.push(`${change} ${timeline.span.from}-${timeline.span.to}`));
  timeline.zoom(0.5);
  timeline.pan(0.25);
  timeline.reset();
  unsubscribe();
  timeline.zoom(0.5);
  expect(heard).toEqual(["span 30-90", "span 45-105", "span 0-120"]);
});

test("does not move beyond the run, nor tell of it", () => {
  const timeline = new Timeline(120, 1);
  let changes = 0;
  timeline.subscribe(() => changes++);
  timeline.pan(1);
  timeline.zoom(2);
  expect([timeline.span, timeline.isZoomed, changes]).toEqual([{ from: 0, to: 120 }, false, 0]);
});

test.each([
  [0, 0],
  [14.9, 0],
  [15, 1],
  [-3, 0],
  [9999, 3],
])("an instant of %d s lies in bucket %d", (second, bucket) => {
  const timeline = new Timeline(4, 15);
  timeline.point(second);
  expect(timeline.cursor).toBe(bucket);
});
