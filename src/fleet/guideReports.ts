import { mapConcurrent } from "../core/async.ts";
import type { RunRecord, TaskRecord } from "../core/run/run.ts";
import type { ResultMerger } from "../core/results/merge.ts";
import type { Harvested } from "./harvest.ts";
import { guideReportsPrefix } from "./keys.ts";
import type { Ports } from "./ports.ts";

const mostReportBytes = 8 * 1024 * 1024;
const readsAtATime = 8;

/**
 * Adds what images of the implementation guide's own kind reported: Taurus' results.xml under the name of the run, which
 * does not say of which task. The reports are dealt to the tasks that ended without a word of their own, as far as they go.
 */
export async function harvestGuideReports(
  run: RunRecord,
  silent: readonly TaskRecord[],
  merger: ResultMerger,
  { store }: Pick<Ports, "store">,
  signal: AbortSignal,
): Promise<readonly Harvested[]> {
  const found = await store.list(guideReportsPrefix(run.testId, run.runId), signal);
  const reports = found.filter(({ key }) => key.endsWith(".xml")).slice(0, silent.length);
  const read = async ({ key, bytes }: (typeof reports)[number]): Promise<string | undefined> => {
    const content = bytes > mostReportBytes ? undefined : await store.get(key, signal);
    return content && new TextDecoder().decode(content);
  };
  const texts = await mapConcurrent(reports, readsAtATime, read, signal);
  return reports.map(({ key }, index) => {
    const task = silent[index]?.task ?? index;
    const text = texts[index];
    const fault = text === undefined ? "it is larger than 8 MiB, or vanished." : merger.addTaurusXml(task, text);
    if (fault === undefined) return { report: { task, outcome: "finished" } };
    return { missing: { task, reason: `The report ${key} cannot be used: ${fault}` } };
  });
}
