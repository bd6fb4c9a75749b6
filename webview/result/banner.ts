import { formatCount, formatPercent } from "../../src/core/results/figures.ts";
import type { RunResult } from "../../src/core/results/result.ts";
import { t, tell } from "../language.ts";

/** A warning about the figures: a few words, a sentence that says what it means, and what it is about in detail. */
export interface Banner {
  readonly title: string;
  readonly text: string;
  readonly details: readonly string[];
}

/** Finds what a reader has to know before trusting a result's figures. */
export function bannersOf(result: RunResult): readonly Banner[] {
  const banners = [endBanner(result), partialBanner(result), doubtfulBanner(result), approximateBanner(result)];
  return [...banners, notesBanner(result)].filter((banner) => banner !== undefined);
}

function endBanner({ status }: RunResult): Banner | undefined {
  if (status === "complete") return undefined;
  return {
    title: { failed: t("The run failed."), cancelled: t("The run was cancelled.") }[status],
    text: t("The figures cover what was measured until then."),
    details: [],
  };
}

function partialBanner({ isPartial, tasks }: RunResult): Banner | undefined {
  if (!isPartial || tasks.reported === tasks.wanted) return undefined;
  const { reported, wanted, missing } = tasks;
  return {
    title: t("Partial."),
    text: t("{0} of {1} tasks reported, and all figures come from these.", formatCount(reported), formatCount(wanted)),
    details: missing.map(({ task, reason }) => sentence(t("Task {0}: {1}", task, tell(reason)))),
  };
}

function doubtfulBanner({ health }: RunResult): Banner | undefined {
  if (!health.isDoubtful) return undefined;
  const text = t(
    "A task used up to {0} of a core: response times may include waiting inside the load generator. Use more tasks.",
    formatPercent(health.cpuPeakRatio),
  );
  return { title: t("Doubtful."), text, details: [] };
}

function approximateBanner({ isApproximate }: RunResult): Banner | undefined {
  if (!isApproximate) return undefined;
  const text = t("Percentiles were estimated from each task's own percentiles, because the tasks sent no histograms.");
  return { title: t("Approximate."), text, details: [] };
}

/** The reason stands in the sentence above already. */
function notesBanner({ notes, reason }: RunResult): Banner | undefined {
  const sentences = notes.filter((note) => sentence(note) !== reason).map((note) => sentence(tell(note)));
  const [only, second] = sentences;
  if (only === undefined) return undefined;
  if (second === undefined) return { title: t("Note."), text: only, details: [] };
  return { title: t("Notes."), text: t("The load generators say:"), details: sentences };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
