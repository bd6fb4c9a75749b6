import type { ChartSpec } from "../charts/spec.ts";
import type { Timeline } from "../charts/timeline.ts";
import { t } from "../language.ts";
import { labelName } from "./labels.ts";
import type { Phase } from "./phases.ts";
import { TimeChart } from "./TimeChart.tsx";
import { ZoomBar } from "./ZoomBar.tsx";

export interface ChartsOverTimeProps {
  readonly labels: readonly string[];
  readonly label: string;
  readonly onPick: (label: string) => void;
  readonly timeline: Timeline;
  readonly specs: readonly ChartSpec[];
  readonly phases: readonly Phase[];
  readonly startAtMs: number | null;
  /** Changes when the charts must read their colours again. */
  readonly colorsKey: string;
}

/** Charts over time below each other, with the choice of a request and one zoom for all. */
export function ChartsOverTime(props: ChartsOverTimeProps) {
  const { labels, label, onPick, timeline, specs, phases, startAtMs, colorsKey } = props;
  const sorted = labels.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return (
    <>
      <div class="section-head is-sticky">
        <h2 id="over-time-heading">{t("Over time")}</h2>
        <span class="picker screen-only">
          <label htmlFor="over-time-request">{t("Request")}</label>
          <select id="over-time-request" value={label} onChange={(event) => onPick(event.currentTarget.value)}>
            {sorted.map((name) => (
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
          startAtMs={startAtMs}
        />
      ))}
    </>
  );
}
