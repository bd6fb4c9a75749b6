import { formatCount, formatDuration, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import type { PlannedExecution } from "../../src/core/run/plan.ts";
import { t, tell } from "../language.ts";
import { formatInstant } from "./instant.ts";
import { statusName } from "./statusName.ts";

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
    { title: t("Run|noun"), facts: runFacts(result) },
    { title: t("Plan"), facts: planFacts(result) },
    { title: t("Load generators"), facts: generatorFacts(result) },
    { title: t("Measurement"), facts: measurementFacts(result) },
  ];
}

function runFacts(result: RunResult): readonly Fact[] {
  const { runId, testId, status, reason, origin, startAtMs, endedAtMs, costUsd } = result;
  const name = statusName(status);
  return [
    { name: t("Status"), value: reason === null ? name : `${name}: ${tell(reason)}` },
    { name: t("Started by"), value: origin.startedBy },
    { name: t("Commit"), value: describeCommit(result) },
    { name: t("Started"), value: startAtMs === null ? t("the load never began") : formatInstant(startAtMs) },
    { name: t("Ended"), value: formatInstant(endedAtMs) },
    { name: t("Run|noun"), value: runId },
    { name: t("Test|noun"), value: testId },
    ...(origin.scenarioPath === undefined ? [] : [{ name: t("Scenario"), value: fileName(origin.scenarioPath) }]),
    ...(costUsd === null ? [] : [{ name: t("Cost"), value: `$${costUsd.toFixed(2)}` }]),
  ];
}

function describeCommit({ origin: { commit, isTreeClean } }: RunResult): string {
  if (commit === undefined) return t("not in a repository");
  if (isTreeClean === undefined) return commit;
  return isTreeClean ? t("{0}, no uncommitted changes", commit) : t("{0}, with uncommitted changes", commit);
}

/** The folders of someone's machine are not for everyone that a report is sent to. */
function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}

function planFacts({ plan }: RunResult): readonly Fact[] {
  const planned =
    plan.plannedMs === null ? t("until its iterations or its script end") : formatDuration(plan.plannedMs);
  return [
    ...plan.executions.map((execution) => ({ name: execution.scenario, value: describeExecution(execution) })),
    { name: t("Planned duration"), value: planned },
  ];
}

/** Says an execution's load: `40 users, ramp-up 5s, hold-for 15s`. */
function describeExecution(execution: PlannedExecution): string {
  const { users, ratePerSecond, holdForMs, delayMs, iterations, executor } = execution;
  const parts = [
    describeUsers(users),
    ratePerSecond === null ? undefined : t("target {0}|load", formatRate(ratePerSecond)),
    delayMs > 0 ? t("delay {0}|load", formatDuration(delayMs)) : undefined,
    describeRampUp(execution),
    holdForMs === null ? undefined : t("hold-for {0}|load", formatDuration(holdForMs)),
    iterations === null ? undefined : t("{0} iterations per user", formatCount(iterations)),
    executor === undefined ? undefined : t("executor {0}|load", executor),
  ];
  return parts.filter((part) => part !== undefined).join(", ");
}

function describeUsers(users: number | null): string {
  if (users === null) return t("users of the script");
  return users === 1 ? t("1 user") : t("{0} users|count", formatCount(users));
}

function describeRampUp({ rampUpMs, steps }: PlannedExecution): string {
  if (rampUpMs === 0) return t("no ramp-up");
  const length = formatDuration(rampUpMs);
  return steps === null ? t("ramp-up {0}|load", length) : t("ramp-up {0} in {1} steps|load", length, steps);
}

function generatorFacts({ engine, driver, versions, tasks, startSkewMs, health }: RunResult): readonly Fact[] {
  const versionList = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const cpu = formatPercent(health.cpuPeakRatio);
  return [
    { name: t("Engine"), value: engine === "aws" ? "AWS Fargate" : t("this machine") },
    { name: t("Driver"), value: driver },
    { name: t("Versions"), value: versionList.length === 0 ? t("not reported") : versionList.join(", ") },
    { name: t("Tasks reported"), value: t("{0} of {1}|tasks", tasks.reported, tasks.wanted) },
    ...tasks.missing.map(({ task, reason }) => ({ name: t("Task {0}|name", task), value: tell(reason) })),
    { name: t("Start skew"), value: tasks.reported < 2 ? t("none, one task") : formatMs(startSkewMs) },
    {
      name: t("CPU peak"),
      value: health.isDoubtful ? t("{0} of a core, too much to trust the times", cpu) : t("{0} of a core|cpu", cpu),
    },
    { name: t("Memory peak"), value: `${formatCount(health.memoryPeakMiB)} MiB` },
  ];
}

function measurementFacts({ latencyFrom, isApproximate, series }: RunResult): readonly Fact[] {
  const from = {
    send: t("the actual send: waiting for a free user before it is not included"),
    "intended-start": t("the intended start: waiting because the target was slow is included"),
  }[latencyFrom];
  const percentiles = isApproximate
    ? t("estimated from each task's percentiles")
    : t("from the merged histograms of all tasks, exact to 0.1 %");
  return [
    { name: t("Response time counts from"), value: from },
    { name: t("Percentiles"), value: percentiles },
    { name: t("Over time"), value: series === null ? t("not kept") : t("one value each {0} s", series.bucketSeconds) },
  ];
}
