import { formatMs } from "../../core/results/figures.ts";
import { isFinal, type RunRecord } from "../../core/run/run.ts";
import type { Translate } from "../translate.ts";
import { outcomeWord } from "./runLabel.ts";

/** What a click on a lens does. */
export type LensAction = "run" | "run-with" | "debug" | "open-run" | "stop-run";

/** One lens above an execution. */
export interface LensText {
  readonly action: LensAction;
  readonly title: string;
  readonly tooltip: string;
}

/** Writes the lenses above an execution, one of several or the only one; `latest` is the newest run that had its scenario. */
export function lensTexts(latest: RunRecord | undefined, isOneOfSeveral: boolean, t: Translate): readonly LensText[] {
  const isActive = latest !== undefined && !isFinal(latest.status);
  // A lens that runs on AWS belongs here, first, once a stack can be deployed.
  return [
    ...(isActive
      ? [{ action: "stop-run", title: `$(debug-stop) ${t("Stop")}`, tooltip: t("End the run gracefully") } as const]
      : [
          {
            action: "run",
            title: `$(play) ${t("Run Locally")}`,
            tooltip: isOneOfSeveral
              ? t("Run this execution alone on this machine")
              : t("Run this file on this machine"),
          } as const,
          {
            action: "run-with",
            title: t("Run With..."),
            tooltip: t("Change users, duration, rate, tasks or labels for this run"),
          } as const,
        ]),
    {
      action: "debug",
      title: `$(debug-alt) ${t("Debug Once")}`,
      tooltip: t("Send each request once and see what comes back"),
    },
    ...(latest === undefined ? [] : [latestLens(latest, isOneOfSeveral, t)]),
  ];
}

function latestLens(run: RunRecord, isOneOfSeveral: boolean, t: Translate): LensText {
  const { summary, scenarios } = run;
  // The percentiles of a run are of all its requests: of several executions together they say nothing about one.
  const isOfOne = !isOneOfSeveral || scenarios?.length === 1;
  const figures = summary === null || summary.count === 0 || !isOfOne ? "" : `p95 ${formatMs(summary.p95Ms)} · `;
  return {
    action: "open-run",
    title: `${lensIcon(run)} ${figures}${outcomeWord(run, t)}`,
    tooltip: isFinal(run.status) ? t("Open the last run") : t("Open the live view"),
  };
}

function lensIcon(run: RunRecord): string {
  if (!isFinal(run.status)) return "$(pulse)";
  if (run.status !== "complete") return "$(circle-slash)";
  switch (run.summary?.verdict) {
    case "passed":
      return "$(pass)";
    case "failed":
      return "$(error)";
    case "not judged":
    case undefined:
      return "$(graph-line)";
  }
}
