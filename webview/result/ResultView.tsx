import type { RunResult } from "../../src/core/results/result.ts";
import { Banners } from "./Banners.tsx";
import { DistributionView } from "./DistributionView.tsx";
import { ErrorTable } from "./ErrorTable.tsx";
import { Headline } from "./Headline.tsx";
import { headlineOf } from "./headlineFigure.ts";
import { useKept } from "./kept.ts";
import { RequestTable } from "./RequestTable.tsx";
import { RunFacts } from "./RunFacts.tsx";
import { TimeCharts } from "./TimeCharts.tsx";
import { VerdictView } from "./VerdictView.tsx";

export interface ResultViewProps {
  readonly result: RunResult;
  /** Changes when the charts must read their colours again. */
  readonly colorsKey: string;
}

/** Everything about a run's result, the verdict first; the same in every host. */
export function ResultView({ result, colorsKey }: ResultViewProps) {
  const [label, setLabel] = useKept("label", "");
  const figures = result.labels[label];
  const pick = (next: string): void => {
    setLabel(next);
    document.getElementById("over-time")?.scrollIntoView();
  };
  return (
    <>
      <VerdictView result={result} />
      <Banners result={result} />
      <Headline figures={headlineOf(result)} />
      <RequestTable result={result} onPick={pick} />
      <TimeCharts result={result} label={label} onPick={setLabel} colorsKey={colorsKey} />
      {figures && <DistributionView label={label} figures={figures} colorsKey={colorsKey} />}
      <ErrorTable result={result} />
      <RunFacts result={result} />
    </>
  );
}
