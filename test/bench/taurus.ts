import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setUpTaurus } from "../../src/local/taurusSetup/setup.ts";
import { planTaurus, runTask, type TaskRun } from "../taurus/tasks.ts";

/** Prints how soon a load begins after its start instant, how late its seconds arrive, and what JMeter manages here. */
export async function benchTaurus(): Promise<void> {
  await setUpTaurus((line) => console.error(line), AbortSignal.timeout(300_000));
  const server = createServer((_, response) => response.end("ok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const yaml = (executions: number, users: number): string => `
execution:
${`- {concurrency: ${users}, hold-for: 10s, scenario: home}\n`.repeat(executions)}
scenarios: {home: {requests: [{label: home, url: "http://127.0.0.1:${port}/"}]}}
`;
  console.log("executions  users  first sample after start  seconds late by (median, most)  RPS     end to report");
  for (const [executions, users] of [
    [1, 1],
    [1, 50],
    [1, 200],
    [2, 10],
  ] as const) {
    const run = await runTask(planTaurus(yaml(executions, users)));
    console.log(describe(executions, users, run));
  }
  server.close();
}

function describe(executions: number, users: number, { report, intervals, startAtMs, endedAtMs }: TaskRun): string {
  // A second's figures describe what began in it, so they cannot be there before it has passed.
  const lags = intervals.map(({ second, atMs }) => (atMs - startAtMs) / 1000 - second - 1).toSorted((a, b) => a - b);
  const first = (report.firstSampleAtMs ?? 0) - startAtMs;
  const last = report.lastSampleAtMs ?? 0;
  const rate = ((report.labels[""]?.count ?? 0) * 1000) / Math.max(last - startAtMs, 1);
  const cells = [
    String(executions).padEnd(10),
    String(users).padEnd(5),
    `${first} ms`.padEnd(24),
    `${lags.at(Math.floor(lags.length / 2))?.toFixed(1)} s, ${lags.at(-1)?.toFixed(1)} s`.padEnd(30),
    rate.toFixed(0).padEnd(6),
    `${((endedAtMs - last) / 1000).toFixed(1)} s`,
  ];
  return cells.join("  ");
}
