import { createHash } from "node:crypto";
import { basename } from "node:path";
import { l10n, Uri, workspace, type Disposable, type WebviewPanel } from "vscode";
import { UserError, type ErrorMessage } from "../../core/errors.ts";
import type { PanelReplies, PanelRequest } from "../../core/panel/protocol.ts";
import type { DebugTrace } from "../../core/run/debug.ts";
import { editorError } from "../editorError.ts";
import type { Executions } from "../runs/commandSubject.ts";
import type { RunServices } from "../runs/services.ts";
import { openScenario, openText } from "./openText.ts";
import { PageChannel } from "./pageChannel.ts";

/** Sends each request of a scenario, or of some of its executions, once. */
export type SendOnce = (uri: Uri, only: Executions, signal: AbortSignal) => Promise<DebugTrace>;

/** Debug Once of a scenario in a panel; its last trace is kept for the time after a reload of the window. */
export class DebugPanel implements Disposable {
  readonly #scenario: Uri;
  readonly #services: RunServices;
  readonly #sendOnce: SendOnce;
  readonly #channel: PageChannel;
  /** What was asked for last, for sending it again. */
  #only: Executions = {};
  #sending: AbortController | undefined;
  #trace: DebugTrace | null = null;
  #error: ErrorMessage | undefined;

  constructor(panel: WebviewPanel, scenario: Uri, services: RunServices, sendOnce: SendOnce) {
    this.#scenario = scenario;
    this.#services = services;
    this.#sendOnce = sendOnce;
    panel.title = l10n.t("Debug {0}", basename(scenario.path));
    const host = {
      subject: { kind: "debug", scenarioUri: scenario.toString() } as const,
      onReady: () => this.#show(),
      answer: (request: PanelRequest) => this.#answer(request),
    };
    this.#channel = new PageChannel(panel, host, services.extensionUri, services.log);
  }

  /** Sends the requests and shows what comes back; one that is under way is ended first. */
  async send(only: Executions): Promise<void> {
    this.#only = only;
    this.#sending?.abort();
    const sending = (this.#sending = new AbortController());
    this.#trace = null;
    this.#error = undefined;
    this.#show();
    try {
      const trace = await this.#sendOnce(this.#scenario, only, sending.signal);
      if (sending.signal.aborted) return;
      this.#trace = trace;
      await this.#keep(trace);
    } catch (error) {
      if (sending.signal.aborted) return;
      if (!(error instanceof UserError)) this.#services.log.error(error instanceof Error ? error : String(error));
      this.#error = editorError(error);
    }
    this.#show();
  }

  /** Shows the trace of an earlier window; says what to do when there is none. */
  async restore(): Promise<void> {
    this.#trace = (await this.#read()) ?? null;
    if (this.#trace === null) {
      const message = l10n.t("The answers of this debug run are not kept any more.");
      this.#error = { code: "trace-gone", message, hint: l10n.t("Debug the scenario once more.") };
    }
    this.#show();
  }

  dispose(): void {
    this.#sending?.abort();
    this.#channel.dispose();
  }

  #show(): void {
    if (this.#error === undefined) this.#channel.send({ kind: "debug", trace: this.#trace });
    else this.#channel.send({ kind: "failure", error: this.#error });
  }

  async #answer(request: PanelRequest): Promise<PanelReplies[keyof PanelReplies]> {
    switch (request.kind) {
      case "debug-again":
        await this.send(this.#only);
        return null;
      case "open-scenario":
        await openScenario(this.#scenario.fsPath, request.line);
        return null;
      case "open-text":
        await openText(request);
        return null;
      case "stop":
        this.#sending?.abort();
        return null;
      case "run-again":
      case "export":
      case "read-log":
        throw new UserError("not-a-run", l10n.t("This panel shows no run."));
    }
  }

  #keptUri(): Uri | undefined {
    const name = createHash("sha256").update(this.#scenario.toString()).digest("hex").slice(0, 32);
    return this.#services.storageUri && Uri.joinPath(this.#services.storageUri, "debug", `${name}.json`);
  }

  async #keep(trace: DebugTrace): Promise<void> {
    const uri = this.#keptUri();
    if (uri !== undefined) await workspace.fs.writeFile(uri, new TextEncoder().encode(JSON.stringify(trace)));
  }

  async #read(): Promise<DebugTrace | undefined> {
    const uri = this.#keptUri();
    if (uri === undefined) return undefined;
    try {
      const value: unknown = JSON.parse(new TextDecoder().decode(await workspace.fs.readFile(uri)));
      return isTrace(value) ? value : undefined;
    } catch {
      // Never kept, or only half of it: as good as gone.
      return undefined;
    }
  }
}

// The form is this program's own, so its name is enough.
function isTrace(value: unknown): value is DebugTrace {
  return typeof value === "object" && value !== null && "schema" in value && value.schema === "loadfleet.debug.v1";
}
