import { basename, dirname } from "node:path";
import { commands, l10n, Position, Range, window, workspace, type Uri } from "vscode";
import { UserError } from "../../core/errors.ts";
import type { RunChoice } from "../../core/run/plan.ts";
import { pickExecutions } from "../../core/run/pickExecutions.ts";
import type { Scenario } from "../../core/scenario/model.ts";
import type { Problem } from "../../core/scenario/problem.ts";
import { hasError, planFile, type PlannedFile } from "../../local/planFile.ts";
import { openScenario, type ScenarioFile } from "../../local/scenarioFiles.ts";
import { tell } from "../language.ts";

/** A run that can be started, or what keeps it from that. */
export type Preparation = (
  | { readonly kind: "ready"; readonly planned: PlannedFile }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
) & {
  /** The file with the executions that were chosen; undefined when it cannot be read. */
  readonly scenario: Scenario | undefined;
};

/**
 * Saves a scenario, reads it and plans a run on this machine.
 * @throws {UserError} `untrusted`, `not-on-disk`, `not-saved`, `taurus-missing`, and what opening the file throws
 */
export async function prepareRun(uri: Uri, choice: RunChoice): Promise<Preparation> {
  if (!workspace.isTrusted) {
    throw new UserError(
      "untrusted",
      l10n.t("A load test can run code, so it runs only in a workspace that you trust."),
    );
  }
  if (uri.scheme !== "file") {
    throw new UserError("not-on-disk", l10n.t("{0} is not on a disk, so it cannot be run.", uri.path), {
      hint: l10n.t("Save it in a folder of this machine."),
    });
  }
  await saveIfOpen(uri);
  const file = openScenario(basename(uri.fsPath), dirname(uri.fsPath));
  const { planned, problems } = await planForDriver(file, choice);
  const { executions } = choice;
  const scenario = executions && file.scenario ? pickExecutions(file.scenario, executions) : file.scenario;
  return planned === undefined || hasError(problems)
    ? { kind: "refused", problems, scenario }
    : { kind: "ready", planned, scenario };
}

/** Plans for Taurus what the embedded generator cannot do, where there is a Taurus. @throws {UserError} `taurus-missing` */
async function planForDriver(file: ScenarioFile, choice: RunChoice): ReturnType<typeof planFile> {
  const first = await planFile(file, choice);
  if (first.planned === undefined) return first;
  const { driver } = first.planned.plan;
  // Generator and tools are large, and nobody needs them before the first run.
  const [{ findUnsupported }, { findEnginePlace, hasTaurus }] = await Promise.all([
    import("../../generator/unsupported.ts"),
    import("../../local/enginePlace.ts"),
  ]);
  if (driver === "taurus") await findEnginePlace(driver);
  if (driver !== "embedded") return first;
  const unsupported = findUnsupported(first.planned.plan);
  if (unsupported.length === 0) return first;
  if (choice.driver === undefined && (await hasTaurus())) return planFile(file, { ...choice, driver: "taurus" });
  return { ...first, problems: [...first.problems, ...unsupported] };
}

async function saveIfOpen(uri: Uri): Promise<void> {
  const document = workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (document?.isDirty === true && !(await document.save())) {
    throw new UserError("not-saved", l10n.t("{0} could not be saved, so it was not run.", basename(uri.fsPath)));
  }
}

/** Names the first error that keeps a run from starting, and how many there are. */
export function refusalSentence(uri: Uri, problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === "error");
  const [first] = errors;
  const name = basename(uri.fsPath);
  if (first === undefined) return l10n.t("{0} holds nothing that can be run.", name);
  return errors.length === 1
    ? l10n.t("{0} cannot be run: {1}", name, tell(first.message))
    : l10n.t("{0} cannot be run, it has {1} errors. The first: {2}", name, errors.length, tell(first.message));
}

/**
 * Tells why a run does not start, and leads to what mends it: the place in the file, or the changes for this run.
 * @returns whether the person wants to change the changes
 */
export async function tellRefusal(uri: Uri, problems: readonly Problem[], cause: "file" | "changes"): Promise<boolean> {
  const answer = cause === "file" ? l10n.t("Show Problem") : l10n.t("Change...");
  if ((await window.showErrorMessage(refusalSentence(uri, problems), answer)) !== answer) return false;
  if (cause === "changes") return true;
  const first = problems.find(({ severity }) => severity === "error");
  const place = new Position(Math.max(0, (first?.line ?? 1) - 1), Math.max(0, (first?.column ?? 1) - 1));
  const editor = await window.showTextDocument(uri, { selection: new Range(place, place) });
  editor.revealRange(editor.selection);
  await commands.executeCommand("workbench.actions.view.problems");
  return false;
}
