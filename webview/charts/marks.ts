import type { Plugin } from "chart.js";
import { phaseName, type Phase } from "../result/phases.ts";
import { Chart } from "./chartJs.ts";
import type { Colors } from "./colors.ts";
import type { ChartLimit } from "./spec.ts";
import type { Timeline } from "./timeline.ts";

interface Marks {
  readonly phases: readonly Phase[];
  readonly limits: readonly ChartLimit[];
  readonly timeline: Timeline;
  readonly colors: Colors;
  /** Write the phases' names along the top edge. */
  readonly namesPhases: boolean;
}

/** Draws the plan's phases behind a chart over time, and limits, selection and pointer in front of it. */
export function marksPlugin(marks: Marks): Plugin<"line"> {
  return {
    id: "loadfleet-marks",
    beforeDatasetsDraw: (chart) => within(chart, () => drawPhases(chart, marks)),
    afterDatasetsDraw: (chart) =>
      within(chart, () => {
        for (const limit of marks.limits) drawLimit(chart, limit, marks.colors);
        drawSelection(chart, marks);
        drawCursor(chart, marks);
      }),
  };
}

function within(chart: Chart, draw: () => void): void {
  const { ctx, chartArea } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(chartArea.left, chartArea.top, chartArea.width, chartArea.height);
  ctx.clip();
  ctx.font = `11px ${Chart.defaults.font.family ?? "sans-serif"}`;
  draw();
  ctx.restore();
}

function drawPhases(chart: Chart, { phases, colors, namesPhases }: Marks): void {
  const { ctx, chartArea, scales } = chart;
  for (const phase of phases) {
    const left = Math.max(scales["x"]?.getPixelForValue(phase.from) ?? 0, chartArea.left);
    const right = Math.min(scales["x"]?.getPixelForValue(phase.to) ?? 0, chartArea.right);
    if (right <= left) continue;
    if (phase.name !== "hold-for") {
      ctx.fillStyle = colors("--lf-chart-phase");
      ctx.fillRect(left, chartArea.top, right - left, chartArea.height);
    }
    ctx.fillStyle = colors("--lf-control-border");
    if (left > chartArea.left) ctx.fillRect(Math.round(left), chartArea.top, 1, chartArea.height);
    const name = phaseName(phase.name);
    const isRoomy = ctx.measureText(name).width + 12 < right - left;
    if (!namesPhases || !isRoomy) continue;
    ctx.fillStyle = colors("--lf-muted");
    ctx.textBaseline = "top";
    ctx.fillText(name, left + 6, chartArea.top + 4);
  }
}

function drawLimit(chart: Chart, { text, value, isBroken, atSecond }: ChartLimit, colors: Colors): void {
  const { ctx, chartArea, scales } = chart;
  const y = scales["y"]?.getPixelForValue(value) ?? Number.NaN;
  const color = colors(isBroken ? "--lf-failed" : "--lf-passed");
  ctx.strokeStyle = color;
  ctx.fillStyle = color;
  ctx.lineWidth = 1.5;
  if (y >= chartArea.top && y <= chartArea.bottom) {
    ctx.setLineDash([6, 4]);
    strokeLine(ctx, chartArea.left, y, chartArea.right, y);
    const { width } = ctx.measureText(text);
    ctx.textBaseline = y - chartArea.top < 18 ? "top" : "bottom";
    const gap = ctx.textBaseline === "top" ? 4 : -4;
    ctx.lineWidth = 4;
    ctx.setLineDash([]);
    ctx.strokeStyle = colors("--lf-background");
    ctx.strokeText(text, chartArea.right - width - 6, y + gap);
    ctx.fillText(text, chartArea.right - width - 6, y + gap);
  }
  if (atSecond === null) return;
  const x = scales["x"]?.getPixelForValue(atSecond) ?? Number.NaN;
  ctx.strokeStyle = color;
  ctx.lineWidth = 1.5;
  ctx.setLineDash([2, 3]);
  strokeLine(ctx, x, chartArea.top, x, chartArea.bottom);
}

function drawSelection(chart: Chart, { timeline, colors }: Marks): void {
  const { ctx, chartArea, scales } = chart;
  const { selection } = timeline;
  if (!selection) return;
  const from = scales["x"]?.getPixelForValue(selection.from) ?? 0;
  const to = scales["x"]?.getPixelForValue(selection.to) ?? 0;
  ctx.fillStyle = colors("--lf-accent", 0.18);
  ctx.fillRect(from, chartArea.top, to - from, chartArea.height);
}

function drawCursor(chart: Chart, { timeline, colors }: Marks): void {
  const { ctx, chartArea, scales } = chart;
  if (timeline.cursor === undefined) return;
  const x = scales["x"]?.getPixelForValue((timeline.cursor + 0.5) * timeline.bucketSeconds) ?? 0;
  ctx.strokeStyle = colors("--lf-foreground", 0.7);
  ctx.lineWidth = 1;
  ctx.setLineDash([]);
  strokeLine(ctx, Math.round(x) + 0.5, chartArea.top, Math.round(x) + 0.5, chartArea.bottom);
}

function strokeLine(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
