import { formatBytes, formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import { formatElapsed } from "../charts/ticks.ts";
import type { HeadlineFigure } from "../result/headlineFigure.ts";
import type { Reading } from "./reading.ts";

/** The large figures at an instant: what is happening now, with what it comes to since the start. */
export function headlineNow({ labels, users, second, tasks }: Reading): readonly HeadlineFigure[] {
  const all = labels.find(({ label }) => label === "");
  const now = all?.now;
  const { count = 0, failed = 0, bytes = 0, sumMs = 0 } = all?.soFar ?? {};
  const time = (ms: number | null | undefined): string => (ms === null || ms === undefined ? "–" : formatMs(ms));
  const generators = tasks === 1 ? "from 1 task" : `from ${formatCount(tasks)} tasks`;
  return [
    { name: "Elapsed", value: second === undefined ? "–" : formatElapsed(second), detail: generators },
    { name: "Users", value: formatCount(users), detail: "now" },
    { name: "Throughput", value: now ? formatRate(now.ratePerSecond) : "–", detail: "now" },
    { name: "p50", value: time(now?.p50Ms), detail: `mean ${time(now?.meanMs)}` },
    { name: "p95", value: time(now?.p95Ms), detail: "now" },
    { name: "p99", value: time(now?.p99Ms), detail: count === 0 ? "now" : `mean so far ${formatMs(sumMs / count)}` },
    {
      name: "Error rate",
      value: count === 0 ? "–" : formatPercent(failed / count),
      detail: `${formatCount(failed)} failed so far`,
    },
    { name: "Requests", value: formatCount(count), detail: `${formatBytes(bytes)} so far` },
  ];
}
