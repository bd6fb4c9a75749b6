import { isFinal, type RunView } from "../../src/core/run/run.ts";
import { LiveView } from "../live/LiveView.tsx";
import { ReplayView } from "../live/ReplayView.tsx";
import { TasksView } from "../live/TasksView.tsx";
import { useKept } from "../result/kept.ts";
import { ResultView } from "../result/ResultView.tsx";
import { t } from "../language.ts";
import { Callout } from "./Callout.tsx";
import type { HostRequests } from "./host.ts";
import { NoResult } from "./NoResult.tsx";
import type { PanelModel } from "./panelModel.ts";
import { RunHeader } from "./RunHeader.tsx";
import { useActions } from "./useActions.ts";
import { Tabs, type Tab } from "./Tabs.tsx";

export interface RunPageProps {
  readonly model: PanelModel;
  readonly view: RunView;
  readonly startsWithReplay: boolean;
  readonly requests: HostRequests;
  readonly colorsKey: string;
}

/** A run: live while it goes on, then its result, its replay, and its tasks. */
export function RunPage({ model, view, startsWithReplay, requests, colorsKey }: RunPageProps) {
  const [tab, setTab] = useKept("tab", startsWithReplay ? "replay" : "run");
  const { failure, note, act } = useActions(requests);
  const series = view.result?.series ?? null;
  const replayed = series !== null && series.buckets > 0 ? series : undefined;
  const tabs = tabsOf(view, replayed !== undefined);
  const current = tabs.some(({ id }) => id === tab) ? tab : "run";
  return (
    <>
      <RunHeader view={view} onRequest={act} />
      <p role="status" class="muted">
        {note}
      </p>
      <Callout failure={failure} />
      <main>
        <Tabs name={t("Run|noun")} tabs={tabs} current={current} onPick={setTab}>
          {current === "run" && <Run model={model} view={view} colorsKey={colorsKey} />}
          {current === "replay" && view.result && replayed && (
            <ReplayView result={view.result} series={replayed} colorsKey={colorsKey} />
          )}
          {current === "tasks" && (
            <TasksView
              run={view.run}
              tasks={view.tasks}
              usage={isFinal(view.run.status) ? [] : model.reading("").usage}
              requests={requests}
              onRequest={act}
            />
          )}
        </Tabs>
      </main>
    </>
  );
}

function tabsOf({ run, result }: RunView, canReplay: boolean): readonly Tab[] {
  const hasEnded = result !== null || isFinal(run.status);
  return [
    { id: "run", name: hasEnded ? t("Result") : t("Live") },
    ...(canReplay ? [{ id: "replay", name: t("Replay") }] : []),
    { id: "tasks", name: t("Tasks") },
  ];
}

function Run({ model, view, colorsKey }: Pick<RunPageProps, "model" | "view" | "colorsKey">) {
  if (view.result) return <ResultView result={view.result} colorsKey={colorsKey} />;
  if (isFinal(view.run.status)) return <NoResult view={view} />;
  return <LiveView model={model} view={view} colorsKey={colorsKey} />;
}
