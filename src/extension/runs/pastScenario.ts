import { execFile } from "node:child_process";
import { basename, dirname } from "node:path";
import { l10n, Uri, window } from "vscode";
import { UserError } from "../../core/errors.ts";
import { isRunId } from "../../core/run/ids.ts";
import type { RunRecord } from "../../core/run/run.ts";
import { pastScheme } from "./names.ts";
import type { RunServices } from "./services.ts";
import { tellError } from "./tell.ts";

const gitTimeoutMs = 10_000;
const mostBytes = 8 * 1024 * 1024;

/** Shows a run's scenario as its commit has it; where that is not what ran, it offers the copy that the run took along. */
export async function openScenarioOf(run: RunRecord, services: RunServices): Promise<void> {
  const openCopy = { title: l10n.t("Open the Run's Copy"), run: () => showCopy(run, services) };
  try {
    await showAtCommit(run);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return tellError(error, services.log, [openCopy]);
  }
  if (run.origin.isTreeClean !== false) return;
  const message = l10n.t("The run had uncommitted changes, so its scenario may have differed from this commit.");
  if ((await window.showInformationMessage(message, openCopy.title)) === openCopy.title) await openCopy.run();
}

async function showAtCommit({ name, origin }: RunRecord): Promise<void> {
  const { scenarioPath, commit } = origin;
  if (scenarioPath === undefined || commit === undefined) {
    throw new UserError("no-commit", l10n.t("This run of {0} knows no commit.", name), {
      hint: l10n.t("Its scenario was not in a git repository."),
    });
  }
  // Read first: an editor whose text cannot be read says nothing but its address.
  await textAtCommit(scenarioPath, commit);
  await show({ path: scenarioPath, commit }, commit.slice(0, 10));
}

async function showCopy({ runId, origin }: RunRecord, services: RunServices): Promise<void> {
  const path = origin.scenarioPath ?? "";
  await textOfCopy(runId, path, services);
  await show({ path, run: runId }, runId);
}

/** Reads the text of an address that this module made. @throws {UserError} `not-in-commit`, `copy-gone` */
export function readPast(uri: Uri, services: RunServices): Promise<string> {
  const query = new URLSearchParams(uri.query);
  const path = query.get("path") ?? "";
  const run = query.get("run");
  return run === null ? textAtCommit(path, query.get("commit") ?? "") : textOfCopy(run, path, services);
}

/** The last part of the address is the file's name, so that it is shown as such. */
async function show(query: Readonly<Record<string, string>>, version: string): Promise<void> {
  const path = `/${version}/${basename(query["path"] ?? "")}`;
  const uri = Uri.from({ scheme: pastScheme, path, query: new URLSearchParams(query).toString() });
  await window.showTextDocument(uri, { preview: true });
}

function textAtCommit(path: string, commit: string): Promise<string> {
  // An address is text from anywhere: nothing but a commit's name may reach git as one.
  if (!/^[0-9a-f]{7,64}$/.test(commit)) return Promise.reject(notThere(path, commit));
  const options = { cwd: dirname(path), timeout: gitTimeoutMs, maxBuffer: mostBytes, windowsHide: true };
  return new Promise((resolve, reject) => {
    execFile("git", ["show", `${commit}:./${basename(path)}`], options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(notThere(path, commit, error));
    });
  });
}

function notThere(path: string, commit: string, cause?: unknown): UserError {
  const sentence = l10n.t("The commit {0} has no {1}.", commit.slice(0, 10), basename(path));
  return new UserError("not-in-commit", sentence, {
    hint: l10n.t("The scenario was not committed when the run was started, or its repository has moved."),
    cause,
  });
}

async function textOfCopy(runId: string, path: string, { engine, closing }: RunServices): Promise<string> {
  const plan = isRunId(runId) ? await engine.plan(runId, closing) : undefined;
  const files = plan === undefined ? undefined : await engine.files(plan, closing);
  const copy = files?.find((file) => file.path === basename(path));
  if (copy !== undefined) return new TextDecoder().decode(copy.bytes);
  throw new UserError("copy-gone", l10n.t("The run has no copy of {0} any more.", basename(path)));
}
