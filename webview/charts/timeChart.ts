import type { ChartConfiguration, ChartDataset, Point, ScaleOptions } from "chart.js";
import type { Phase } from "../result/phases.ts";
import { Chart } from "./chartJs.ts";
import type { Colors } from "./colors.ts";
import { marksPlugin } from "./marks.ts";
import { highestOf, type ChartLine, type ChartSpec } from "./spec.ts";
import { formatElapsed, logTicks, timeTicks } from "./ticks.ts";
import type { Timeline } from "./timeline.ts";

/** Width in CSS pixels of the axis of values, the same in all charts so that their times line up. */
const axisWidth = 68;

export interface TimeChartOptions {
  readonly spec: ChartSpec;
  readonly phases: readonly Phase[];
  readonly timeline: Timeline;
  readonly colors: Colors;
}

/** Draws a chart over time on a canvas; it follows its timeline until the signal ends it. */
export function drawTimeChart(
  canvas: HTMLCanvasElement,
  options: TimeChartOptions,
  signal: AbortSignal,
): Chart<"line"> {
  const { timeline } = options;
  const chart = new Chart<"line">(canvas, configuration(options));
  const unsubscribe = timeline.subscribe((change) => {
    // Each update makes the options of the scales anew.
    const x = chart.options.scales?.["x"];
    if (change === "mark" || x === undefined) {
      chart.draw();
      return;
    }
    x.min = timeline.span.from;
    x.max = timeline.span.to;
    chart.update("none");
  });
  signal.addEventListener("abort", () => {
    unsubscribe();
    chart.destroy();
  });
  return chart;
}

/** Shows newer values in a chart that was drawn for the same lines and limits. */
export function showValues(chart: Chart<"line">, spec: ChartSpec, timeline: Timeline): void {
  for (const [index, line] of drawnLines(spec).entries()) {
    const drawn = chart.data.datasets[index];
    if (drawn) Object.assign(drawn, valuesOf(line, timeline));
  }
  // Each update makes the options of the scales anew.
  const { x, y } = chart.options.scales ?? {};
  if (x) Object.assign(x, { min: timeline.span.from, max: timeline.span.to });
  if (y) Object.assign(y, { suggestedMax: topOf(spec) });
  chart.update("none");
}

function configuration({ spec, phases, timeline, colors }: TimeChartOptions): ChartConfiguration<"line"> {
  return {
    type: "line",
    data: { datasets: drawnLines(spec).map((line) => dataset(line, timeline, colors)) },
    options: {
      animation: false,
      parsing: false,
      normalized: true,
      events: [],
      maintainAspectRatio: false,
      layout: { padding: { top: 4, right: 12 } },
      scales: { x: timeAxis(timeline, colors), y: valueAxis(spec, colors) },
    },
    plugins: [marksPlugin({ phases, limits: spec.limits, timeline, colors, namesPhases: spec.namesPhases === true })],
  };
}

function drawnLines(spec: ChartSpec): readonly ChartLine[] {
  return spec.lines.filter((line) => line.width > 0);
}

function dataset(line: ChartLine, timeline: Timeline, colors: Colors): ChartDataset<"line", Point[]> {
  return {
    ...valuesOf(line, timeline),
    label: line.name,
    // Dashed lines lie over the areas of the others.
    order: line.isDashed ? -1 : 0,
    borderColor: colors(line.color),
    borderWidth: line.width,
    borderDash: line.isDashed ? [5, 4] : [],
    pointBackgroundColor: colors(line.color),
    backgroundColor: colors(line.color, line.fill?.opacity ?? 1),
    fill: line.fill === undefined ? false : line.fill.to === "zero" ? "origin" : "-1",
  };
}

function valuesOf(
  { values }: ChartLine,
  timeline: Timeline,
): Pick<ChartDataset<"line", Point[]>, "data" | "pointRadius"> {
  const middle = timeline.bucketSeconds / 2;
  const radii = values.map((_, index) => (isAlone(values, index) ? 2 : 0));
  return {
    // A missing value is NaN here, which leaves a gap.
    data: values.map((y, index) => ({ x: index * timeline.bucketSeconds + middle, y: y ?? Number.NaN })),
    // One radius for all is several times faster to draw than one for each.
    pointRadius: radii.some((radius) => radius > 0) ? radii : 0,
  };
}

/** A value between two gaps has no line that would show it. */
function isAlone(values: readonly (number | null)[], index: number): boolean {
  return (
    (values[index] ?? null) !== null && (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null
  );
}

function timeAxis(timeline: Timeline, colors: Colors): ScaleOptions<"linear"> {
  return {
    type: "linear",
    min: timeline.span.from,
    max: timeline.span.to,
    afterBuildTicks: (scale) => {
      const most = Math.max(Math.floor(scale.width / 80), 2);
      scale.ticks = timeTicks({ from: scale.min, to: scale.max }, most).map((value) => ({ value }));
    },
    grid: { display: false },
    border: { color: colors("--lf-control-border") },
    ticks: {
      color: colors("--lf-muted"),
      maxRotation: 0,
      autoSkip: false,
      callback: (value) => formatElapsed(Number(value)),
    },
  };
}

function valueAxis(spec: ChartSpec, colors: Colors): ScaleOptions<"linear"> | ScaleOptions<"logarithmic"> {
  const common = {
    suggestedMax: topOf(spec),
    afterFit: (scale: { width: number }) => {
      scale.width = axisWidth;
    },
    grid: { color: colors("--lf-chart-grid"), drawTicks: false },
    border: { display: false },
  };
  const ticks = {
    color: colors("--lf-muted"),
    padding: 8,
    callback: (value: number | string) => spec.format(Number(value)),
  };
  if (!spec.isLogarithmic) {
    const precision = spec.isWhole ? { precision: 0 } : {};
    return { ...common, type: "linear", beginAtZero: true, ticks: { ...ticks, maxTicksLimit: 6, ...precision } };
  }
  return {
    ...common,
    type: "logarithmic",
    afterBuildTicks: (scale) => {
      scale.ticks = logTicks(scale.min, scale.max).map((value) => ({ value }));
    },
    ticks,
  };
}

/** Up to where the axis of values reaches at least. */
function topOf(spec: ChartSpec): number {
  const highest = highestOf(spec.lines);
  // A limit far above what was measured would press the lines flat; the legend names it then.
  const limits = spec.limits.map((limit) => limit.value).filter((value) => value <= highest * 3 || highest === 0);
  return Math.max(...limits.map((value) => value * 1.08), highest === 0 ? spec.leastTop : 0);
}
