import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { Histogram } from "../../src/core/results/histogram.ts";
import { startServer, type Answer } from "../servers/testServer.ts";
import { planTaurus, runTask, type TaskRun } from "./tasks.ts";

/** Answers later by the number of milliseconds in `/wait/…`; every seventh `/sometimes` fails. */
function makeAnswer(baseMs: number): Answer {
  let sometimes = 0;
  return ({ url }, response) => {
    const wait = baseMs + Number(/\/wait\/(\d+)/.exec(url)?.[1] ?? 0) * Math.random();
    const isFailure = url.startsWith("/sometimes") && ++sometimes % 7 === 0;
    void sleep(wait).then(() => response.writeHead(isFailure ? 503 : 200).end(`${url} `.repeat(3)));
  };
}

const yaml = (address: string): string => `
execution:
- {concurrency: 12, ramp-up: 1s, hold-for: 4s, scenario: shop}
scenarios:
  shop:
    default-address: ${address}
    requests:
    - {label: quick, url: /quick}
    - {label: item, url: /wait/60}
    - {label: item 2, url: /wait/5}
    - {label: sometimes, url: /sometimes}
`;

const percentages = [50, 90, 95, 99, 99.9];

/** What all tasks together measured for a label. */
function merged(runs: readonly TaskRun[], label: string) {
  const all = runs.map(({ report }) => report.labels[label]).filter((one) => one !== undefined);
  const histogram = new Histogram("ms");
  for (const figures of all) histogram.addWire(figures.histogram);
  const codes = new Map<string, number>();
  for (const [code, count] of all.flatMap((one) => Object.entries(one.codes)))
    codes.set(code, (codes.get(code) ?? 0) + count);
  return {
    label,
    count: sum(all.map(({ count }) => count)),
    failed: sum(all.map(({ failed }) => failed)),
    bytes: sum(all.map(({ bytesIn }) => bytesIn)),
    sumMs: Math.round(sum(all.map(({ sumMs }) => sumMs))),
    minMs: Math.min(...all.map(({ minMs }) => minMs)),
    maxMs: Math.max(...all.map(({ maxMs }) => maxMs)),
    codes: Object.fromEntries(codes),
    percentiles: percentages.map((percentage) => histogram.percentile(percentage)),
  };
}

/** The same of JMeter's own samples, pooled and sorted. */
function pooled(runs: readonly TaskRun[], label: string): ReturnType<typeof merged> {
  const samples = runs.flatMap((run) => run.samples.filter((one) => label === "" || one.label === label));
  const sorted = samples.map(({ elapsedMs }) => elapsedMs).toSorted((a, b) => a - b);
  const codes = Object.groupBy(samples, ({ code }) => code);
  return {
    label,
    count: samples.length,
    failed: samples.filter(({ isFailed }) => isFailed).length,
    bytes: sum(samples.map(({ bytes }) => bytes)),
    sumMs: sum(sorted),
    minMs: sorted[0] ?? Number.NaN,
    maxMs: sorted.at(-1) ?? Number.NaN,
    codes: Object.fromEntries(Object.entries(codes).map(([code, ones = []]) => [code, ones.length])),
    percentiles: percentages.map((percentage) =>
      bucketOf(sorted[Math.ceil((percentage / 100) * sorted.length) - 1] ?? 0),
    ),
  };
}

/** The highest value of the bucket that a value is counted in. */
function bucketOf(ms: number): number {
  const histogram = new Histogram("ms");
  histogram.record(ms);
  return histogram.percentile(100);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

test("three tasks with different latencies merge to the percentiles of all their samples", async () => {
  await using near = await startServer(makeAnswer(0));
  await using far = await startServer(makeAnswer(150));
  await using farthest = await startServer(makeAnswer(2100));
  const runs = await Promise.all(
    [near, far, farthest].map(async ({ address }, index) => {
      const plan = planTaurus(yaml(address), { choice: { tasks: 3 } });
      return runTask(plan, { place: { index, of: 3 } });
    }),
  );
  for (const label of ["", "quick", "item", "item 2", "sometimes"]) {
    expect(merged(runs, label)).toEqual(pooled(runs, label));
  }
  expect(merged(runs, "").count).toBeGreaterThan(300);
  for (const run of runs) checkIntervals(run);
});

/** The seconds add up to the report and come in order. */
function checkIntervals({ report, intervals, samples }: TaskRun): void {
  const added = Object.keys(report.labels).map((label) => {
    const own = intervals.map(({ labels }) => labels.get(label)).filter((one) => one !== undefined);
    const count = sum(own.map((one) => one.count));
    return [label, { count, failed: sum(own.map((one) => one.failed)), bytesIn: sum(own.map((one) => one.bytes)) }];
  });
  expect(report.labels).toMatchObject(Object.fromEntries(added));
  const seconds = intervals.map(({ second }) => second);
  expect(seconds).toEqual([...new Set(seconds)].toSorted((a, b) => a - b));
  expect(report.firstSampleAtMs).toBe(Math.min(...samples.map(({ startedAtMs }) => startedAtMs)));
  const { failed = 0, errors } = report.labels[""] ?? {};
  expect(errors).toEqual(failed === 0 ? [] : [{ message: "Service Unavailable", code: "503", count: failed }]);
}

test("counts users over the whole run and keeps Taurus' own results", async () => {
  await using server = await startServer(makeAnswer(20));
  const { report, artifact } = await runTask(planTaurus(yaml(server.address)));
  expect(report).toMatchObject({ outcome: "finished", maxUsers: 12, latencyFrom: "send" });
  expect(artifact("results.xml")).toContain("<FinalStatus>");
  expect(artifact("bzt.log")).not.toBe("");
  expect(artifact("jmeter.log")).toContain("Version 5.6.3");
});

test("begins anew with its whole part when fewer tasks take part than were planned", async () => {
  await using server = await startServer(makeAnswer(20));
  const { report } = await runTask(planTaurus(yaml(server.address), { choice: { tasks: 2 } }), {
    place: { index: 0, of: 1 },
  });
  expect(report).toMatchObject({ outcome: "finished", maxUsers: 12 });
});
