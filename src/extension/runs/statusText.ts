import { formatMs, formatPercent, formatRate } from "../../core/results/figures.ts";
import type { RunView } from "../../core/run/run.ts";
import type { Translate } from "../translate.ts";
import { outcomeWord } from "./runLabel.ts";

/** Writes the item of the status bar for the runs that go on; undefined when there is none. */
export function statusText(views: readonly RunView[], t: Translate): string | undefined {
  const [only] = views;
  if (only === undefined) return undefined;
  if (views.length > 1) return `$(pulse) ${t("{0} load tests running", views.length)}`;
  const figures = liveFigures(only);
  return `$(pulse) ${only.run.name}: ${figures === "" ? outcomeWord(only.run, t) : figures}`;
}

/** The latest figures of a run that goes on, as its preview has them: `12 users · 120 RPS · p95 312 ms`. */
function liveFigures({ run, points }: RunView): string {
  // The newest second may still lack tasks.
  const point = points.at(-2) ?? points.at(-1);
  const all = point?.labels[""];
  if (run.status !== "running" || point === undefined || all === undefined) return "";
  const parts = [formatRate(all.count / point.seconds)];
  if (all.p95Ms !== null) parts.push(`p95 ${formatMs(all.p95Ms)}`);
  if (all.failed > 0) parts.push(`$(warning) ${formatPercent(all.failed / all.count)}`);
  return parts.join(" · ");
}
