import { mapConcurrent } from "../core/async.ts";
import { UserError } from "../core/errors.ts";
import type { RunId } from "../core/run/ids.ts";
import type { RunRecord } from "../core/run/run.ts";
import { releaseBundle } from "./bundle.ts";
import { guideReportsPrefix, planKey, resultsPrefix } from "./keys.ts";
import { findPlan } from "./plan.ts";
import type { Store } from "./ports.ts";

/** Objects that are deleted at a time. */
const parallel = 32;

/** Deletes everything that the store keeps of a run that has ended; its entry in the ledger stays. */
export async function deleteStored(
  { runId, testId }: Pick<RunRecord, "runId" | "testId">,
  store: Store,
  signal: AbortSignal,
): Promise<void> {
  for (const prefix of [resultsPrefix(testId, runId), guideReportsPrefix(testId, runId)]) {
    const kept = await store.list(prefix, signal);
    await mapConcurrent(kept, parallel, ({ key }) => store.delete(key, signal), signal);
  }
  const bundle = await bundleOf(runId, store, signal);
  if (bundle !== undefined) await releaseBundle(runId, bundle, store, signal);
  await store.delete(planKey(runId), signal);
}

/** Address of a run's bundle; undefined when its plan cannot be read, which must not keep it from being deleted. */
async function bundleOf(runId: RunId, store: Store, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await findPlan(runId, store, signal))?.bundleSha256;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
