import type { RunResult } from "../../core/results/result.ts";
import type { RunId } from "../../core/run/ids.ts";
import type { RunServices } from "./services.ts";

/** A run that has ended: its result, when there are figures, and why it ended as it did. */
export interface EndedRun {
  readonly result: RunResult | undefined;
  readonly reason: string | null;
}

/** Waits for the end of a run. */
export async function endOfRun(runId: RunId, { feeds, engine, closing }: RunServices): Promise<EndedRun> {
  const { promise: ended, resolve, reject } = Promise.withResolvers<undefined>();
  let reason: string | null = null;
  const following = feeds.follow(runId, {
    onEvent: (_, { run }) => {
      reason = run.reason;
    },
    onEnd: (error) => (error === undefined ? resolve(undefined) : reject(error)),
  });
  await ended.finally(() => following.dispose());
  return { result: await engine.result(runId, closing), reason };
}
