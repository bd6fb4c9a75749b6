import {
  formatBytes,
  formatCount,
  formatDuration,
  formatMs,
  formatPercent,
  formatRate,
} from "../../src/core/results/figures.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import { t } from "../language.ts";

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
      name: t("Requests"),
      value: formatCount(all?.count ?? 0),
      detail: t("{0} received|bytes", formatBytes(all?.bytesIn ?? 0)),
    },
    {
      name: t("Throughput"),
      value: isEmpty ? "–" : formatRate(all.ratePerSecond),
      detail: peak === null ? t("mean") : t("peak {0}|rate", formatRate(peak)),
    },
    { name: "p50", value: time(all?.percentilesMs.p50), detail: t("mean {0}|time", time(all?.meanMs)) },
    { name: "p95", value: time(all?.percentilesMs.p95), detail: `p90 ${time(all?.percentilesMs.p90)}` },
    { name: "p99", value: time(all?.percentilesMs.p99), detail: t("max {0}|time", time(all?.maxMs)) },
    {
      name: t("Error rate"),
      value: isEmpty ? "–" : formatPercent(all.errorRatio),
      detail: t("{0} failed|requests", formatCount(all?.failed ?? 0)),
    },
    { name: t("Users"), value: formatCount(result.maxUsers), detail: t("at most") },
    { name: t("Duration"), value: formatDuration(result.spanMs), detail: t("first to last sample") },
  ];
}
