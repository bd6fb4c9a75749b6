import { l10n, type Disposable, type WebviewPanel } from "vscode";
import type { PanelReplies, PanelRequest } from "../../core/panel/protocol.ts";
import type { RunId } from "../../core/run/ids.ts";
import { isFinal, type RunView } from "../../core/run/run.ts";
import { editorError } from "../editorError.ts";
import { outcomeWord, stopReason } from "../runs/runLabel.ts";
import type { RunServices } from "../runs/services.ts";
import { exportResult, offerToOpen } from "./exportResult.ts";
import { Outbox } from "./outbox.ts";
import { openScenario, openText } from "./openText.ts";
import { PageChannel } from "./pageChannel.ts";

const flushMs = 100;

/** A run in a panel: followed live, as its result, or replayed. */
export class RunPanel implements Disposable {
  readonly #panel: WebviewPanel;
  readonly #runId: RunId;
  readonly #services: RunServices;
  readonly #startSame: (runId: RunId) => Promise<void>;
  readonly #channel: PageChannel;
  readonly #outbox: Outbox;
  readonly #following: { dispose(): void };
  #view: RunView | undefined;
  #error: unknown;

  constructor(
    panel: WebviewPanel,
    { runId, mode }: { readonly runId: RunId; readonly mode: "follow" | "replay" },
    services: RunServices,
    startSame: (runId: RunId) => Promise<void>,
  ) {
    const subject = { kind: "run", runId, mode } as const;
    this.#panel = panel;
    this.#runId = runId;
    this.#services = services;
    this.#startSame = startSame;
    const host = { subject, onReady: () => this.#onReady(), answer: (request: PanelRequest) => this.#answer(request) };
    this.#channel = new PageChannel(panel, host, services.extensionUri, services.log);
    this.#outbox = new Outbox(
      (events) => this.#channel.send({ kind: "events", events }),
      (flush) => void setTimeout(flush, flushMs),
    );
    this.#following = services.feeds.follow(this.#runId, {
      onEvent: (event, view) => {
        this.#view = view;
        this.#showTitle(view);
        if (this.#channel.isListening) this.#outbox.add(event);
      },
      onEnd: (error) => {
        this.#error = error;
        this.#tellFailure();
      },
    });
  }

  dispose(): void {
    this.#following.dispose();
    this.#outbox.clear();
    this.#channel.dispose();
  }

  #onReady(): void {
    if (this.#view !== undefined) this.#outbox.add({ kind: "snapshot", view: this.#view });
    this.#tellFailure();
  }

  #tellFailure(): void {
    if (this.#error !== undefined) this.#channel.send({ kind: "failure", error: editorError(this.#error) });
  }

  #showTitle({ run }: RunView): void {
    this.#panel.title = isFinal(run.status)
      ? `${run.name}: ${outcomeWord(run, l10n.t)}`
      : l10n.t("{0}: live", run.name);
  }

  async #answer(request: PanelRequest): Promise<PanelReplies[keyof PanelReplies]> {
    const { engine, closing } = this.#services;
    switch (request.kind) {
      case "stop":
        await engine.stop(this.#runId, stopReason, closing);
        return null;
      case "run-again":
        await this.#startSame(this.#runId);
        return null;
      case "export": {
        const uri = await exportResult(this.#services, this.#runId, request.format);
        if (uri !== undefined) void offerToOpen(uri);
        return { path: uri?.fsPath ?? null };
      }
      case "read-log":
        return engine.log(this.#runId, request.task, request.from, closing);
      case "open-scenario":
        await openScenario(this.#view?.run.origin.scenarioPath, request.line);
        return null;
      case "open-text":
        await openText(request);
        return null;
      case "debug-again":
        return null;
    }
  }
}
