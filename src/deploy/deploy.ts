import { pruneAssets, uploadAssets } from "./assetBucket.ts";
import { executeChangeSet } from "./changeSet.ts";
import { readStack, type DeployedStack } from "./deployedStack.ts";
import { followStack, lastEventId } from "./events.ts";
import { rolledBack } from "./failure.ts";
import { note, type Work } from "./progress.ts";
import { propose, type DeployRequest, type Proposal } from "./propose.ts";
import type { DeployTarget } from "./target.ts";

/** How a deployment ended; `declined`: the person did not agree, and nothing was changed. */
export interface DeployOutcome {
  readonly outcome: "created" | "updated" | "unchanged" | "declined";
  readonly proposal: Proposal | undefined;
  /** As it is now; undefined when there is none. */
  readonly stack: DeployedStack | undefined;
}

/** Shows what would change; changes nothing. Undefined: nothing would. @throws {UserError} */
export async function* previewStack(
  target: DeployTarget,
  request: DeployRequest,
  signal: AbortSignal,
): Work<Proposal | undefined> {
  const { proposal, discard } = yield* propose(target, request, signal);
  await discard();
  return proposal;
}

/**
 * Makes the stack, or brings it up to date, once `review` has agreed to the changes. May be repeated at any time: what
 * an interrupted deployment has begun is followed to its end, or cleared away.
 * @throws {UserError} kind `environment`; with `deploy-failed` CloudFormation has rolled back
 */
export async function* deployStack(
  target: DeployTarget,
  request: DeployRequest & { readonly review: (proposal: Proposal) => Promise<boolean> },
  signal: AbortSignal,
): Work<DeployOutcome> {
  const { proposal, changeSet, stack, discard } = yield* propose(target, request, signal);
  if (proposal === undefined || changeSet === undefined) {
    await uploadAssets(target, request.assets, signal);
    await pruneAssets(target, request.assets, signal);
    return { outcome: "unchanged", proposal, stack };
  }
  let after: string | undefined;
  try {
    if (!(await request.review(proposal))) {
      await discard();
      return { outcome: "declined", proposal, stack };
    }
    const uploaded = await uploadAssets(target, request.assets, signal);
    yield note(`Uploaded ${uploaded} of ${request.assets.assets.length} files; the others were there.`);
    after = await lastEventId(target, changeSet.stackId, signal);
    await executeChangeSet(target, changeSet, signal);
  } catch (error) {
    await Promise.allSettled([discard()]);
    throw error;
  }
  const end = yield* followStack(target, changeSet.stackId, after, signal);
  if (!/^(CREATE|UPDATE)_COMPLETE$/.test(end.status)) throw rolledBack(target, end);
  await pruneAssets(target, request.assets, signal);
  const outcome = proposal.action === "create" ? "created" : "updated";
  return { outcome, proposal, stack: await readStack(target, signal) };
}
