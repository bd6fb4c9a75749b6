import { isAbsolute } from "node:path";
import {
  FileSystemError,
  l10n,
  LanguageModelTextPart,
  LanguageModelToolResult,
  Uri,
  workspace,
  type CancellationToken,
  type PreparedToolInvocation,
} from "vscode";
import { errorMessage, UserError } from "../../core/errors.ts";
import { formatResultText } from "../../core/results/format.ts";
import type { RunResult } from "../../core/results/result.ts";
import { isFinal } from "../../core/run/run.ts";
import type { Problem } from "../../core/scenario/problem.ts";
import { fileNameOf, readingOf } from "../authoring/readings.ts";
import { endOfRun } from "../runs/endOfRun.ts";
import { prepareRun } from "../runs/prepareRun.ts";
import { stopReason } from "../runs/runLabel.ts";
import { RunStarter } from "../runs/runStarter.ts";
import type { RunServices } from "../runs/services.ts";
import type { ToolInput, ToolName } from "./register.ts";

/** Says what a tool is about to do; load is only sent after the person has agreed. */
export async function prepareTool(name: ToolName, input: ToolInput): Promise<PreparedToolInvocation> {
  const { path } = input;
  if (name === "loadfleet_check") return { invocationMessage: l10n.t("Checking {0}", path) };
  if (name === "loadfleet_result") return { invocationMessage: l10n.t("Reading the last result of {0}", path) };
  return {
    invocationMessage: l10n.t("Running {0} on this machine", path),
    confirmationMessages: {
      title: l10n.t("Run {0} on this machine?", path),
      message: l10n.t(
        "It sends load to the addresses that stand in it. Test only what is yours, or what you may test.",
      ),
    },
  };
}

/** Does what an assistant asks for. The answer is English text, failures that can be acted on included. */
export async function useTool(
  name: ToolName,
  input: ToolInput,
  services: RunServices,
  token: CancellationToken,
): Promise<LanguageModelToolResult> {
  try {
    return answer(await uses[name](await findFile(input.path), services, token));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, hint } = errorMessage(error);
    return answer(`${message}${hint === undefined ? "" : ` ${hint}`} (${code})`);
  }
}

type Use = (uri: Uri, services: RunServices, token: CancellationToken) => Promise<string>;

const uses: Readonly<Record<ToolName, Use>> = { loadfleet_check: check, loadfleet_run: run, loadfleet_result: last };

async function check(uri: Uri): Promise<string> {
  const document = await workspace.openTextDocument(uri);
  const { problems } = readingOf(document);
  return problems.length === 0 ? `${fileNameOf(document)} has no problems.` : listProblems(problems);
}

async function run(uri: Uri, services: RunServices, token: CancellationToken): Promise<string> {
  const prepared = await prepareRun(uri, { engine: "local" });
  if (prepared.kind === "refused") return `It was not run.\n${listProblems(prepared.problems)}`;
  const { engine, closing } = services;
  const runId = await new RunStarter(services).submit(prepared.planned.plan, prepared.planned.contents, uri.fsPath);
  services.quietRuns.add(runId);
  const cancelling = token.onCancellationRequested(() => void engine.stop(runId, stopReason, closing));
  const { result, reason } = await endOfRun(runId, services).finally(() => cancelling.dispose());
  return result === undefined ? (reason ?? "The run has no figures.") : textOf(result);
}

async function last(uri: Uri, { book, engine, closing }: RunServices): Promise<string> {
  await book.refresh(closing);
  const ended = book.runsOf(uri.fsPath).find(({ status }) => isFinal(status));
  if (ended === undefined) return "It was not run on this machine yet.";
  const result = await engine.result(ended.runId, closing);
  return result === undefined ? (ended.reason ?? "The run has no figures.") : textOf(result);
}

/** @throws {UserError} `no-such-file` */
async function findFile(path: string): Promise<Uri> {
  const folders = workspace.workspaceFolders ?? [];
  const candidates = isAbsolute(path) ? [Uri.file(path)] : folders.map(({ uri }) => Uri.joinPath(uri, path));
  for (const uri of candidates) {
    const found = await workspace.fs.stat(uri).then(
      () => true,
      (error: unknown) => {
        if (error instanceof FileSystemError) return false;
        throw error;
      },
    );
    if (found) return uri;
  }
  throw new UserError("no-such-file", `There is no file ${path} in the workspace.`);
}

function listProblems(problems: readonly Problem[]): string {
  return problems
    .map(
      ({ file, line, column, severity, message, code }) =>
        `${file}:${line}:${column}: ${severity}: ${message} (${code})`,
    )
    .join("\n");
}

function textOf(result: RunResult): string {
  return formatResultText(result, { width: 120, color: false });
}

function answer(text: string): LanguageModelToolResult {
  return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
}
