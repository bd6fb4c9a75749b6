import { useState } from "preact/hooks";
import { formatCount, formatDuration } from "../../src/core/results/figures.ts";
import type { PanelRequest } from "../../src/core/panel/protocol.ts";
import { isFinal, type RunView } from "../../src/core/run/run.ts";
import { formatInstant } from "../result/instant.ts";
import { Icon } from "../result/icons.tsx";
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
          <vscode-badge>{run.status}</vscode-badge> {describeProgress(view)}
        </p>
        <p class="muted">
          Run <code>{run.runId}</code> of {formatInstant(run.startAtMs ?? run.createdAtMs)}, started by{" "}
          {run.origin.startedBy}
        </p>
      </div>
      <div class="actions">
        {!hasEnded && (
          <vscode-button disabled={isStopping || run.status === "collecting"} onClick={stop}>
            <span slot="content-before">
              <Icon name="stop" />
            </span>
            {isStopping ? "Stopping…" : "Stop"}
          </vscode-button>
        )}
        {run.origin.scenarioPath !== undefined && (
          <vscode-button secondary onClick={() => onRequest({ kind: "open-scenario" })}>
            Open scenario
          </vscode-button>
        )}
        {hasEnded && (
          <vscode-button secondary onClick={() => onRequest({ kind: "run-again" })}>
            Run again
          </vscode-button>
        )}
        {result && <ExportMenu onExport={(format) => onRequest({ kind: "export", format })} />}
      </div>
    </header>
  );
}

function describeProgress({ run, tasks }: RunView): string {
  const planned = run.plannedMs === null ? "without a planned end" : `planned for ${formatDuration(run.plannedMs)}`;
  const ready = tasks.filter(({ state }) => state === "ready").length;
  const wanted = run.tasks === 1 ? "1 task" : `${formatCount(run.tasks)} tasks`;
  switch (run.status) {
    case "queued":
      return `${wanted} will be started.`;
    case "provisioning":
      return `${formatCount(ready)} of ${wanted} ready.`;
    case "ready":
      return "All tasks wait for the agreed start.";
    case "running":
      return `${wanted}, ${planned}.`;
    case "collecting":
      return "The load has ended; the tasks' reports are being merged.";
    case "complete":
    case "failed":
    case "cancelled":
      return run.reason ?? "";
  }
}
