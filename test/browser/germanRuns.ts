import { finalSentence } from "../../src/core/results/judgeWords.ts";
import { parseCriterion } from "../../src/core/results/parseCriterion.ts";
import type { JudgedRule, RunResult } from "../../src/core/results/result.ts";
import type { DebugTrace } from "../../src/core/run/debug.ts";
import type { RunView } from "../../src/core/run/run.ts";
import { pointAt, taskIn, viewOf } from "../webview/samplePoints.ts";
import { failedResult, partialResult } from "../webview/sampleResult.ts";
import { traceOf } from "../webview/sampleTrace.ts";

/** A run that broke rules and lost a task, with the sentences that the product itself writes. */
export function troubledResult(): RunResult {
  const failed = failedResult();
  const { isPartial, health, isApproximate, latencyFrom } = partialResult();
  const reason = "3 of 4 tasks reported. Task 2: It was lost. Its process was ended by SIGKILL.";
  return {
    ...failed,
    isPartial,
    health,
    isApproximate,
    latencyFrom,
    reason,
    tasks: { wanted: 4, reported: 3, missing: [{ task: 2, reason: "Its process was ended by SIGKILL." }] },
    verdict: { ...failed.verdict, rules: failed.verdict.rules.map(withSentence) },
  };
}

function withSentence(rule: JudgedRule): JudgedRule {
  const parsed = parseCriterion(rule.text);
  if ("fault" in parsed) throw new Error(parsed.fault.message);
  return { ...rule, sentence: finalSentence(parsed.criterion, rule.measured ?? 0) };
}

/** A run that goes on, of whose three tasks one is lost. */
export function liveRun(labels: readonly string[]): RunView {
  const view = viewOf(failedResult());
  const tasks = [taskIn(0, "running"), taskIn(1, "running"), taskIn(2, "lost", "Its process ended with exit code 1.")];
  return { ...view, tasks, points: Array.from({ length: 45 }, (_, second) => pointAt(second, labels)) };
}

/** A run that ended before any task had reported. */
export function runWithoutResult(): RunView {
  const reason = "Only 0 of 2 tasks became ready; the others were not ready after 60 s.";
  const view = viewOf(failedResult(), { status: "failed", reason });
  return { ...view, tasks: [taskIn(0, "failed", "Its process ended with exit code 1.")] };
}

/** A trace that was cut short, with an answer that never came. */
export function cutTrace(): DebugTrace {
  return { ...traceOf(), notes: ["It was stopped before its end."] };
}
