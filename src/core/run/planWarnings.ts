import type { Scenario } from "../scenario/model.ts";
import type { Problem } from "../scenario/problem.ts";
import { formatDuration, formatNumber } from "../units.ts";
import type { PlannedExecution, RunPlan } from "./plan.ts";
import { planProblem } from "./planProblem.ts";

/** Users that one task carries without distorting its own figures. */
export const usersPerTask = 200;
const manyTasks = 100;
const longRunMs = 4 * 3_600_000;
/** Single seconds are kept this long, see the series. */
const keptSecondsMs = 5 * 3_600_000;

/** What AWS' policy calls a network stress test begins at this rate. */
const stressTestGbps = 1;
/** An answer of unknown size is taken as an ordinary page or a list in JSON. */
const expectedKilobytes = 20;
/** A user without a pause is taken to wait this long for an answer. */
const expectedAnswerMs = 100;

/** Users of all executions together; null when a script or the driver decides about some of them. */
export function totalUsers(executions: readonly PlannedExecution[]): number | null {
  const users = executions.map((execution) => execution.users);
  return users.includes(null) ? null : users.reduce<number>((total, count) => total + (count ?? 0), 0);
}

function pauseMs(scenario: Scenario, execution: PlannedExecution): number {
  const pause = scenario.bodies[execution.scenario]?.thinkTime;
  if (pause === undefined) return 0;
  if (pause.kind !== "constant") return pause.meanMs;
  return typeof pause.ms === "number" ? pause.ms : 0;
}

function expectedRate(scenario: Scenario, execution: PlannedExecution): number {
  const byUsers = ((execution.users ?? 0) * 1000) / (expectedAnswerMs + pauseMs(scenario, execution));
  return execution.ratePerSecond ?? byUsers;
}

function networkWarning(scenario: Scenario, executions: readonly PlannedExecution[]): string | undefined {
  const rate = executions.reduce((sum, execution) => sum + expectedRate(scenario, execution), 0);
  const gbps = (rate * expectedKilobytes * 8) / 1e6;
  if (gbps <= stressTestGbps) return undefined;
  return (
    `About ${formatNumber(rate)} requests per second can be expected; with answers of ${expectedKilobytes} kB that is ` +
    `${formatNumber(gbps, 1)} Gbps, and above ${stressTestGbps} Gbps AWS asks to be told before a network stress test.`
  );
}

/** Warns of what a plan risks: crowded tasks, many tasks, a long run, and on AWS more traffic than its policy allows unasked. */
export function warnOfPlan(
  plan: Pick<RunPlan, "engine" | "driver" | "tasks" | "executions" | "plannedMs" | "secondLabels">,
  scenario: Scenario,
): readonly Problem[] {
  const { engine, tasks, executions, plannedMs } = plan;
  const users = totalUsers(executions) ?? 0;
  const problems: Problem[] = [];
  const warn = (code: Parameters<typeof planProblem>[1], message: string): void => {
    problems.push(planProblem(scenario, code, message));
  };
  const crowd = Math.ceil(users / tasks);
  if (crowd > usersPerTask) {
    warn(
      "crowded-tasks",
      `${formatNumber(users)} users on ${formatNumber(tasks)} ${tasks === 1 ? "task" : "tasks"} are ${formatNumber(crowd)} a task; ` +
        `above ${usersPerTask} the generator can distort the figures: use ${formatNumber(Math.ceil(users / usersPerTask))} tasks.`,
    );
  }
  if (tasks > manyTasks) {
    warn(
      "many-tasks",
      `${formatNumber(tasks)} tasks are more than the ${manyTasks} that an account usually starts at once: ` +
        `use fewer tasks, or check the quota of Fargate vCPUs first.`,
    );
  }
  if (plannedMs !== null && plannedMs > longRunMs) {
    warn(
      "long-run",
      `The run is planned to take ${formatDuration(plannedMs)}; above ${formatDuration(longRunMs)} it can exceed the longest run ` +
        `that a stack allows: shorten \`hold-for\`, or check that limit first.` +
        (plannedMs > keptSecondsMs && plan.secondLabels.length > 0
          ? ` Rules with short windows are judged on the first ${formatDuration(keptSecondsMs)}.`
          : ""),
    );
  }
  const network = engine === "aws" ? networkWarning(scenario, executions) : undefined;
  if (network !== undefined) warn("network-stress", network);
  return plan.driver === "embedded" ? [...problems, ...hintOfCaches(scenario)] : problems;
}

function hintOfCaches(scenario: Scenario): readonly Problem[] {
  return Object.values(scenario.bodies).flatMap(({ cacheRange }) =>
    cacheRange === undefined
      ? []
      : planProblem(
          scenario,
          "no-cache",
          "The embedded driver keeps no cache: each user loads again what it asks for again; the driver taurus keeps one.",
          { range: cacheRange },
        ),
  );
}
