import { DeleteStackCommand } from "@aws-sdk/client-cloudformation";
import { explain } from "../aws/awsErrors.ts";
import { UserError } from "../core/errors.ts";
import type { RunRecord } from "../core/run/run.ts";
import { hasAssetBucket, removeAssetBucket } from "./assetBucket.ts";
import { clearReview } from "./changeSet.ts";
import { readStack, refuseForeign, type DeployedStack } from "./deployedStack.ts";
import { emptyBucket, measureBucket } from "../aws/emptyBucket.ts";
import { followStack, isAtRest, lastEventId, startOfOperation, type StackEnd } from "./events.ts";
import { readFootprint, type Footprint } from "./footprint.ts";
import { keepResults } from "./keepResults.ts";
import { deleteImages, deleteLogGroups, deleteTaskDefinitions, listImages } from "./leftovers.ts";
import { listOpenRuns, openLedger, stopEverything } from "./openRuns.ts";
import { note, type Work } from "./progress.ts";
import { findRemains, type Remainder } from "./remains.ts";
import type { DeployTarget } from "./target.ts";

/** What a destruction would delete, for a person to agree to. */
export interface Demolition {
  readonly stack: string;
  readonly region: string;
  readonly account: string;
  readonly identity: string;
  /** CloudFormation's status; undefined when only leftovers of the stack are there. */
  readonly status: string | undefined;
  readonly resources: number;
  readonly runs: readonly Pick<RunRecord, "runId" | "name" | "status">[];
  /** With the bucket of assets. */
  readonly buckets: readonly { readonly name: string; readonly versions: number; readonly bytes: number }[];
  readonly repositories: readonly { readonly name: string; readonly images: number }[];
  readonly tables: readonly string[];
  readonly userPools: readonly string[];
  readonly canKeepResults: boolean;
}

/** What a person answers to a {@link Demolition}. */
export interface Agreement {
  readonly isAgreed: boolean;
  /** Absolute path of a folder that results are downloaded to before anything is deleted. */
  readonly keepResultsIn?: string;
}

/** How a destruction ended. */
export interface DestroyOutcome {
  readonly outcome: "destroyed" | "declined" | "absent";
  /** What is still there; empty: nothing was found, neither by CloudFormation nor by tag nor by name. */
  readonly remains: readonly Remainder[];
}

// How long AWS may take until what it has deleted is no longer listed.
const proofLimitMs = 120_000;
const attempts = 2;

/**
 * Deletes the stack with everything in it once `review` has agreed, and proves that nothing of it remains. May be
 * repeated at any time: what is gone already is passed over.
 * @throws {UserError} kind `environment`
 */
export async function* destroyStack(
  target: DeployTarget,
  review: (demolition: Demolition) => Promise<Agreement>,
  signal: AbortSignal,
): Work<DestroyOutcome> {
  const stack = yield* settle(target, signal);
  const footprint = await readFootprint(target, stack, signal);
  const ledger = openLedger(target, stack);
  const hasAssets = await hasAssetBucket(target, signal);
  if (stack === undefined && !hasAssets) {
    // Nobody is asked about log groups of functions that are not there any more.
    await deleteLogGroups(target, footprint.logGroups, signal);
    return { outcome: "absent", remains: yield* prove(target, footprint, undefined, signal) };
  }
  const runs = await listOpenRuns(ledger, signal);
  const { isAgreed, keepResultsIn } = await review(await survey(target, { stack, footprint, runs }, signal));
  if (!isAgreed) return { outcome: "declined", remains: [] };
  yield* stopEverything(target, ledger, footprint, signal);
  if (keepResultsIn !== undefined) {
    const files = yield* keepResults(target, { stack, ledger }, keepResultsIn, signal);
    yield note(`Kept ${files} files in ${keepResultsIn}.`);
  }
  if (stack !== undefined) yield* deleteStack(target, stack, footprint, signal);
  const groups = await deleteLogGroups(target, footprint.logGroups, signal);
  const definitions = await deleteTaskDefinitions(target, footprint.taskFamilies, signal);
  await removeAssetBucket(target, signal);
  yield note(
    `Deleted what CloudFormation leaves: the bucket of assets, log groups (${groups}), task definitions (${definitions}).`,
  );
  return { outcome: "destroyed", remains: yield* prove(target, footprint, stack?.id, signal) };
}

