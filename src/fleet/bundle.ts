import type { RunId } from "../core/run/ids.ts";
import { bundleKey, bundleUsesPrefix } from "./keys.ts";
import type { Store } from "./ports.ts";

/** Puts the bundle of a run's files, which runs of the same files share, with a note that this run needs it. */
export async function storeBundle(
  runId: RunId,
  sha256: string,
  bundle: Uint8Array,
  store: Store,
  signal: AbortSignal,
): Promise<void> {
  // The note comes first: who deletes a run looks for notes before it deletes the bundle.
  await store.put(bundleUsesPrefix(sha256) + runId, new Uint8Array(), signal);
  await store.put(bundleKey(sha256), bundle, signal);
}

/** Puts a run's bundle again if a deletion that had looked for notes just before this run's was written took it. */
export async function restoreBundle(
  sha256: string,
  bundle: Uint8Array,
  store: Store,
  signal: AbortSignal,
): Promise<void> {
  const kept = await store.list(bundleKey(sha256), signal);
  if (kept.length === 0) await store.put(bundleKey(sha256), bundle, signal);
}

/** Takes a run's note away, and the bundle with the last one. */
export async function releaseBundle(runId: RunId, sha256: string, store: Store, signal: AbortSignal): Promise<void> {
  await store.delete(bundleUsesPrefix(sha256) + runId, signal);
  const others = await store.list(bundleUsesPrefix(sha256), signal);
  if (others.length === 0) await store.delete(bundleKey(sha256), signal);
}
