import { useLayoutEffect, useState } from "preact/hooks";
import { DebugPage } from "../debug/DebugPage.tsx";
import { KeeperContext } from "../result/kept.ts";
import { t } from "../language.ts";
import { Callout } from "./Callout.tsx";
import type { HostRequests } from "./host.ts";
import type { PageState } from "./pageState.ts";
import type { PanelModel } from "./panelModel.ts";
import { RunPage } from "./RunPage.tsx";
import { useEditorColors } from "./useEditorColors.ts";

export interface PanelPageProps {
  readonly model: PanelModel;
  readonly requests: HostRequests;
  readonly state: PageState;
}

/** The panel: a run or a trace, whatever its host says. */
export function PanelPage({ model, requests, state }: PanelPageProps) {
  const [, redraw] = useState({});
  // At once, not after the first frame: the host may have answered by then.
  useLayoutEffect(() => model.subscribe(() => redraw({})), [model]);
  const colorsKey = useEditorColors();
  return (
    <KeeperContext.Provider value={state}>
      <Callout failure={model.failure} />
      <Subject model={model} requests={requests} colorsKey={colorsKey} />
    </KeeperContext.Provider>
  );
}

function Subject({ model, requests, colorsKey }: Omit<PanelPageProps, "state"> & { readonly colorsKey: string }) {
  const { subject, view, failure } = model;
  // Before the host has said what to show, it has not said in which language.
  if (subject === undefined) return null;
  if (subject.kind === "debug")
    return <DebugPage trace={model.trace} hasFailed={failure !== undefined} requests={requests} />;
  if (view === undefined) {
    return failure ? (
      <main>
        <h1>{t("This run cannot be shown")}</h1>
      </main>
    ) : (
      <main>
        <p class="muted" role="status">
          {t("Reading the run…")}
        </p>
      </main>
    );
  }
  return (
    <RunPage
      key={view.run.runId}
      model={model}
      view={view}
      startsWithReplay={subject.mode === "replay"}
      requests={requests}
      colorsKey={colorsKey}
    />
  );
}
