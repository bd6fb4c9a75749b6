import { formatBytes, formatCount, formatMs, formatPercent, formatRate } from "../../src/core/results/figures.ts";
import { formatElapsed } from "../charts/ticks.ts";
import type { HeadlineFigure } from "../result/headlineFigure.ts";
import { t } from "../language.ts";
import type { Reading } from "./reading.ts";

/** The large figures at an instant: what is happening now, with what it comes to since the start. */
export function headlineNow({ labels, users, second, tasks }: Reading): readonly HeadlineFigure[] {
  const all = labels.find(({ label }) => label === "");
  const now = all?.now;
  const { count = 0, failed = 0, bytes = 0, sumMs = 0 } = all?.soFar ?? {};
  const time = (ms: number | null | undefined): string => (ms === null || ms === undefined ? "–" : formatMs(ms));
  const generators = tasks === 1 ? t("from 1 task") : t("from {0} tasks", formatCount(tasks));
  return [
    { name: t("Elapsed"), value: second === undefined ? "–" : formatElapsed(second), detail: generators },
    { name: t("Users"), value: formatCount(users), detail: t("now") },
    { name: t("Throughput"), value: now ? formatRate(now.ratePerSecond) : "–", detail: t("now") },
    { name: "p50", value: time(now?.p50Ms), detail: t("mean {0}|time", time(now?.meanMs)) },
    { name: "p95", value: time(now?.p95Ms), detail: t("now") },
    {
      name: "p99",
      value: time(now?.p99Ms),
      detail: count === 0 ? t("now") : t("mean so far {0}", formatMs(sumMs / count)),
    },
    {
      name: t("Error rate"),
      value: count === 0 ? "–" : formatPercent(failed / count),
      detail: t("{0} failed so far", formatCount(failed)),
    },
    { name: t("Requests"), value: formatCount(count), detail: t("{0} so far|amount", formatBytes(bytes)) },
  ];
}
