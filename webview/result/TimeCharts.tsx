import { useMemo } from "preact/hooks";
import type { ResultSeries, RunResult } from "../../src/core/results/result.ts";
import { Timeline } from "../charts/timeline.ts";
import { t } from "../language.ts";
import { ChartsOverTime } from "./ChartsOverTime.tsx";
import { phasesOf } from "./phases.ts";
import { useKeptSpan } from "./keptSpan.ts";
import { timeChartsOf } from "./timeCharts.ts";

export interface TimeChartsProps {
  readonly result: RunResult;
  readonly label: string;
  readonly onPick: (label: string) => void;
  /** Changes when the charts must read their colours again. */
  readonly colorsKey: string;
}

/** Response time, throughput, users and errors over time, with one time axis for all. */
export function TimeCharts({ result, label, onPick, colorsKey }: TimeChartsProps) {
  const { series } = result;
  return (
    <section id="over-time" class="over-time" aria-labelledby="over-time-heading">
      {series === null || series.buckets === 0 ? (
        <>
          <h2 id="over-time-heading">{t("Over time")}</h2>
          <p class="muted">{t("This run kept no figures over time.")}</p>
        </>
      ) : (
        <Charts result={result} series={series} label={label} onPick={onPick} colorsKey={colorsKey} />
      )}
    </section>
  );
}

function Charts({ result, series, label, onPick, colorsKey }: TimeChartsProps & { readonly series: ResultSeries }) {
  const timeline = useMemo(() => new Timeline(series.buckets, series.bucketSeconds), [series]);
  useKeptSpan(timeline);
  const specs = useMemo(() => timeChartsOf(result, label), [result, label]);
  const phases = useMemo(() => phasesOf(result.plan.executions, timeline.full.to), [result, timeline]);
  return (
    <ChartsOverTime
      labels={Object.keys(series.labels)}
      label={label}
      onPick={onPick}
      timeline={timeline}
      specs={specs}
      phases={phases}
      startAtMs={result.startAtMs}
      colorsKey={colorsKey}
    />
  );
}
