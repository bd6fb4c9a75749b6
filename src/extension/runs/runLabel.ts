import { formatMs, formatPercent, formatRate } from "../../core/results/figures.ts";
import { isFinal, type RunRecord, type RunStatus } from "../../core/run/run.ts";
import type { Translate } from "../translate.ts";

/** What the record of a run says, in English for everyone, when a person stopped it here. */
export const stopReason = "It was stopped in the editor.";

/** A codicon with the theme's colour for it. */
export interface RunIcon {
  readonly id: string;
  readonly color: string | undefined;
}

/** Says in a few words how a run stands: its status, or its verdict once it has ended. */
export function outcomeWord(run: RunRecord, t: Translate): string {
  if (run.status !== "complete") return statusWord(run.status, t);
  switch (run.summary?.verdict) {
    case "passed":
      return t("passed");
    case "failed":
      return t("failed");
    case "not judged":
    case undefined:
      return t("not judged");
  }
}

function statusWord(status: RunStatus, t: Translate): string {
  switch (status) {
    case "queued":
      return t("queued");
    case "provisioning":
      return t("starting");
    case "ready":
      return t("ready");
    case "running":
      return t("running");
    case "collecting":
      return t("collecting");
    case "complete":
      return t("complete");
    case "failed":
      return t("run failed");
    case "cancelled":
      return t("cancelled");
  }
}

/** The icon of a run: what it says is also said in words, colour is never alone. */
export function runIcon(run: RunRecord): RunIcon {
  if (!isFinal(run.status)) return { id: "loading~spin", color: undefined };
  if (run.status === "failed") return { id: "error", color: "testing.iconErrored" };
  if (run.status === "cancelled") return { id: "circle-slash", color: "testing.iconSkipped" };
  switch (run.summary?.verdict) {
    case "passed":
      return { id: "pass", color: "testing.iconPassed" };
    case "failed":
      return { id: "testing-failed-icon", color: "testing.iconFailed" };
    case "not judged":
    case undefined:
      return { id: "circle-outline", color: undefined };
  }
}

/** The few figures of an ended run: `p95 312 ms · 120 RPS · 0.5 % errors`; empty while there are none. */
export function figuresText({ summary }: RunRecord, t: Translate): string {
  if (summary === null || summary.count === 0) return "";
  return [
    `p95 ${formatMs(summary.p95Ms)}`,
    formatRate(summary.ratePerSecond),
    t("{0} errors", formatPercent(summary.errorRatio)),
  ].join(" · ");
}

/** Says everything that lists know of a run, as lines of Markdown without anything that could be read as a link or HTML. */
export function runTooltip(run: RunRecord, startedAt: string, t: Translate, tell: (text: string) => string): string {
  const { origin, tasks, summary, reason } = run;
  const commit = origin.commit?.slice(0, 10);
  const lines = [
    `**${escapeMarkdown(run.name)}**: ${outcomeWord(run, t)}`,
    figuresText(run, t),
    reason === null ? "" : escapeMarkdown(tell(reason)),
    t("Started {0} by {1}", startedAt, escapeMarkdown(origin.startedBy)),
    summary === null
      ? t("Tasks: {0}", tasks)
      : t("Tasks that reported: {0} of {1}. Most users: {2}", summary.tasksReported, tasks, summary.maxUsers),
    commit === undefined
      ? ""
      : origin.isTreeClean === false
        ? t("Commit {0} with uncommitted changes", commit)
        : t("Commit {0}", commit),
  ];
  return lines.filter((line) => line !== "").join("\n\n");
}

function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!|<>~&]/g, "\\$&");
}