/** Waits for what is under way; a stack that is being deleted is followed to its end. */
async function* settle(target: DeployTarget, signal: AbortSignal): Work<DeployedStack | undefined> {
  const stack = await readStack(target, signal);
  if (stack === undefined) return undefined;
  if (stack.status === "REVIEW_IN_PROGRESS") await clearReview(target, stack, signal);
  else refuseForeign(stack, target);
  if (isAtRest(stack.status)) return stack;
  yield note(`The stack is being changed (${stack.status}); following that to its end first.`);
  const start = await startOfOperation(target, stack.id, signal);
  yield* followStack(target, stack.id, start, signal);
  return readStack(target, signal);
}

async function survey(
  target: DeployTarget,
  {
    stack,
    footprint,
    runs,
  }: { readonly stack: DeployedStack | undefined; readonly footprint: Footprint; readonly runs: readonly RunRecord[] },
  signal: AbortSignal,
): Promise<Demolition> {
  const buckets: Demolition["buckets"][number][] = [];
  for (const name of [...footprint.buckets, footprint.assetBucket]) {
    const content = await measureBucket(target.s3, name, signal);
    if (content !== undefined) buckets.push({ name, ...content });
  }
  const repositories: Demolition["repositories"][number][] = [];
  for (const name of footprint.repositories) {
    const images = await listImages(target, name, signal);
    if (images !== undefined) repositories.push({ name, images: images.length });
  }
  const { stack: name, region, account, identity } = target;
  return {
    stack: name,
    region,
    account,
    identity,
    buckets,
    repositories,
    status: stack?.status,
    resources: footprint.resources,
    runs: runs.map(({ runId, name: test, status }) => ({ runId, name: test, status })),
    tables: footprint.tables,
    userPools: footprint.userPools,
    canKeepResults: footprint.tables.length > 0 && footprint.buckets.length > 0,
  };
}

async function* deleteStack(
  target: DeployTarget,
  stack: DeployedStack,
  footprint: Footprint,
  signal: AbortSignal,
): Work<void> {
  for (let attempt = 1; ; attempt++) {
    for (const bucket of footprint.buckets) {
      const versions = await emptyBucket(target.s3, bucket, signal);
      if (versions > 0) yield note(`Emptied the bucket ${bucket} (versions: ${versions}).`);
    }
    for (const repository of footprint.repositories) {
      const images = await deleteImages(target, repository, signal);
      if (images > 0) yield note(`Emptied the repository ${repository} (images: ${images}).`);
    }
    const after = await lastEventId(target, stack.id, signal);
    const remove = new DeleteStackCommand({ StackName: stack.id });
    await explain(`delete the stack ${stack.name}`, target.cloudFormation.send(remove, { abortSignal: signal }));
    const end = yield* followStack(target, stack.id, after, signal);
    if (end.status === "DELETE_COMPLETE") return;
    if (attempt === attempts) throw stuck(target, end);
    yield note("Not everything could be deleted: trying once more, since files may have arrived meanwhile.");
  }
}

function stuck({ stack, region }: DeployTarget, { status, failure }: StackEnd): UserError {
  const why =
    failure === undefined
      ? `CloudFormation says ${status}.`
      : `${failure.logicalId} (${failure.type}): ${failure.reason}`;
  return new UserError("destroy-failed", `Could not delete the stack "${stack}" in ${region}: ${why}`, {
    hint: 'Mend the reason, then do it again: "loadfleet destroy" goes on where it was.',
    kind: "environment",
  });
}

/** Looks for remains until there are none, or until what AWS still lists is there to stay. */
async function* prove(
  target: DeployTarget,
  footprint: Footprint,
  stackId: string | undefined,
  signal: AbortSignal,
): Work<readonly Remainder[]> {
  const { clock, pollMs } = target;
  yield note("Looking for remains: in CloudFormation's list, by tag, and by name.");
  for (const limitMs = clock.now() + proofLimitMs; ; await clock.sleep(pollMs, signal)) {
    signal.throwIfAborted();
    const remains = await findRemains(target, footprint, stackId, signal);
    if (remains.length === 0 || clock.now() >= limitMs) return remains;
  }
}
