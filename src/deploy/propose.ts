import { UserError } from "../core/errors.ts";
import type { StackAssets } from "./assets.ts";
import {
  assetBucketName,
  ensureAssetBucket,
  hasAssetBucket,
  removeAssetBucket,
  uploadTemplate,
} from "./assetBucket.ts";
import { clearReview, deleteChangeSet, deleteEmptyStack, makeChangeSet, type ChangeSet } from "./changeSet.ts";
import type { ParameterChange, StackChange } from "./changes.ts";
import { readStack, refuseForeign, type DeployedStack } from "./deployedStack.ts";
import { followStack, isAtRest, startOfOperation } from "./events.ts";
import { rolledBack } from "./failure.ts";
import { chooseParameters } from "./parameters.ts";
import { note, type Work } from "./progress.ts";
import type { DeployTarget } from "./target.ts";
import { explainUnsettled, isSettled } from "./unsettled.ts";
import { compareVersions } from "./version.ts";

/** What is to be deployed. */
export interface DeployRequest {
  readonly assets: StackAssets;
  /** Parameters that get a value, by name; the others keep theirs. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** What a deployment would do, for a person to agree to. */
export interface Proposal {
  readonly action: "create" | "update";
  readonly stack: string;
  readonly region: string;
  readonly account: string;
  readonly identity: string;
  /** Version that is deployed; undefined when there is none yet. */
  readonly fromVersion: string | undefined;
  readonly toVersion: string;
  readonly changes: readonly StackChange[];
  readonly parameterChanges: readonly ParameterChange[];
}

/** A proposal with the change set that would carry it out; exactly one of both is called, unless it is executed. */
export interface Proposed {
  /** Undefined: what is deployed is what would be. */
  readonly proposal: Proposal | undefined;
  readonly changeSet: ChangeSet | undefined;
  readonly stack: DeployedStack | undefined;
  /** Takes back everything that the comparison has made. */
  readonly discard: () => Promise<void>;
}

// Tidying up after Ctrl-C goes on for this long.
const tidyLimitMs = 15_000;

/** Waits for what is under way, then has CloudFormation compare. Nothing that is deployed changes. @throws {UserError} */
export async function* propose(target: DeployTarget, request: DeployRequest, signal: AbortSignal): Work<Proposed> {
  const { assets } = request;
  const stack = yield* settleStack(target, signal);
  if (stack !== undefined) refuseNewer(stack, assets.version);
  const parameters = chooseParameters(assets, request.parameters, stack, assetBucketName(target));
  const hadBucket = await hasAssetBucket(target, signal);
  let changeSet: ChangeSet | undefined;
  const discard = async (): Promise<void> => {
    const tidying = AbortSignal.timeout(tidyLimitMs);
    if (changeSet !== undefined) await deleteChangeSet(target, changeSet.id, tidying);
    // A stack that is being made after all needs its files.
    const isGone = await deleteEmptyStack(target, tidying);
    if (isGone && !hadBucket) await removeAssetBucket(target, tidying);
  };
  try {
    yield note(`Comparing version ${assets.version} with ${describeDeployed(stack, target)}.`);
    await ensureAssetBucket(target, signal);
    const templateUrl = await uploadTemplate(target, assets.template, signal);
    const action = stack === undefined ? "create" : "update";
    changeSet = await makeChangeSet(target, { action, templateUrl, parameters: parameters.input }, signal);
    if (changeSet === undefined) return { proposal: undefined, changeSet, stack, discard };
    const { stack: name, region, account, identity } = target;
    const proposal: Proposal = {
      action,
      stack: name,
      region,
      account,
      identity,
      fromVersion: stack?.version,
      toVersion: assets.version,
      changes: changeSet.changes,
      parameterChanges: parameters.changes,
    };
    return { proposal, changeSet, stack, discard };
  } catch (error) {
    // What cannot be tidied up now is cleared away by the next deployment; why this one failed matters more.
    await Promise.allSettled([discard()]);
    throw error;
  }
}

function describeDeployed(stack: DeployedStack | undefined, { region }: DeployTarget): string {
  if (stack === undefined) return `nothing: there is no such stack in ${region} yet`;
  return `version ${stack.version ?? "unknown"}, which is deployed`;
}

/** Follows what is under way to its end; undefined when there is no stack, or only an empty one of ours. */
async function* settleStack(target: DeployTarget, signal: AbortSignal): Work<DeployedStack | undefined> {
  let stack = await readStack(target, signal);
  if (stack?.status === "REVIEW_IN_PROGRESS") {
    await clearReview(target, stack, signal);
    return undefined;
  }
  if (stack !== undefined) refuseForeign(stack, target);
  if (stack !== undefined && stack.status !== "DELETE_IN_PROGRESS" && !isAtRest(stack.status)) {
    yield note(`A deployment is under way (${stack.status}); following it to its end.`);
    const start = await startOfOperation(target, stack.id, signal);
    const end = yield* followStack(target, stack.id, start, signal);
    if (end.failure !== undefined) throw rolledBack(target, end);
    yield note("It has ended. What it has deployed is compared with this version now.");
    stack = await readStack(target, signal);
  }
  if (stack === undefined || isSettled(stack)) return stack;
  throw await explainUnsettled(target, stack, signal);
}

function refuseNewer({ name, version }: DeployedStack, ours: string): void {
  if (version === undefined || compareVersions(version, ours) <= 0) return;
  throw new UserError(
    "stack-newer",
    `The stack "${name}" is of version ${version}, newer than this loadfleet ${ours}.`,
    {
      hint: "Update loadfleet first; an older version would undo what the newer one has made.",
      kind: "environment",
    },
  );
}
