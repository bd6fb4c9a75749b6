/** What time it is and how to wait; entry files pass the real one, tests a virtual one. */
export interface Clock {
  /** The instant, in epoch ms. */
  now(): number;
  /** Waits; resolves early when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Applies an asynchronous function to every item, at most `limit` at a time; the first failure rejects and nothing more begins. */
export async function mapConcurrent<T, R>(
  items: readonly T[],
  limit: number,
  apply: (item: T, signal: AbortSignal) => Promise<R>,
  signal: AbortSignal,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  let isFailed = false;
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (isFailed) return;
      signal.throwIfAborted();
      try {
        results.set(index, await apply(item, signal));
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
