import { env, l10n, type Disposable, type LogOutputChannel, type Uri, type WebviewPanel } from "vscode";
import { Value } from "typebox/value";
import { UserError } from "../../core/errors.ts";
import {
  PageMessage,
  type HostMessage,
  type PanelReplies,
  type PanelRequest,
  type PanelSubject,
} from "../../core/panel/protocol.ts";
import { editorError } from "../editorError.ts";
import { pageHtml } from "./pageHtml.ts";

/** What a panel does for its page. */
export interface PageHost {
  readonly subject: PanelSubject;
  /** The page listens and knows its subject; it did not before, or forgot everything while it was hidden. */
  onReady(): void;
  answer(request: PanelRequest): Promise<PanelReplies[keyof PanelReplies]>;
}

/** The messages between a panel and its page: handshake, requests with replies, and what the host sends by itself. */
export class PageChannel implements Disposable {
  readonly #panel: WebviewPanel;
  readonly #log: LogOutputChannel;
  readonly #owned: Disposable[];
  #isListening = false;

  constructor(panel: WebviewPanel, host: PageHost, extensionUri: Uri, log: LogOutputChannel) {
    this.#panel = panel;
    this.#log = log;
    this.#owned = [
      panel.webview.onDidReceiveMessage((message: unknown) => void this.#receive(message, host)),
      // A hidden page is taken down; it says that it is ready once it is shown again.
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#isListening = false;
      }),
    ];
    panel.webview.html = pageHtml(panel.webview, extensionUri);
  }

  /** True while the page is visible and has said that it is ready. */
  get isListening(): boolean {
    return this.#isListening;
  }

  /** Sends to a page that listens; to another one, nothing. */
  send(message: HostMessage): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a webview is no window of a browser
    if (this.#isListening) void this.#panel.webview.postMessage(message);
  }

  dispose(): void {
    this.#isListening = false;
    for (const item of this.#owned) item.dispose();
  }

  async #receive(message: unknown, host: PageHost): Promise<void> {
    if (!Value.Check(PageMessage, message)) {
      this.#log.error(`The page of a panel sent a message that nobody knows: ${JSON.stringify(message).slice(0, 200)}`);
      return;
    }
    if (message.kind === "ready") {
      this.#isListening = true;
      // Without a translation there is no bundle, and the page speaks English, whatever the editor does.
      const language = l10n.bundle === undefined ? "en" : env.language;
      this.send({ kind: "open", subject: host.subject, language, phrases: l10n.bundle ?? {} });
      host.onReady();
      return;
    }
    try {
      this.send({ kind: "reply", id: message.id, reply: await host.answer(message.request) });
    } catch (error) {
      if (!(error instanceof UserError)) this.#log.error(error instanceof Error ? error : String(error));
      this.send({ kind: "refusal", id: message.id, error: editorError(error) });
    }
  }
}
