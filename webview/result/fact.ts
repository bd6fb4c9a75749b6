import { formatCount, formatDuration, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import type { PlannedExecution } from "../../src/core/run/plan.ts";
import { formatInstant } from "./instant.ts";

/** One thing to know about a run. */
export interface Fact {
  readonly name: string;
  readonly value: string;
}

/** Facts about a run under one heading. */
export interface FactGroup {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** Collects who ran what, with which load, where, and how well the load generators held up. */
export function factsOf(result: RunResult): readonly FactGroup[] {
  return [
    { title: "Run", facts: runFacts(result) },
    { title: "Plan", facts: planFacts(result) },
    { title: "Load generators", facts: generatorFacts(result) },
    { title: "Measurement", facts: measurementFacts(result) },
  ];
}

function runFacts({
  runId,
  testId,
  status,
  reason,
  origin,
  startAtMs,
  endedAtMs,
  costUsd,
}: RunResult): readonly Fact[] {
  const { isTreeClean } = origin;
  const tree = isTreeClean === undefined ? "" : isTreeClean ? ", no uncommitted changes" : ", with uncommitted changes";
  return [
    { name: "Status", value: reason === null ? status : `${status}: ${reason}` },
    { name: "Started by", value: origin.startedBy },
    { name: "Commit", value: origin.commit === undefined ? "not in a repository" : `${origin.commit}${tree}` },
    { name: "Started", value: startAtMs === null ? "the load never began" : formatInstant(startAtMs) },
    { name: "Ended", value: formatInstant(endedAtMs) },
    { name: "Run", value: runId },
    { name: "Test", value: testId },
    ...(origin.scenarioPath === undefined ? [] : [{ name: "Scenario", value: fileName(origin.scenarioPath) }]),
    ...(costUsd === null ? [] : [{ name: "Cost", value: `$${costUsd.toFixed(2)}` }]),
  ];
}

/** The folders of someone's machine are not for everyone that a report is sent to. */
function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function planFacts({ plan }: RunResult): readonly Fact[] {
  const planned = plan.plannedMs === null ? "until its iterations or its script end" : formatDuration(plan.plannedMs);
  return [
    ...plan.executions.map((execution) => ({ name: execution.scenario, value: describeExecution(execution) })),
    { name: "Planned duration", value: planned },
  ];
}

/** Says an execution's load: `40 users, ramp-up 5s, hold-for 15s`. */
function describeExecution(execution: PlannedExecution): string {
  const { users, ratePerSecond, rampUpMs, steps, holdForMs, delayMs, iterations, executor } = execution;
  const parts = [
    users === null ? "users of the script" : users === 1 ? "1 user" : `${formatCount(users)} users`,
    ratePerSecond === null ? undefined : `target ${formatRate(ratePerSecond)}`,
    delayMs > 0 ? `delay ${formatDuration(delayMs)}` : undefined,
    rampUpMs > 0 ? `ramp-up ${formatDuration(rampUpMs)}${steps === null ? "" : ` in ${steps} steps`}` : "no ramp-up",
    holdForMs === null ? undefined : `hold-for ${formatDuration(holdForMs)}`,
    iterations === null ? undefined : `${formatCount(iterations)} iterations per user`,
    executor === undefined ? undefined : `executor ${executor}`,
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function generatorFacts({ engine, driver, versions, tasks, startSkewMs, health }: RunResult): readonly Fact[] {
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const cpu = formatPercent(health.cpuPeakRatio);
  return [
    { name: "Engine", value: engine === "aws" ? "AWS Fargate" : "this machine" },
    { name: "Driver", value: driver },
    { name: "Versions", value: versionList.length === 0 ? "not reported" : versionList.join(", ") },
    { name: "Tasks reported", value: `${tasks.reported} of ${tasks.wanted}` },
    ...tasks.missing.map(({ task, reason }) => ({ name: `Task ${task}`, value: reason })),
    { name: "Start skew", value: tasks.reported < 2 ? "none, one task" : formatMs(startSkewMs) },
    { name: "CPU peak", value: `${cpu} of a core${health.isDoubtful ? ", too much to trust the times" : ""}` },
    { name: "Memory peak", value: `${formatCount(health.memoryPeakMiB)} MiB` },
  ];
}

function measurementFacts({ latencyFrom, isApproximate, series }: RunResult): readonly Fact[] {
  const from = {
    send: "the actual send: waiting for a free user before it is not included",
    "intended-start": "the intended start: waiting because the target was slow is included",
  }[latencyFrom];
  const percentiles = isApproximate
    ? "estimated from each task's percentiles"
    : "from the merged histograms of all tasks, exact to 0.1 %";
  return [
    { name: "Response time counts from", value: from },
    { name: "Percentiles", value: percentiles },
    { name: "Over time", value: series === null ? "not kept" : `one value each ${series.bucketSeconds} s` },
  ];
}
