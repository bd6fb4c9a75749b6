import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatPercent,
  formatRate,
} from "../../src/core/results/figures.ts";
import type { RunResult } from "../../src/core/results/result.ts";

/** One of the large figures at the top, with a few words beside it. */
export interface HeadlineFigure {
  readonly name: string;
  readonly value: string;
  readonly detail: string;
}

/** Picks the large figures of a result; all are `–` when there was no sample. */
export function headlineOf(result: RunResult): readonly HeadlineFigure[] {
  const all = result.labels[""];
  const isEmpty = all === undefined || all.count === 0;
  const time = (ms: number | undefined): string => (isEmpty || ms === undefined ? "–" : formatMs(ms));
  const peak = all?.peakRatePerSecond ?? null;
  return [
    {
      name: "Requests",
      value: formatCount(all?.count ?? 0),
      detail: `${formatBytes(all?.bytesIn ?? 0)} received`,
    },
    {
      name: "Throughput",
      value: isEmpty ? "–" : formatRate(all.ratePerSecond),
      detail: peak === null ? "mean" : `peak ${formatRate(peak)}`,
    },
    { name: "p50", value: time(all?.percentilesMs.p50), detail: `mean ${time(all?.meanMs)}` },
    { name: "p95", value: time(all?.percentilesMs.p95), detail: `p90 ${time(all?.percentilesMs.p90)}` },
    { name: "p99", value: time(all?.percentilesMs.p99), detail: `max ${time(all?.maxMs)}` },
    {
      name: "Error rate",
      value: isEmpty ? "–" : formatPercent(all.errorRatio),
      detail: `${formatCount(all?.failed ?? 0)} failed`,
    },
    { name: "Users", value: formatCount(result.maxUsers), detail: "at most" },
    { name: "Duration", value: formatDuration(result.spanMs), detail: "first to last sample" },
  ];
}
