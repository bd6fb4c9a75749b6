import { formatCount, formatPercent } from "../../src/core/results/figures.ts";
import type { RunResult } from "../../src/core/results/result.ts";

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
    title: `The run ${{ failed: "failed", cancelled: "was cancelled" }[status]}.`,
    text: untilThen,
    details: [],
  };
}

const untilThen = "The figures cover what was measured until then.";

function partialBanner({ isPartial, tasks }: RunResult): Banner | undefined {
  if (!isPartial || tasks.reported === tasks.wanted) return undefined;
  const { reported, wanted, missing } = tasks;
  const text = `${formatCount(reported)} of ${formatCount(wanted)} tasks reported, and all figures come from these.`;
  return { title: "Partial.", text, details: missing.map(({ task, reason }) => sentence(`Task ${task}: ${reason}`)) };
}

function doubtfulBanner({ health }: RunResult): Banner | undefined {
  if (!health.isDoubtful) return undefined;
  const peak = formatPercent(health.cpuPeakRatio);
  const meaning = "response times may include waiting inside the load generator. Use more tasks.";
  return { title: "Doubtful.", text: `A task used up to ${peak} of a core: ${meaning}`, details: [] };
}

function approximateBanner({ isApproximate }: RunResult): Banner | undefined {
  if (!isApproximate) return undefined;
  const text = "Percentiles were estimated from each task's own percentiles, because the tasks sent no histograms.";
  return { title: "Approximate.", text, details: [] };
}

/** The reason stands in the sentence above already. */
function notesBanner({ notes, reason }: RunResult): Banner | undefined {
  const sentences = notes.map(sentence).filter((note) => note !== reason);
  const [only, second] = sentences;
  if (only === undefined) return undefined;
  if (second === undefined) return { title: "Note.", text: only, details: [] };
  return { title: "Notes.", text: "The load generators say:", details: sentences };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
