import { Uri, ViewColumn, window, type Disposable, type WebviewPanel } from "vscode";
import { Value } from "typebox/value";
import { PanelState, type PanelSubject } from "../../core/panel/protocol.ts";
import { isRunId, type RunId } from "../../core/run/ids.ts";
import type { Executions } from "../runs/commandSubject.ts";
import { panelType } from "../runs/names.ts";
import type { RunServices } from "../runs/services.ts";
import { DebugPanel, type SendOnce } from "./debugPanel.ts";
import { pagesFolder } from "./pageHtml.ts";
import { RunPanel } from "./runPanel.ts";

/** What the panels need to start something. */
export interface PanelActions {
  readonly startSame: (runId: RunId) => Promise<void>;
  readonly sendOnce: SendOnce;
}

interface OpenPanel {
  readonly panel: WebviewPanel;
  readonly content: RunPanel | DebugPanel;
}

/** The panels that are open: one for each run, each replay and each debugged scenario. */
export class Panels implements Disposable {
  readonly #services: RunServices;
  readonly #actions: PanelActions;
  readonly #open = new Map<string, OpenPanel>();

  constructor(services: RunServices, actions: PanelActions) {
    this.#services = services;
    this.#actions = actions;
  }

  /** Shows a run, in its panel when it has one. */
  showRun(runId: RunId, title: string, mode: "follow" | "replay"): void {
    const subject = { kind: "run", runId, mode } as const;
    if (!this.#reveal(subject)) this.#attach(this.#create(title), subject);
  }

  /** Sends each request of a scenario, or of some of its executions, once and shows what comes back. */
  async debug(scenario: Uri, only: Executions): Promise<void> {
    const subject = { kind: "debug", scenarioUri: scenario.toString() } as const;
    if (!this.#reveal(subject)) this.#attach(this.#create(""), subject);
    const content = this.#open.get(keyOf(subject))?.content;
    if (content instanceof DebugPanel) await content.send(only);
  }

  /** Gives a panel of the window before its reload its content again; one without a subject is closed. */
  async restore(panel: WebviewPanel, state: unknown): Promise<void> {
    if (!Value.Check(PanelState, state) || this.#open.has(keyOf(state.subject))) return panel.dispose();
    panel.webview.options = this.#options();
    const content = this.#attach(panel, state.subject);
    if (content instanceof DebugPanel) await content.restore();
  }

  /** Closes the panels of a run that was deleted. */
  closeRun(runId: RunId): void {
    for (const mode of ["follow", "replay"] as const)
      this.#open.get(keyOf({ kind: "run", runId, mode }))?.panel.dispose();
  }

  /** Tells whether a run is before the person's eyes. */
  isVisible(runId: RunId): boolean {
    return this.#open.get(keyOf({ kind: "run", runId, mode: "follow" }))?.panel.visible === true;
  }

  dispose(): void {
    for (const { content } of this.#open.values()) content.dispose();
  }

  #options() {
    return { enableScripts: true, localResourceRoots: [pagesFolder(this.#services.extensionUri)] };
  }

  #create(title: string): WebviewPanel {
    return window.createWebviewPanel(panelType, title, ViewColumn.Active, this.#options());
  }

  #reveal(subject: PanelSubject): boolean {
    const open = this.#open.get(keyOf(subject));
    open?.panel.reveal();
    return open !== undefined;
  }

  #attach(panel: WebviewPanel, subject: PanelSubject): RunPanel | DebugPanel | undefined {
    const content = this.#contentOf(panel, subject);
    if (content === undefined) {
      panel.dispose();
      return undefined;
    }
    panel.iconPath = Uri.joinPath(this.#services.extensionUri, "media", "icon.png");
    const key = keyOf(subject);
    this.#open.set(key, { panel, content });
    panel.onDidDispose(() => {
      content.dispose();
      this.#open.delete(key);
    });
    return content;
  }

  #contentOf(panel: WebviewPanel, subject: PanelSubject): RunPanel | DebugPanel | undefined {
    const { startSame, sendOnce } = this.#actions;
    if (subject.kind === "debug")
      return new DebugPanel(panel, Uri.parse(subject.scenarioUri), this.#services, sendOnce);
    const { runId, mode } = subject;
    return isRunId(runId) ? new RunPanel(panel, { runId, mode }, this.#services, startSame) : undefined;
  }
}

function keyOf(subject: PanelSubject): string {
  return subject.kind === "debug" ? `debug ${subject.scenarioUri}` : `${subject.mode} ${subject.runId}`;
}
