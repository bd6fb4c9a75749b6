import {
  l10n,
  Location,
  Position,
  TestMessage,
  type CancellationToken,
  type TestController,
  type TestItem,
  type TestRun,
  type TestRunRequest,
} from "vscode";
import { formatResultText } from "../../core/results/format.ts";
import type { RunResult } from "../../core/results/result.ts";
import type { RunId } from "../../core/run/ids.ts";
import { editorError } from "../editorError.ts";
import { tell } from "../language.ts";
import { endOfRun } from "../runs/endOfRun.ts";
import { expectedAndActual } from "../runs/failedCriteria.ts";
import { prepareRun } from "../runs/prepareRun.ts";
import { RunStarter } from "../runs/runStarter.ts";
import { stopReason } from "../runs/runLabel.ts";
import type { RunServices } from "../runs/services.ts";
import { criterionId } from "./testLayout.ts";
import { resolveTests } from "./testTree.ts";

/** Runs the files of the chosen tests on this machine, one after the other, and judges their criteria. */
export async function runTests(
  controller: TestController,
  request: TestRunRequest,
  services: RunServices,
  token: CancellationToken,
): Promise<void> {
  const run = controller.createTestRun(request);
  try {
    if (request.include === undefined) await resolveTests(controller, undefined);
    const chosen = request.include ?? [...controller.items].map(([, item]) => item);
    const excluded = new Set(request.exclude?.map(({ id }) => id));
    for (const file of new Set(chosen.map(fileOf))) {
      if (token.isCancellationRequested) break;
      if (excluded.has(file.id)) continue;
      await resolveTests(controller, file);
      await runFile(run, file, services, token);
    }
  } finally {
    run.end();
  }
}

async function runFile(run: TestRun, file: TestItem, services: RunServices, token: CancellationToken): Promise<void> {
  // The states of what holds others follow from these.
  const leaves = leavesOf(file);
  for (const item of leaves) run.started(item);
  const fail = (message: TestMessage): void => leaves.forEach((item) => run.errored(item, message));
  try {
    const uri = file.uri;
    if (uri === undefined) return;
    const prepared = await prepareRun(uri, { engine: "local" });
    if (prepared.kind === "refused") {
      const first = prepared.problems.find(({ severity }) => severity === "error");
      const message = new TestMessage(
        first === undefined ? l10n.t("This file holds nothing that can be run.") : tell(first.message),
      );
      message.location = new Location(uri, new Position((first?.line ?? 1) - 1, (first?.column ?? 1) - 1));
      return fail(message);
    }
    const { plan, contents } = prepared.planned;
    const runId = await new RunStarter(services).submit(plan, contents, uri.fsPath);
    services.quietRuns.add(runId);
    const cancelling = token.onCancellationRequested(() => void stop(services, runId));
    const { result, reason } = await endOfRun(runId, services);
    const why = reason === null ? l10n.t("The run has no figures.") : tell(reason);
    cancelling.dispose();
    if (result === undefined) return fail(new TestMessage(why));
    run.appendOutput(formatResultText(result, { width: 100, color: false }).replaceAll("\n", "\r\n"));
    if (result.status === "complete") judge(run, leaves, result);
    else fail(new TestMessage(why));
  } catch (error) {
    const { message, hint } = editorError(error);
    fail(new TestMessage(hint === undefined ? tell(message) : `${tell(message)} ${tell(hint)}`));
  }
}

function judge(run: TestRun, leaves: readonly TestItem[], result: RunResult): void {
  const rules = new Map(result.verdict.rules.map((rule) => [criterionId(rule), rule]));
  for (const item of leaves) {
    const rule = rules.get(item.id.split("\n").at(-1) ?? "");
    // A scenario without criteria has passed when its run was completed.
    if (rule === undefined || rule.status === "passed") run.passed(item, result.spanMs);
    else if (rule.status === "not judged") run.skipped(item);
    else {
      const { expected, actual } = expectedAndActual(rule);
      const message = TestMessage.diff(tell(rule.sentence), expected, actual);
      if (item.uri !== undefined && item.range !== undefined) message.location = new Location(item.uri, item.range);
      run.failed(item, message, result.spanMs);
    }
  }
}

async function stop({ engine, closing, log }: RunServices, runId: RunId): Promise<void> {
  await engine.stop(runId, stopReason, closing).catch((error: unknown) => log.error(String(error)));
}

function fileOf(item: TestItem): TestItem {
  return item.parent === undefined ? item : fileOf(item.parent);
}

function leavesOf(item: TestItem): TestItem[] {
  return item.children.size === 0 ? [item] : [...item.children].flatMap(([, child]) => leavesOf(child));
}
