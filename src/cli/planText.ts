import { formatBytes, formatCount, formatDuration, formatRate } from "../core/results/figures.ts";
import type { PlannedExecution, RunPlan } from "../core/run/plan.ts";
import { shareOf } from "../core/run/share.ts";
import { profileOf } from "../core/scenario/profile.ts";
import { chartPoints, drawChart } from "./chart.ts";
import { plural } from "./problemText.ts";
import { wrap, type Style } from "./style.ts";

const keyWidth = 10;

/** What the text of a plan needs beside it. */
export interface PlanTextOptions {
  /** In characters. */
  readonly width: number;
  readonly style: Style;
  /** Users of each task that a script brings along; undefined when it does not say. */
  readonly scriptUsers: number | undefined;
}

/** Writes a plan for a person: the load over time as a chart, how it is divided, what is judged and what travels. */
export function formatPlan(plan: RunPlan, { width, style, scriptUsers }: PlanTextOptions): string {
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ["Users", [describeUsers(plan, scriptUsers)]],
    ["Rate", [describeRate(plan)]],
    ["Duration", [describeDuration(plan)]],
    ["Requests", wrap(plan.labels.join(", "), width - keyWidth)],
    ["Driver", [plan.driver]],
    [
      "Criteria",
      plan.criteria.length === 0 ? ["none, so the run is not judged"] : plan.criteria.map(({ text }) => text),
    ],
    ["Files", plan.files.map(({ path, bytes }) => `${path} (${formatBytes(bytes)})`)],
    ["Test", [plan.testId]],
  ];
  const lines = facts.flatMap(([key, texts]) =>
    texts
      .filter((text) => text !== "")
      .map((text, index) => `${style.bold((index === 0 ? key : "").padEnd(keyWidth))}${text}`),
  );
  return [style.bold(plan.name), "", ...drawProfiles(plan.executions, Math.min(width, 72)), ...lines, ""].join("\n");
}

function drawProfiles(executions: readonly PlannedExecution[], width: number): readonly string[] {
  const [peak] = profileOf(executions, 200).toSorted((a, b) => b.users - a.users);
  const rate = Math.max(...profileOf(executions, 200).map(({ ratePerSecond }) => ratePerSecond));
  const users = peak?.users ?? 0;
  const charts = [
    ...(users === 0 ? [] : [{ highest: plural(users, "user"), of: "users" as const }]),
    ...(rate === 0 ? [] : [{ highest: formatRate(rate), of: "ratePerSecond" as const }]),
  ];
  const gutter = Math.max(...charts.map(({ highest }) => highest.length), 0);
  return charts.flatMap(({ highest, of }) => {
    const corner = { highest: highest.padStart(gutter), begin: "0s" };
    const points = profileOf(executions, chartPoints(width, corner.highest));
    const end = formatDuration(points.at(-1)?.ms ?? 0);
    return [
      ...drawChart(
        points.map((point) => point[of]),
        { ...corner, end },
      ),
      "",
    ];
  });
}

function describeUsers({ executions, tasks }: RunPlan, scriptUsers: number | undefined): string {
  const generators = plural(tasks, "task");
  if (executions.some(({ users }) => users === null)) {
    // A script's thread groups are not divided: each task runs them whole.
    if (scriptUsers === undefined) return `those of the script × ${generators}`;
    return `${plural(scriptUsers, "user")} of the script × ${generators} = ${formatCount(scriptUsers * tasks)}`;
  }
  const perTask = Array.from({ length: tasks }, (_, index) =>
    sum(shareOf({ executions }, index, tasks).executions.map(({ users }) => users ?? 0)),
  );
  const distinct = [...new Set(perTask)].toSorted((a, b) => a - b);
  const each = distinct.length === 1 ? plural(distinct[0] ?? 0, "user") : `${distinct.join(" or ")} users`;
  return `${each} × ${generators} = ${formatCount(sum(perTask))}`;
}

function describeRate({ executions, tasks }: RunPlan): string {
  const total = sum(executions.map(({ ratePerSecond }) => ratePerSecond ?? 0));
  return total === 0 ? "" : `${formatRate(total)} in total over ${plural(tasks, "task")}`;
}

function describeDuration({ executions, plannedMs }: RunPlan): string {
  if (plannedMs === null) {
    const rounds = executions.map(({ iterations }) => iterations);
    const isCounted = rounds.every((iterations) => iterations !== null);
    return isCounted
      ? `until every user has done ${plural(Math.max(...rounds), "iteration")}`
      : "as long as the script takes";
  }
  const [only] = executions;
  if (only === undefined || executions.length > 1) {
    return `${formatDuration(plannedMs)}, ${plural(executions.length, "execution")}`;
  }
  const parts = [
    ...(only.delayMs > 0 ? [`${formatDuration(only.delayMs)} delay`] : []),
    ...(only.rampUpMs > 0 ? [`${formatDuration(only.rampUpMs)} ramp-up`] : []),
    ...(only.holdForMs === null ? [] : [`${formatDuration(only.holdForMs)} hold-for`]),
  ];
  return parts.length > 1 ? `${formatDuration(plannedMs)}: ${parts.join(" + ")}` : formatDuration(plannedMs);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
