import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { readColors } from "../charts/colors.ts";
import { zoomByKey, zoomKeys } from "../charts/keys.ts";
import { followPointer } from "../charts/pointer.ts";
import { highestOf, maxOf, type ChartLine, type ChartSpec } from "../charts/spec.ts";
import { formatElapsed } from "../charts/ticks.ts";
import { drawTimeChart, showValues } from "../charts/timeChart.ts";
import type { Timeline } from "../charts/timeline.ts";
import { t } from "../language.ts";
import { DataTable } from "./DataTable.tsx";
import { Legend } from "./Legend.tsx";
import type { Phase } from "./phases.ts";

export interface TimeChartProps {
  readonly spec: ChartSpec;
  readonly phases: readonly Phase[];
  readonly timeline: Timeline;
  readonly colorsKey: string;
  readonly startAtMs: number | null;
}

/** A chart over time: heading, one sentence, lines with their legend, and the table behind them. */
export function TimeChart({ spec, phases, timeline, colorsKey, startAtMs }: TimeChartProps) {
  const frameRef = useRef<HTMLDivElement>(null);
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const [isTable, setTable] = useState(false);
  const canBeLog = spec.id === "response-time";
  const [isLog, setLog] = useState(canBeLog && isWide(spec));
  const drawn = useMemo(() => ({ ...spec, isLogarithmic: isLog }), [spec, isLog]);
  const chartRef = useRef<ReturnType<typeof drawTimeChart>>(undefined);
  const shownRef = useRef<ChartSpec>(undefined);
  const shape = shapeOf(drawn);
  useLayoutEffect(() => {
    if (!canvasRef.current) return;
    const ended = new AbortController();
    const made = drawTimeChart(
      canvasRef.current,
      { spec: drawn, phases, timeline, colors: readColors() },
      ended.signal,
    );
    chartRef.current = made;
    shownRef.current = drawn;
    followPointer(made, timeline, ended.signal);
    frameRef.current?.addEventListener("keydown", (event) => zoomByKey(timeline, event), { signal: ended.signal });
    return () => ended.abort();
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- newer values go into the chart that is there, below
  }, [shape, phases, timeline, colorsKey]);
  useLayoutEffect(() => {
    if (shownRef.current === drawn || !chartRef.current) return;
    shownRef.current = drawn;
    showValues(chartRef.current, drawn, timeline);
  }, [drawn, timeline]);
  const heading = `${spec.id}-heading`;
  return (
    <article class={`chart is-${spec.id}`} aria-labelledby={heading}>
      <div class="chart-head">
        <h3 id={heading}>{spec.title}</h3>
        <p>{spec.summary}</p>
        <div class="chart-actions screen-only">
          {canBeLog && (
            <vscode-button secondary aria-pressed={isLog} onClick={() => setLog(!isLog)}>
              {t("Log scale")}
            </vscode-button>
          )}
          <vscode-button secondary aria-expanded={isTable} onClick={() => setTable(!isTable)}>
            {isTable ? t("Hide table") : t("Show table")}
            <span class="unseen"> {t("of {0}|chart", spec.subject)}</span>
          </vscode-button>
        </div>
      </div>
      <Legend spec={spec} timeline={timeline} startAtMs={startAtMs} />
      <div
        ref={frameRef}
        class="canvas"
        role="application"
        aria-roledescription={t("chart")}
        aria-labelledby={heading}
        aria-keyshortcuts={zoomKeys}
        tabIndex={0}
      >
        <canvas ref={canvasRef} role="img" aria-label={spec.summary} />
      </div>
      {isTable && <Table spec={spec} timeline={timeline} />}
    </article>
  );
}

/** What a chart is drawn for; while it stays the same, newer values are put into the chart that is there. */
function shapeOf({ lines, limits, isLogarithmic }: ChartSpec): string {
  return JSON.stringify([lines.map(({ name, color, width }) => [name, color, width]), limits, isLogarithmic]);
}

/** A few slow requests would press everything else flat on a linear axis. */
function isWide({ lines }: ChartSpec): boolean {
  const usual = maxOf(lines.find((line) => line.id === "p95")?.values ?? []);
  return usual > 0 && highestOf(lines) > usual * 8;
}

function Table({ spec, timeline }: Pick<TimeChartProps, "spec" | "timeline">) {
  const cell = ({ values, format = spec.format }: ChartLine, index: number): string => {
    const value = values[index] ?? null;
    return value === null ? "–" : format(value);
  };
  return (
    <DataTable
      caption={t("{0} over time, one row each {1} s", spec.title, timeline.bucketSeconds)}
      columns={[t("Time"), ...spec.lines.map((line) => line.name)]}
      rowCount={Math.round(timeline.full.to / timeline.bucketSeconds)}
      rowAt={(index) => [formatElapsed(index * timeline.bucketSeconds), ...spec.lines.map((line) => cell(line, index))]}
    />
  );
}
