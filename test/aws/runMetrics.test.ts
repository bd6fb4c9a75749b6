import { CloudWatchClient, type GetMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { hasAllMetrics, metricSubject, readRunMetrics } from "../../src/aws/runMetrics.ts";

const minute = 60_000;
const fromMs = Date.UTC(2026, 10, 24, 12, 0, 20);
const { signal } = new AbortController();

/** A client that answers every query with two points, on two pages. */
class AnsweringClient extends CloudWatchClient {
  readonly asked: GetMetricDataCommandInput[] = [];

  constructor() {
    super({ region: "us-east-1", credentials: { accessKeyId: "none", secretAccessKey: "none" } });
    this.middlewareStack.add(
      () => (args) => {
        const input = args.input as GetMetricDataCommandInput;
        this.asked.push(input);
        const page = input.NextToken === undefined ? 0 : 1;
        const results = input.MetricDataQueries?.map(({ Id }) => ({
          Id,
          Timestamps: [new Date(fromMs + page * minute)],
          Values: [page + 1],
        }));
        const output = { $metadata: {}, MetricDataResults: results, ...(page === 0 ? { NextToken: "more" } : {}) };
        return Promise.resolve({ output, response: {} });
      },
      { step: "initialize" },
    );
  }
}

describe("the metrics of a run", () => {
  const named = [
    {
      namespace: "AWS/ApplicationELB",
      name: "TargetResponseTime",
      stat: "p95",
      dimensions: { LoadBalancer: "app/shop/1" },
    },
  ];
  const stack = {
    cluster: "arn:aws:ecs:eu-west-1:000000000000:cluster/loadfleet",
    taskDefinition: "arn:aws:ecs:eu-west-1:000000000000:task-definition/loadfleet-tasks:12",
  };
  const run = { startAtMs: fromMs, firstSampleAtMs: fromMs, endedAtMs: fromMs + 5 * minute };

  it("are those of its tasks and those that the scenario names, all pages together", async () => {
    const client = new AnsweringClient();
    const metrics = await readRunMetrics(metricSubject(run, named, stack), client, signal);
    expect(metrics.map(({ name, stat }) => `${name} ${stat}`)).toEqual([
      "CpuUtilized Average",
      "CpuUtilized Maximum",
      "MemoryUtilized Average",
      "MemoryUtilized Maximum",
      "TargetResponseTime p95",
    ]);
    expect(metrics[0]?.dimensions).toEqual({ ClusterName: "loadfleet", TaskDefinitionFamily: "loadfleet-tasks" });
    expect(metrics[4]).toMatchObject({
      ...named[0],
      periodSeconds: 60,
      points: [
        [fromMs, 1],
        [fromMs + minute, 2],
      ],
    });
    expect(client.asked[0]).toMatchObject({
      StartTime: new Date(Date.UTC(2026, 10, 24, 12, 0)),
      EndTime: new Date(Date.UTC(2026, 10, 24, 12, 6)),
    });
  });

  it.each([
    [23 * 60, 60],
    [48 * 60, 300],
    [7 * 24 * 60, 900],
  ])("of %d minutes come in points of %d s", async (minutes, periodSeconds) => {
    const long = { ...run, endedAtMs: fromMs + minutes * minute };
    const metrics = await readRunMetrics(metricSubject(long, [], stack), new AnsweringClient(), signal);
    expect(metrics[0]?.periodSeconds).toBe(periodSeconds);
  });

  const endedAtMs = fromMs + 5 * minute;
  const metric = { namespace: "A", name: "B", stat: "Sum", dimensions: {}, periodSeconds: 60 };
  it.each([
    ["CloudWatch is still at work", undefined, 5 * minute, true],
    ["they reach the end", [endedAtMs - minute, 1], 60 * minute, true],
    ["they end before it", [endedAtMs - 3 * minute, 1], 60 * minute, false],
    ["there are none", undefined, 60 * minute, false],
  ] as const)("are read once more or not: %s", (_, point, ageMs, expected) => {
    const metrics = [{ ...metric, points: point === undefined ? [] : [point] }];
    expect(hasAllMetrics({ metrics, endedAtMs }, endedAtMs + ageMs)).toBe(expected);
  });
});
