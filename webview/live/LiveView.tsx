import { useMemo } from "preact/hooks";
import type { RunView } from "../../src/core/run/run.ts";
import { useKept } from "../result/kept.ts";
import type { PanelModel } from "../panel/panelModel.ts";
import { t } from "../language.ts";
import { EngineHealth } from "./EngineHealth.tsx";
import { ErrorsNow } from "./ErrorsNow.tsx";
import { ReadingView } from "./ReadingView.tsx";
import { RulesNow } from "./RulesNow.tsx";

export interface LiveViewProps {
  readonly model: PanelModel;
  readonly view: RunView;
  readonly colorsKey: string;
}

/** A run that is going on: figures merged over all tasks that report, the criteria so far, and the engine's health. */
export function LiveView({ model, view: { run, plan, tasks }, colorsKey }: LiveViewProps) {
  const [label, setLabel] = useKept("label", "");
  const { rules } = model;
  const reading = model.reading(label);
  const judged = useMemo(
    () => rules.judged(new Map(reading.labels.map(({ label: name, soFar }) => [name, soFar]))),
    [rules, reading],
  );
  const executions = useMemo(() => plan?.executions ?? [], [plan]);
  return (
    <>
      <p class="preview" role="note">
        <strong>{t("Preview.")}</strong>{" "}
        {t("Live figures come from coarse intervals; the result replaces them when the run has ended.")}
      </p>
      <ReadingView
        reading={reading}
        label={label}
        onPick={setLabel}
        executions={executions}
        leastSeconds={(plan?.plannedMs ?? 30_000) / 1000}
        rules={judged}
        startAtMs={run.startAtMs}
        colorsKey={colorsKey}
      />
      <RulesNow rules={judged} />
      <ErrorsNow reading={reading} />
      <EngineHealth run={run} tasks={tasks} reading={reading} />
    </>
  );
}
