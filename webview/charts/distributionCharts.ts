import type { ChartOptions, Point } from "chart.js";
import type { Distribution, DistributionBar } from "../result/distribution.ts";
import { Chart } from "./chartJs.ts";
import type { Colors } from "./colors.ts";
import { logTicks } from "./ticks.ts";

/** Words for the axes. */
export interface AxisFormats {
  readonly time: (ms: number) => string;
  readonly count: (count: number) => string;
}

const still = { animation: false, maintainAspectRatio: false, layout: { padding: { top: 8, right: 16 } } } as const;

/** Draws how many requests took how long; the axis of times grows by equal ratios. */
export function drawBars(
  canvas: HTMLCanvasElement,
  bars: readonly DistributionBar[],
  colors: Colors,
  formats: AxisFormats,
): Chart<"bar", number[]> {
  return new Chart<"bar", number[]>(canvas, {
    type: "bar",
    data: {
      labels: bars.map((bar) => formats.time(bar.fromMs)),
      datasets: [
        {
          data: bars.map((bar) => bar.count),
          backgroundColor: colors("--lf-chart-time", 0.75),
          barPercentage: 1,
          categoryPercentage: 0.92,
        },
      ],
    },
    options: { ...still, events: [], scales: barScales(bars, colors, formats) },
  });
}

function barScales(
  bars: readonly DistributionBar[],
  colors: Colors,
  formats: AxisFormats,
): NonNullable<ChartOptions<"bar">["scales"]> {
  return {
    x: {
      grid: { display: false },
      border: { color: colors("--lf-control-border") },
      afterBuildTicks: (scale) => {
        const round = scale.ticks.filter(({ value }) => isRound(bars[value], [1, 2, 5]));
        const isCrowded = round.length * 44 > scale.width;
        scale.ticks = isCrowded ? round.filter(({ value }) => isRound(bars[value], [1])) : round;
      },
      ticks: {
        color: colors("--lf-muted"),
        maxRotation: 0,
        autoSkip: false,
        callback: (value) => formats.time(bars[Number(value)]?.fromMs ?? 0),
      },
    },
    y: {
      type: "linear",
      beginAtZero: true,
      grid: { color: colors("--lf-chart-grid"), drawTicks: false },
      border: { display: false },
      ticks: {
        color: colors("--lf-muted"),
        padding: 8,
        maxTicksLimit: 5,
        precision: 0,
        callback: (value) => formats.count(Number(value)),
      },
    },
  };
}

/** Tells whether a bar begins at one of these digits times a power of ten. */
function isRound(bar: DistributionBar | undefined, digits: readonly number[]): boolean {
  return digits.includes(Number(bar?.fromMs.toExponential().split("e")[0]));
}

/** Draws the percentile curve: the axis of percentiles stretches its end, where the slow requests are. */
export function drawCurve(
  canvas: HTMLCanvasElement,
  { curve, count }: Distribution,
  colors: Colors,
  formats: AxisFormats,
): Chart<"line", Point[]> {
  // 1 for p0, 10 for p90, 100 for p99; p100 stands where one request in all of them would.
  const stretched = (percentile: number): number => 1 / Math.max(1 - percentile / 100, 1 / Math.max(count, 10));
  return new Chart<"line", Point[]>(canvas, {
    type: "line",
    data: {
      datasets: [
        {
          // A logarithmic axis has no place for 0.
          data: curve.map(({ percentile, ms }) => ({ x: stretched(percentile), y: Math.max(ms, 0.001) })),
          borderColor: colors("--lf-chart-time"),
          backgroundColor: colors("--lf-chart-time", 0.14),
          borderWidth: 2,
          pointRadius: 0,
          fill: "start",
        },
      ],
    },
    options: { ...still, events: [], parsing: false, scales: curveScales(colors, formats) },
  });
}

function curveScales(colors: Colors, formats: AxisFormats): NonNullable<ChartOptions<"line">["scales"]> {
  return {
    x: {
      type: "logarithmic",
      min: 1,
      afterBuildTicks: (scale) => {
        const named = [2, 10, 100, 1000, 10_000, 100_000].filter((value) => value <= scale.max);
        scale.ticks = named.map((value) => ({ value }));
      },
      grid: { color: colors("--lf-chart-grid") },
      border: { color: colors("--lf-control-border") },
      ticks: {
        color: colors("--lf-muted"),
        maxRotation: 0,
        autoSkip: false,
        callback: (value) => `p${Number((100 - 100 / Number(value)).toFixed(3))}`,
      },
    },
    y: {
      type: "logarithmic",
      afterBuildTicks: (scale) => {
        scale.ticks = logTicks(scale.min, scale.max).map((value) => ({ value }));
      },
      grid: { color: colors("--lf-chart-grid"), drawTicks: false },
      border: { display: false },
      ticks: { color: colors("--lf-muted"), padding: 8, callback: (value) => formats.time(Number(value)) },
    },
  };
}
