import { basename, dirname } from "node:path";
import { l10n, ProgressLocation, window, type Uri } from "vscode";
import { resolveLocalSecrets } from "../../agent/secrets.ts";
import { UserError } from "../../core/errors.ts";
import type { DebugTrace } from "../../core/run/debug.ts";
import type { RunId } from "../../core/run/ids.ts";
import { writtenLabelsOf } from "../../core/run/labels.ts";
import type { RunPlan } from "../../core/run/plan.ts";
import type { RunRecord } from "../../core/run/run.ts";
import type { Scenario } from "../../core/scenario/model.ts";
import type { Problem } from "../../core/scenario/problem.ts";
import type { BundleContent } from "../../fleet/engine.ts";
import { readOrigin, toolVersion } from "../../local/origin.ts";
import { decodeChanges, type Changes } from "./choiceFields.ts";
import { askForChanges } from "./choiceForm.ts";
import { executionsOf, type Executions } from "./commandSubject.ts";
import { prepareRun, refusalSentence, tellRefusal } from "./prepareRun.ts";
import type { RunServices } from "./services.ts";

/** Starts runs on this machine and remembers what was changed for them. */
export class RunStarter {
  readonly #services: RunServices;

  constructor(services: RunServices) {
    this.#services = services;
  }

  /** Starts a run with the file's load, or with changes; undefined when the file cannot be run, which the person was told. */
  async start(uri: Uri, only: Executions, changes: Changes = {}): Promise<RunId | undefined> {
    const prepared = await prepareRun(uri, { engine: "local", ...only, ...changes });
    if (prepared.kind === "refused") return this.#refuse(uri, only, changes, prepared.problems);
    const { plan, contents } = prepared.planned;
    const runId = await this.submit(plan, contents, uri.fsPath);
    const { memory } = this.#services;
    await memory.update(lastKey(uri), { ...only, ...changes });
    // Later runs as in the file leave alone what was changed for an earlier one.
    if (Object.keys(changes).length > 0) await memory.update(changesKey(uri, prepared.scenario), changes);
    return runId;
  }

  /**
   * Lets the person change the load first; undefined when they leave it.
   * @param begun changes to go on with; without them, those of the last run of the same scenarios
   */
  async startWith(uri: Uri, only: Executions, begun?: Changes): Promise<RunId | undefined> {
    const { memory } = this.#services;
    const prepared = await prepareRun(uri, { engine: "local", ...only });
    const { scenario } = prepared;
    const asInFile = {
      plan: prepared.kind === "ready" ? prepared.planned.plan : undefined,
      labels: scenario === undefined ? [] : writtenLabelsOf(scenario),
    };
    const remembered = begun ?? decodeChanges(memory.get(changesKey(uri, scenario)), l10n.t);
    const changes = await askForChanges(l10n.t("Run {0}", basename(uri.fsPath)), asInFile, remembered);
    if (changes === undefined) return undefined;
    if (Object.keys(changes).length === 0) await memory.update(changesKey(uri, scenario), undefined);
    return this.start(uri, only, changes);
  }

  /** Starts the file as it is now, with the changes of its last run. */
  startAgain(uri: Uri): Promise<RunId | undefined> {
    const last: unknown = this.#services.memory.get(lastKey(uri));
    const places = typeof last === "object" && last !== null && "executions" in last ? last.executions : undefined;
    return this.start(uri, executionsOf(places), decodeChanges(last, l10n.t));
  }

  /** Starts a run's own plan once more, whatever the file says today. @throws {UserError} `plan-gone` */
  async startSame(run: RunRecord): Promise<RunId> {
    const { engine, closing } = this.#services;
    const plan = await engine.plan(run.runId, closing);
    const contents = plan === undefined ? undefined : await engine.files(plan, closing);
    if (plan === undefined || contents === undefined) {
      throw new UserError("plan-gone", l10n.t("The plan of this run of {0} is not kept any more.", run.name), {
        hint: l10n.t("Run its scenario instead."),
      });
    }
    return this.submit(plan, contents, run.origin.scenarioPath);
  }

  /** Starts a plan in a runner of its own and shows it in the lists. */
  async submit(plan: RunPlan, contents: readonly BundleContent[], scenarioPath: string | undefined): Promise<RunId> {
    const { engine, book, closing } = this.#services;
    const title = l10n.t("Starting {0}", plan.name);
    return window.withProgress({ location: ProgressLocation.Window, title }, async () => {
      const origin = await readOrigin(scenarioPath ?? process.cwd(), closing);
      const runId = await engine.start(plan, contents, { ...origin, scenarioPath, toolVersion }, closing);
      await book.refresh(closing);
      return runId;
    });
  }

  /** Tells what keeps a run from starting; what the changes have caused can be changed at once. */
  async #refuse(
    uri: Uri,
    only: Executions,
    changes: Changes,
    problems: readonly Problem[],
  ): Promise<RunId | undefined> {
    const hasChanges = Object.keys(changes).length > 0;
    const isFileReady = hasChanges && (await prepareRun(uri, { engine: "local", ...only })).kind === "ready";
    const isToChange = await tellRefusal(uri, problems, isFileReady ? "changes" : "file");
    return isToChange ? this.startWith(uri, only, changes) : undefined;
  }

  /** Sends each request of a scenario once. @throws {UserError} `cannot-debug` when the file or its driver does not allow it */
  async debug(uri: Uri, only: Executions, signal: AbortSignal): Promise<DebugTrace> {
    const prepared = await prepareRun(uri, { engine: "local", ...only });
    if (prepared.kind === "refused") throw new UserError("cannot-debug", refusalSentence(uri, prepared.problems));
    const { plan } = prepared.planned;
    const environment = { ...plan.environment, ...resolveLocalSecrets(plan.secrets, process.env) };
    const folder = dirname(uri.fsPath);
    if (plan.driver !== "embedded") {
      const { debugWithEngine } = await import("../../agent/debug.ts");
      return debugWithEngine(plan, folder, environment, signal);
    }
    const { debugOnce } = await import("../../generator/debug.ts");
    return debugOnce(plan, folder, environment, signal);
  }
}

function lastKey(uri: Uri): string {
  return `loadfleet.last:${uri.toString()}`;
}

/** Changes belong to the scenarios that are run: a file may have several, with loads of their own. */
function changesKey(uri: Uri, scenario: Scenario | undefined): string {
  const names = scenario?.executions.map((execution) => execution.scenario) ?? [];
  return `loadfleet.changes:${uri.toString()}#${names.join(",")}`;
}
