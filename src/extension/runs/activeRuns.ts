import {
  commands,
  l10n,
  MarkdownString,
  StatusBarAlignment,
  window,
  type Disposable,
  type StatusBarItem,
} from "vscode";
import { commandIds } from "../commands.ts";
import type { RunId } from "../../core/run/ids.ts";
import type { RunView } from "../../core/run/run.ts";
import type { RunServices } from "./services.ts";
import { statusText } from "./statusText.ts";
import type { RunViews } from "./views.ts";

const pollMs = 3000;

interface Followed {
  view: RunView | undefined;
  readonly following: { dispose(): void };
}

/** Follows the runs that go on: status bar, badge, and the lists when one begins or ends, whoever started it. */
export class ActiveRuns implements Disposable {
  readonly #services: RunServices;
  readonly #views: RunViews;
  readonly #followed = new Map<RunId, Followed>();
  readonly #item: StatusBarItem;
  readonly #timer: NodeJS.Timeout;
  readonly #owned: readonly { dispose(): unknown }[];
  readonly #onEnded: (view: RunView) => void;

  /** @param onEnded hears of each run that ended while it was followed */
  constructor(services: RunServices, views: RunViews, onEnded: (view: RunView) => void) {
    this.#services = services;
    this.#views = views;
    this.#onEnded = onEnded;
    this.#item = window.createStatusBarItem("loadfleet.runs", StatusBarAlignment.Left, 20);
    this.#item.name = l10n.t("Loadfleet: Running Load Tests");
    // A run that another program starts is found while somebody looks.
    this.#timer = setInterval(() => {
      if (views.runsView.visible || this.#followed.size > 0) this.#refresh();
    }, pollMs);
    this.#owned = [
      this.#item,
      services.book.onChange(() => this.#follow()),
      views.runsView.onDidChangeVisibility(() => this.#refresh()),
    ];
    this.#follow();
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const { following } of this.#followed.values()) following.dispose();
    for (const item of this.#owned) item.dispose();
  }

  #refresh(): void {
    const { book, closing, log } = this.#services;
    book.refresh(closing).catch((error: unknown) => {
      if (!closing.aborted) log.error(error instanceof Error ? error : String(error));
    });
  }

  #follow(): void {
    const { book, feeds, log } = this.#services;
    for (const { runId } of book.active) {
      if (this.#followed.has(runId)) continue;
      const following = feeds.follow(runId, {
        onEvent: (event, view) => {
          const followed = this.#followed.get(runId);
          if (followed !== undefined) followed.view = view;
          if (event.kind === "run") this.#refresh();
          this.#show();
        },
        onEnd: (error) => {
          const view = this.#followed.get(runId)?.view;
          this.#followed.delete(runId);
          if (error instanceof Error) log.error(error);
          else if (view !== undefined) this.#onEnded(view);
          this.#refresh();
          this.#show();
        },
      });
      this.#followed.set(runId, { view: undefined, following });
    }
    this.#show();
    void commands.executeCommand("setContext", "loadfleet.runs.active", book.active.length > 0);
  }

  #show(): void {
    const { runsView } = this.#views;
    const views = [...this.#followed.values()].flatMap(({ view }) => (view === undefined ? [] : [view]));
    const count = this.#followed.size;
    runsView.badge = count === 0 ? undefined : { value: count, tooltip: l10n.t("{0} running", count) };
    const text = statusText(views, l10n.t);
    if (text === undefined) return this.#item.hide();
    this.#item.text = text;
    this.#item.tooltip = new MarkdownString(l10n.t("Open the live view"));
    this.#item.command = { command: commandIds.openRun, title: "", arguments: [{ isActive: true }] };
    this.#item.accessibilityInformation = { label: text.replace(/\$\([^)]*\)\s*/g, "") };
    this.#item.show();
  }
}
