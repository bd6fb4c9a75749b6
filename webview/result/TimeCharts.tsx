import { useMemo } from "preact/hooks";
import type { ResultSeries, RunResult } from "../../src/core/results/result.ts";
import { Timeline } from "../charts/timeline.ts";
import { labelName } from "./labels.ts";
import { phasesOf } from "./phases.ts";
import { ZoomBar } from "./ZoomBar.tsx";
import { useKeptSpan } from "./keptSpan.ts";
import { TimeChart } from "./TimeChart.tsx";
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
          <h2 id="over-time-heading">Over time</h2>
          <p class="muted">This run kept no figures over time.</p>
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
  const labels = Object.keys(series.labels).toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return (
    <>
      <div class="section-head is-sticky">
        <h2 id="over-time-heading">Over time</h2>
        <span class="picker screen-only">
          <label htmlFor="over-time-request">Request</label>
          <select id="over-time-request" value={label} onChange={(event) => onPick(event.currentTarget.value)}>
            {labels.map((name) => (
              <option key={name} value={name}>
                {labelName(name)}
              </option>
            ))}
          </select>
        </span>
        <span class="print-only">{labelName(label)}</span>
        <ZoomBar timeline={timeline} />
      </div>
      {specs.map((spec) => (
        <TimeChart
          key={spec.id}
          spec={spec}
          phases={phases}
          timeline={timeline}
          colorsKey={colorsKey}
          startAtMs={result.startAtMs}
        />
      ))}
    </>
  );
}
