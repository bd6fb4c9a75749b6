import { commands, l10n, window, type Uri } from "vscode";
import { UserError } from "../../core/errors.ts";
import type { RunId } from "../../core/run/ids.ts";
import { isFinal, type RunRecord } from "../../core/run/run.ts";
import { commandIds } from "../commands.ts";
import { exportResult, offerToOpen, pickFormat } from "../panel/exportResult.ts";
import type { Panels } from "../panel/panels.ts";
import { isScenario } from "../recognize.ts";
import { settings } from "../settings.ts";
import { executionsOf, runOf, uriOf, type Executions } from "./commandSubject.ts";
import type { RunCommandId } from "./names.ts";
import { openScenarioOf } from "./pastScenario.ts";
import { pickRun, pickScenario } from "./pickRun.ts";
import { formatInstant } from "./runItems.ts";
import { stopReason } from "./runLabel.ts";
import type { RunListing } from "./runListing.ts";
import type { RunStarter } from "./runStarter.ts";
import { findScenarios } from "./scenarioItems.ts";
import type { RunServices } from "./services.ts";
import { setUpTaurusHere } from "./taurusProgress.ts";
import { tellError } from "./tell.ts";
import type { RunViews } from "./views.ts";

/** What the commands act on. */
export interface CommandParts {
  readonly services: RunServices;
  readonly views: RunViews;
  readonly listing: RunListing;
  readonly starter: RunStarter;
  readonly panels: Panels;
}

/** Answers the commands of running and its views; what they are called with decides what they are about. */
export class RunCommands {
  readonly #services: RunServices;
  readonly #views: RunViews;
  readonly #listing: RunListing;
  readonly #starter: RunStarter;
  readonly #panels: Panels;

  constructor({ services, views, listing, starter, panels }: CommandParts) {
    this.#services = services;
    this.#views = views;
    this.#listing = listing;
    this.#starter = starter;
    this.#panels = panels;
  }

  async execute(id: RunCommandId, args: readonly unknown[]): Promise<void> {
    try {
      await this.#execute(id, args);
    } catch (error) {
      await this.#tell(error, args[0], () => this.execute(id, args));
    }
  }

