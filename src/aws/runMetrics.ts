import { GetMetricDataCommand, type CloudWatchClient, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { KeptMetric, RunResult } from "../core/results/result.ts";
import type { MetricReference } from "../core/scenario/model.ts";

/** What metrics of a run are read by. */
export interface MetricSubject {
  /** Those that the scenario names. */
  readonly named: readonly MetricReference[];
  /** Names of the cluster and of the family of the tasks; those of a stack are both the stack's name. */
  readonly cluster: string;
  readonly family: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Until then CloudWatch may not have all figures of a run's last minutes. */
const settledMs = 10 * 60_000;
/** CloudWatch keeps points of a minute for 15 days and of five minutes for 63. */
const periods = [60, 300, 900, 3600];
const mostPoints = 1440;
/** GetMetricData takes this many queries a call. */
const queriesPerCall = 500;

/** What the metrics of a run that has ended are read by. */
export function metricSubject(
  run: Pick<RunResult, "startAtMs" | "firstSampleAtMs" | "endedAtMs">,
  named: readonly MetricReference[],
  stack: { readonly cluster: string; readonly taskDefinition: string },
): MetricSubject {
  return {
    named,
    cluster: stack.cluster.split("/").at(-1) ?? "",
    family: stack.taskDefinition.split("/").at(-1)?.replace(/:\d+$/, "") ?? "",
    fromMs: run.startAtMs ?? run.firstSampleAtMs ?? run.endedAtMs,
    toMs: run.endedAtMs,
  };
}

/** Tells whether reading a run's metrics once more can bring nothing new: they reach its end, or CloudWatch is still at work. */
export function hasAllMetrics(
  { metrics, endedAtMs }: Pick<RunResult, "metrics" | "endedAtMs">,
  nowMs: number,
): boolean {
  if (nowMs - endedAtMs < settledMs) return true;
  return (metrics ?? [undefined]).every((metric) => {
    const last = metric?.points.at(-1)?.[0];
    return metric !== undefined && last !== undefined && last + 2000 * metric.periodSeconds > endedAtMs;
  });
}

/** Reads CloudWatch's metrics over the time of a run: CPU and memory of the tasks, and those that the scenario names. */
export async function readRunMetrics(
  subject: MetricSubject,
  client: CloudWatchClient,
  signal: AbortSignal,
): Promise<readonly KeptMetric[]> {
  const { named, fromMs, toMs } = subject;
  const wanted = [...taskMetrics(subject), ...named].slice(0, queriesPerCall);
  const periodSeconds = periods.find((seconds) => (toMs - fromMs) / 1000 / seconds <= mostPoints) ?? 3600;
  const points = new Map<string, [number, number][]>();
  let next: string | undefined;
  do {
    const page = await client.send(
      new GetMetricDataCommand({
        // CloudWatch wants both on whole periods.
        StartTime: new Date(Math.floor(fromMs / 1000 / periodSeconds) * periodSeconds * 1000),
        EndTime: new Date(Math.ceil(toMs / 1000 / periodSeconds) * periodSeconds * 1000),
        ScanBy: "TimestampAscending",
        MetricDataQueries: wanted.map((metric, index) => queryOf(metric, `m${index}`, periodSeconds)),
        ...(next === undefined ? {} : { NextToken: next }),
      }),
      { abortSignal: signal },
    );
    for (const { Id, Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      const more = Timestamps.map((at, index): [number, number] => [at.getTime(), Values[index] ?? 0]);
      points.set(Id ?? "", [...(points.get(Id ?? "") ?? []), ...more]);
    }
    next = page.NextToken;
  } while (next !== undefined);
  return wanted.map((metric, index) => ({ ...metric, periodSeconds, points: points.get(`m${index}`) ?? [] }));
}

/** Container Insights has no dimension for a run: other runs of the stack at the same time are in these figures. */
function taskMetrics({ cluster, family }: MetricSubject): readonly MetricReference[] {
  const dimensions = { ClusterName: cluster, TaskDefinitionFamily: family };
  return ["CpuUtilized", "MemoryUtilized"].flatMap((name) =>
    ["Average", "Maximum"].map((stat) => ({ namespace: "ECS/ContainerInsights", name, stat, dimensions })),
  );
}

function queryOf({ namespace, name, stat, dimensions }: MetricReference, id: string, period: number): MetricDataQuery {
  return {
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: period,
      Stat: stat,
    },
  };
}
