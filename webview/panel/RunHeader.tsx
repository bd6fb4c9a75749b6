import { useState } from "preact/hooks";
import { formatCount, formatDuration } from "../../src/core/results/figures.ts";
import type { PanelRequest } from "../../src/core/panel/protocol.ts";
import { isFinal, type RunView } from "../../src/core/run/run.ts";
import { formatInstant } from "../result/instant.ts";
import { Icon } from "../result/icons.tsx";
import { t, tell } from "../language.ts";
import { statusName } from "../result/statusName.ts";
import { ExportMenu } from "./ExportMenu.tsx";

export interface RunHeaderProps {
  readonly view: RunView;
  readonly onRequest: (request: PanelRequest) => void;
}

/** Which run it is, how far it has come, and what can be done with it. */
export function RunHeader({ view, onRequest }: RunHeaderProps) {
  const { run, result } = view;
  const hasEnded = isFinal(run.status);
  const [isStopping, setStopping] = useState(false);
  const stop = (): void => {
    setStopping(true);
    onRequest({ kind: "stop" });
  };
  return (
    <header>
      <div>
        <h1>{run.name}</h1>
        <p class="muted" role="status">
          <vscode-badge>{statusName(run.status)}</vscode-badge> {describeProgress(view)}
        </p>
        <p class="muted">
          {t("Run|noun")} <code>{run.runId}</code>{" "}
          {t("of {0}, started by {1}", formatInstant(run.startAtMs ?? run.createdAtMs), run.origin.startedBy)}
        </p>
      </div>
      <div class="actions">
        {!hasEnded && (
          <vscode-button disabled={isStopping || run.status === "collecting"} onClick={stop}>
            <span slot="content-before">
              <Icon name="stop" />
            </span>
            {isStopping ? t("Stopping…") : t("Stop")}
          </vscode-button>
        )}
        {run.origin.scenarioPath !== undefined && (
          <vscode-button secondary onClick={() => onRequest({ kind: "open-scenario" })}>
            {t("Open scenario")}
          </vscode-button>
        )}
        {hasEnded && (
          <vscode-button secondary onClick={() => onRequest({ kind: "run-again" })}>
            {t("Run again")}
          </vscode-button>
        )}
        {result && <ExportMenu onExport={(format) => onRequest({ kind: "export", format })} />}
      </div>
    </header>
  );
}

function describeProgress({ run, tasks }: RunView): string {
  const isOne = run.tasks === 1;
  const wanted = formatCount(run.tasks);
  switch (run.status) {
    case "queued":
      return isOne ? t("1 task will be started.") : t("{0} tasks will be started.", wanted);
    case "provisioning": {
      const ready = formatCount(tasks.filter(({ state }) => state === "ready").length);
      return isOne ? t("{0} of 1 task ready.", ready) : t("{0} of {1} tasks ready.", ready, wanted);
    }
    case "ready":
      return t("All tasks wait for the agreed start.");
    case "running": {
      if (run.plannedMs === null)
        return isOne ? t("1 task, without a planned end.") : t("{0} tasks, without a planned end.", wanted);
      const planned = formatDuration(run.plannedMs);
      return isOne ? t("1 task, planned for {0}.", planned) : t("{0} tasks, planned for {1}.", wanted, planned);
    }
    case "collecting":
      return t("The load has ended; the tasks' reports are being merged.");
    case "complete":
    case "failed":
    case "cancelled":
      return run.reason === null ? "" : tell(run.reason);
  }
}
