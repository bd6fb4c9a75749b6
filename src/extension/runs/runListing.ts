import { commands, l10n, window } from "vscode";
import type { RunRecord } from "../../core/run/run.ts";
import { settings } from "../settings.ts";
import type { RunBook } from "./runBook.ts";
import { filterRuns } from "./runGroups.ts";
import type { RunViews } from "./views.ts";

/** What the Runs view shows of the book: the runs that fit a filter, as many pages of them as a person asked for. */
export class RunListing {
  readonly #book: RunBook;
  readonly #views: RunViews;
  #filter = "";
  #pages = 1;

  constructor(book: RunBook, views: RunViews) {
    this.#book = book;
    this.#views = views;
  }

  get isFiltered(): boolean {
    return this.#filter !== "";
  }

  /** The runs to show, newest first, and whether there are more of them. */
  read(): { readonly runs: readonly RunRecord[]; readonly hasMore: boolean } {
    const fitting = filterRuns(this.#book.runs, this.#filter, l10n.t);
    const count = this.#pages * settings.runsPageSize();
    return { runs: fitting.slice(0, count), hasMore: fitting.length > count };
  }

  showMore(): void {
    this.#pages++;
    this.#views.refreshRuns();
  }

  /** Lets the person write words that the runs must have. */
  async askForFilter(): Promise<void> {
    const text = await window.showInputBox({
      title: l10n.t("Filter Runs"),
      prompt: l10n.t("Words from name, path, verdict, commit or person; empty shows all"),
      value: this.#filter,
    });
    if (text !== undefined) await this.filterBy(text.trim());
  }

  /** Shows the first page of the runs that have these words; empty shows all. */
  async filterBy(text: string): Promise<void> {
    this.#filter = text;
    this.#pages = 1;
    this.#views.runsView.description = text === "" ? "" : l10n.t("filtered: {0}", text);
    await commands.executeCommand("setContext", "loadfleet.runs.filtered", text !== "");
    this.#views.refreshRuns();
  }
}
