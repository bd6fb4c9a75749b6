import type { Chart } from "chart.js";
import type { Timeline } from "./timeline.ts";

/** Shortest drag that selects, in CSS pixels; a shorter one is a click. */
const leastDrag = 5;

/** Lets the pointer mark an instant, drag a stretch to zoom in, double-click to see all, and zoom with Ctrl and the wheel. */
export function followPointer(chart: Chart<"line">, timeline: Timeline, signal: AbortSignal): void {
  const { canvas } = chart;
  let startX: number | undefined;
  const secondAt = (event: MouseEvent): number => {
    const { left, right } = chart.chartArea;
    const x = Math.min(Math.max(event.clientX - canvas.getBoundingClientRect().left, left), right);
    return chart.scales["x"]?.getValueForPixel(x) ?? 0;
  };
  const listen = <Name extends keyof HTMLElementEventMap>(
    name: Name,
    handle: (event: HTMLElementEventMap[Name]) => void,
  ): void => canvas.addEventListener(name, handle, { signal, passive: false });

  listen("pointerdown", (event) => {
    if (event.button !== 0) return;
    startX = event.clientX;
    const second = secondAt(event);
    canvas.setPointerCapture(event.pointerId);
    timeline.select({ from: second, to: second });
  });
  listen("pointermove", (event) => {
    const second = secondAt(event);
    timeline.point(second);
    if (startX !== undefined && timeline.selection) timeline.select({ from: timeline.selection.from, to: second });
  });
  listen("pointerup", (event) => {
    const { selection } = timeline;
    const isDrag = startX !== undefined && Math.abs(event.clientX - startX) >= leastDrag;
    startX = undefined;
    timeline.select(undefined);
    if (!isDrag || !selection) return;
    timeline.show({ from: Math.min(selection.from, selection.to), to: Math.max(selection.from, selection.to) });
  });
  listen("pointercancel", () => {
    startX = undefined;
    timeline.select(undefined);
  });
  listen("pointerleave", () => timeline.point(undefined));
  listen("dblclick", () => timeline.reset());
  listen("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    timeline.zoom(event.deltaY > 0 ? 1.25 : 0.8, secondAt(event));
  });
}
