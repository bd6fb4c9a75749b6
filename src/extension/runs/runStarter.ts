import { basename, dirname } from "node:path";
import { l10n, ProgressLocation, window, type Uri } from "vscode";
import { resolveLocalSecrets } from "../../agent/secrets.ts";
import { UserError } from "../../core/errors.ts";
import type { DebugTrace } from "../../core/run/debug.ts";
import type { RunId } from "../../core/run/ids.ts";
import type { RunPlan } from "../../core/run/plan.ts";
import type { RunRecord } from "../../core/run/run.ts";
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
    if (prepared.kind === "refused") {
      await tellRefusal(uri, prepared.problems);
      return undefined;
    }
    await this.#services.memory.update(key("last", uri), { ...only, ...changes });
    const { plan, contents } = prepared.planned;
    return this.submit(plan, contents, uri.fsPath);
  }

  /** Lets the person change the load first; undefined when they leave it. */
  async startWith(uri: Uri, only: Executions): Promise<RunId | undefined> {
    const { memory } = this.#services;
    const asInFile = await prepareRun(uri, { engine: "local", ...only });
    const plan = asInFile.kind === "ready" ? asInFile.planned.plan : undefined;
    const remembered = decodeChanges(memory.get(key("changes", uri)), l10n.t);
    const changes = await askForChanges(l10n.t("Run {0}", basename(uri.fsPath)), plan, remembered);
    if (changes === undefined) return undefined;
    await memory.update(key("changes", uri), changes);
    return this.start(uri, only, changes);
  }

  /** Starts the file as it is now, with the changes of its last run. */
  startAgain(uri: Uri): Promise<RunId | undefined> {
    const last: unknown = this.#services.memory.get(key("last", uri));
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

function key(kind: "changes" | "last", uri: Uri): string {
  return `loadfleet.${kind}:${uri.toString()}`;
}