  async #execute(id: RunCommandId, [subject, places]: readonly unknown[]): Promise<void> {
    // A lens names the execution above which it stands.
    const only = executionsOf(places);
    const { book, closing } = this.#services;
    switch (id) {
      case commandIds.startRun:
        return this.#startWith(subject, l10n.t("Run Load Test"), (uri) => this.#starter.start(uri, only));
      case commandIds.startRunWith:
        return this.#startWith(subject, l10n.t("Run Load Test With Changes"), (uri) =>
          this.#starter.startWith(uri, only),
        );
      case commandIds.runAgain:
        return this.#runAgain(subject);
      case commandIds.debugOnce:
        return this.#debug(subject, only);
      case commandIds.stopRun:
        return this.#stop(await this.#runFrom(subject, l10n.t("Stop Run"), (run) => !isFinal(run.status)));
      case commandIds.openRun:
        return this.#show(await this.#runFrom(subject, l10n.t("Open Run")), "follow");
      case commandIds.replayRun:
        return this.#show(await this.#runFrom(subject, l10n.t("Replay Run")), "replay");
      case commandIds.openScenarioOfRun:
        return this.#openScenario(await this.#runFrom(subject, l10n.t("Open Scenario at Its Commit")));
      case commandIds.exportRun:
        return this.#export(await this.#runFrom(subject, l10n.t("Export Result"), (run) => run.summary !== null));
      case commandIds.deleteRun:
        return this.#delete(await this.#runFrom(subject, l10n.t("Delete Run"), (run) => isFinal(run.status)));
      case commandIds.filterRuns:
        return this.#listing.askForFilter();
      case commandIds.clearRunFilter:
        return this.#listing.filterBy("");
      case commandIds.loadMoreRuns:
        return this.#listing.showMore();
      case commandIds.refreshRuns:
        await book.readAnew(closing);
        return this.#views.refreshRuns();
      case commandIds.refreshScenarios:
        return this.#views.refreshScenarios();
    }
  }

  /** Starts a run's own plan once more and shows it. @throws {UserError} `no-run` */
  async startSame(runId: RunId): Promise<void> {
    const { book, closing } = this.#services;
    await book.refresh(closing);
    const run = book.find(runId);
    if (run === undefined) throw new UserError("no-run", l10n.t("There is no such run any more."));
    this.#showNew(await this.#starter.startSame(run));
  }

  async #startWith(subject: unknown, title: string, start: (uri: Uri) => Promise<RunId | undefined>): Promise<void> {
    const uri = uriOf(subject) ?? (await pickScenario(title));
    if (uri === undefined) return this.#tellNoScenario();
    this.#showNew(await start(uri));
  }

  async #tellNoScenario(): Promise<void> {
    const create = l10n.t("New Load Test");
    // After Escape in the list of several there is nothing to say.
    if ((await findScenarios()).length > 0) return;
    const message = l10n.t("There is no load test in this workspace yet.");
    if ((await window.showInformationMessage(message, create)) === create) {
      await commands.executeCommand(commandIds.newScenario);
    }
  }

  /** From a list, the run's own plan; from the palette, the active scenario, or the plan of the last run. */
  async #runAgain(subject: unknown): Promise<void> {
    const run = runOf(subject);
    if (run !== undefined) return this.#showNew(await this.#starter.startSame(run));
    const uri = uriOf(subject) ?? activeScenario();
    if (uri !== undefined) return this.#showNew(await this.#starter.startAgain(uri));
    await this.#services.book.refresh(this.#services.closing);
    const [last] = this.#services.book.runs;
    if (last === undefined) return this.#tellNoRun();
    this.#showNew(await this.#starter.startSame(last));
  }

  async #debug(subject: unknown, only: Executions): Promise<void> {
    const uri = uriOf(subject) ?? (await pickScenario(l10n.t("Debug Load Test Once")));
    if (uri === undefined) return this.#tellNoScenario();
    await this.#panels.debug(uri, only);
  }

  async #stop(run: RunRecord | undefined): Promise<void> {
    const { engine, closing, book } = this.#services;
    if (run === undefined) return this.#tellNoRun();
    window.setStatusBarMessage(l10n.t("Stopping {0} gracefully", run.name), 4000);
    await engine.stop(run.runId, stopReason, closing);
    await book.refresh(closing);
  }

  async #show(run: RunRecord | undefined, mode: "follow" | "replay"): Promise<void> {
    if (run === undefined) return this.#tellNoRun();
    this.#panels.showRun(run.runId, run.name, mode);
  }

  #showNew(runId: RunId | undefined): void {
    if (runId === undefined || !settings.opensPanel()) return;
    this.#panels.showRun(runId, this.#services.book.find(runId)?.name ?? "Loadfleet", "follow");
  }

  async #openScenario(run: RunRecord | undefined): Promise<void> {
    if (run === undefined) return this.#tellNoRun();
    await openScenarioOf(run, this.#services);
  }

  async #export(run: RunRecord | undefined): Promise<void> {
    if (run === undefined) return this.#tellNoRun();
    const format = await pickFormat();
    const uri = format && (await exportResult(this.#services, run.runId, format));
    if (uri !== undefined) await offerToOpen(uri);
  }

  async #delete(run: RunRecord | undefined): Promise<void> {
    const { engine, closing, book } = this.#services;
    if (run === undefined) return this.#tellNoRun();
    const confirm = l10n.t("Delete");
    const message = l10n.t("Delete the run of {0} from {1}?", run.name, formatInstant(run.createdAtMs));
    const detail = l10n.t("Its figures, logs and files are removed from this machine. This cannot be undone.");
    if ((await window.showWarningMessage(message, { modal: true, detail }, confirm)) !== confirm) return;
    await engine.delete(run.runId, closing);
    this.#panels.closeRun(run.runId);
    book.forget(run.runId);
  }

  async #runFrom(
    subject: unknown,
    title: string,
    fits: (run: RunRecord) => boolean = () => true,
  ): Promise<RunRecord | undefined> {
    const named = runOf(subject);
    if (named !== undefined) return named;
    const { book, closing } = this.#services;
    await book.refresh(closing);
    const uri = uriOf(subject);
    // The status bar's item means the runs that go on.
    const isStatus = typeof subject === "object" && subject !== null && "isActive" in subject;
    const runs = uri === undefined ? (isStatus ? book.active : book.runs) : book.runsOf(uri.fsPath);
    return pickRun(title, runs.filter(fits));
  }

  async #tellNoRun(): Promise<void> {
    if (this.#services.book.runs.length > 0) return;
    const run = l10n.t("Run Load Test");
    const message = l10n.t("There is no run on this machine yet.");
    if ((await window.showInformationMessage(message, run)) === run) await commands.executeCommand(commandIds.startRun);
  }

  async #tell(error: unknown, subject: unknown, retry: () => Promise<void>): Promise<void> {
    const { book, log, closing } = this.#services;
    if (!(error instanceof UserError)) return tellError(error, log);
    // Another program deleted it.
    if (error.code === "no-run") await book.readAnew(closing);
    if (error.code === "untrusted") {
      const manage = () => commands.executeCommand("workbench.trust.manage");
      return tellError(error, log, [{ title: l10n.t("Manage Workspace Trust"), run: manage }]);
    }
    if (error.code === "taurus-missing") {
      const sentence = new UserError(
        "taurus-missing",
        l10n.t("This load test needs Taurus with JMeter, which this machine does not have."),
      );
      return tellError(sentence, log, [
        { title: l10n.t("Set Up Taurus"), run: async () => (await setUpTaurusHere(log)) && retry() },
      ]);
    }
    if (error.code !== "run-active") return tellError(error, log);
    const uri = uriOf(subject) ?? activeScenario();
    const active = book.active.find(({ origin }) => uri === undefined || origin.scenarioPath === uri.fsPath);
    const sentence = new UserError("run-active", l10n.t("This load test is already running."));
    const show = () => this.#show(active, "follow");
    return tellError(sentence, log, active === undefined ? [] : [{ title: l10n.t("Open Run"), run: show }]);
  }
}

function activeScenario(): Uri | undefined {
  const document = window.activeTextEditor?.document;
  return document !== undefined && isScenario(document) ? document.uri : undefined;
}
