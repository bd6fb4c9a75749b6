import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import type { JudgedRule } from "../../src/core/results/result.ts";
import type { PlannedExecution } from "../../src/core/run/plan.ts";
import { Timeline } from "../charts/timeline.ts";
import { ChartsOverTime } from "../result/ChartsOverTime.tsx";
import { Headline } from "../result/Headline.tsx";
import { useKeptSpan } from "../result/keptSpan.ts";
import { phasesOf } from "../result/phases.ts";
import { headlineNow } from "./headlineNow.ts";
import type { Reading } from "./reading.ts";
import { readingCharts } from "./readingCharts.ts";
import { ReadingTable } from "./ReadingTable.tsx";
import { useCalm } from "./useCalm.ts";

export interface ReadingViewProps {
  readonly reading: Reading;
  readonly label: string;
  readonly onPick: (label: string) => void;
  readonly executions: readonly PlannedExecution[];
  /** How long the charts are at least, in seconds: the plan's length, or that of the run that is replayed. */
  readonly leastSeconds: number;
  readonly rules: readonly JudgedRule[];
  readonly startAtMs: number | null;
  readonly colorsKey: string;
}

/** Figures, requests and charts of a run at an instant; the same for one that goes on and for a replay. */
export function ReadingView(props: ReadingViewProps) {
  const { reading, label, onPick, executions, leastSeconds, rules, startAtMs, colorsKey } = props;
  const { buckets, bucketSeconds } = reading.series;
  const shownBuckets = Math.max(buckets, Math.ceil(leastSeconds / bucketSeconds));
  const [timeline] = useState(() => new Timeline(shownBuckets, bucketSeconds));
  useKeptSpan(timeline);
  useLayoutEffect(() => timeline.grow(shownBuckets, bucketSeconds), [timeline, shownBuckets, bucketSeconds]);
  const seconds = shownBuckets * bucketSeconds;
  const phases = useMemo(() => phasesOf(executions, seconds), [executions, seconds]);
  const specs = useMemo(() => readingCharts(reading, label, executions, rules), [reading, label, executions, rules]);
  const drawn = useCalm(specs, label);
  return (
    <>
      <Headline figures={headlineNow(reading)} />
      <section id="over-time" class="over-time" aria-labelledby="over-time-heading">
        <ChartsOverTime
          labels={reading.labels.map((one) => one.label)}
          label={label}
          onPick={onPick}
          timeline={timeline}
          specs={drawn}
          phases={phases}
          startAtMs={startAtMs}
          colorsKey={colorsKey}
        />
      </section>
      <ReadingTable labels={reading.labels} hidden={reading.hidden} />
    </>
  );
}
