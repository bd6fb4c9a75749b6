import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  type Change,
  type DescribeChangeSetCommandOutput,
  type Parameter,
} from "@aws-sdk/client-cloudformation";
import { explain } from "../aws/awsErrors.ts";
import { UserError } from "../core/errors.ts";
import { stackTag } from "../core/stack/names.ts";
import { readStack, refuseForeign, type DeployedStack } from "./deployedStack.ts";
import { decodeChanges, type StackChange } from "./changes.ts";
import type { DeployTarget } from "./target.ts";

const namePrefix = "loadfleet-";

/** What CloudFormation would do, waiting to be executed or deleted. */
export interface ChangeSet {
  readonly id: string;
  readonly stackId: string;
  readonly changes: readonly StackChange[];
}

/** What a change set is made from. */
export interface ChangeSetInput {
  readonly action: "create" | "update";
  readonly templateUrl: string;
  readonly parameters: readonly Parameter[];
}

/** Has CloudFormation compare the template with what is deployed. Undefined: nothing would change. @throws {UserError} */
export async function makeChangeSet(
  target: DeployTarget,
  { action, templateUrl, parameters }: ChangeSetInput,
  signal: AbortSignal,
): Promise<ChangeSet | undefined> {
  const { cloudFormation, stack, clock } = target;
  const create = new CreateChangeSetCommand({
    StackName: stack,
    ChangeSetName: `${namePrefix}${clock.now()}`,
    ChangeSetType: action === "create" ? "CREATE" : "UPDATE",
    TemplateURL: templateUrl,
    Parameters: [...parameters],
    Capabilities: ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
    Tags: [{ Key: stackTag, Value: stack }],
  });
  const doing = `compare the template with the stack ${stack}`;
  const { Id: id = "", StackId: stackId = "" } = await explain(
    doing,
    cloudFormation.send(create, { abortSignal: signal }),
  );
  const described = await awaitChangeSet(target, id, doing, signal);
  if (described.Status === "FAILED") {
    const reason = described.StatusReason ?? "";
    await deleteChangeSet(target, id, signal);
    // There is no status of its own for "nothing to do": these are CloudFormation's two ways to say it.
    if (/didn't contain changes|No updates are to be performed/i.test(reason)) return undefined;
    throw new UserError("change-set-failed", `Could not ${doing}: ${reason}`, {
      hint: "The words after the colon are CloudFormation's; nothing was changed.",
      kind: "environment",
    });
  }
  return { id, stackId, changes: await readChanges(target, described, signal) };
}

/** Starts what a change set says. @throws {UserError} `change-set-outdated` when the stack has changed since */
export async function executeChangeSet(target: DeployTarget, { id }: ChangeSet, signal: AbortSignal): Promise<void> {
  const execute = new ExecuteChangeSetCommand({ StackName: target.stack, ChangeSetName: id });
  try {
    await target.cloudFormation.send(execute, { abortSignal: signal });
  } catch (error) {
    if (isOutdated(error)) {
      throw new UserError("change-set-outdated", "The stack has changed since these changes were shown.", {
        hint: "Somebody else deploys it as well. Look again: loadfleet deploy.",
        kind: "environment",
        cause: error,
      });
    }
    await explain(`update the stack ${target.stack}`, Promise.reject(error));
  }
}

/** Deletes a stack that has never got beyond the review of a change set; answers whether there is none now. */
export async function deleteEmptyStack(target: DeployTarget, signal: AbortSignal): Promise<boolean> {
  const stack = await readStack(target, signal);
  if (stack?.status !== "REVIEW_IN_PROGRESS") return stack === undefined;
  const remove = new DeleteStackCommand({ StackName: stack.id });
  const call = target.cloudFormation.send(remove, { abortSignal: signal });
  await explain(`delete the empty stack ${stack.name}`, call);
  return true;
}

/** Deletes a change set, if it has not been executed. */
export async function deleteChangeSet(target: DeployTarget, id: string, signal: AbortSignal): Promise<void> {
  const remove = new DeleteChangeSetCommand({ StackName: target.stack, ChangeSetName: id });
  try {
    await target.cloudFormation.send(remove, { abortSignal: signal });
  } catch (error) {
    if (!isOutdated(error)) await explain("delete a change set", Promise.reject(error));
  }
}

function isOutdated(error: unknown): error is Error {
  return error instanceof Error && /InvalidChangeSetStatus|ChangeSetNotFound/.test(error.name);
}

/**
 * Clears a stack that is in review, so that it has no resources, of change sets that an interrupted deployment left.
 * @throws {UserError} `foreign-stack` when somebody else's change set waits there
 */
export async function clearReview(target: DeployTarget, stack: DeployedStack, signal: AbortSignal): Promise<void> {
  const { cloudFormation } = target;
  let NextToken: string | undefined;
  do {
    const list = new ListChangeSetsCommand({ StackName: stack.name, NextToken });
    const call = cloudFormation.send(list, { abortSignal: signal });
    const page = await explain(`list the change sets of ${stack.name}`, call);
    for (const { ChangeSetName = "", ChangeSetId = "" } of page.Summaries ?? []) {
      if (!ChangeSetName.startsWith(namePrefix)) refuseForeign({ ...stack, isOurs: false }, target);
      await deleteChangeSet(target, ChangeSetId, signal);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
}

async function awaitChangeSet(
  { cloudFormation, stack, clock, pollMs }: DeployTarget,
  id: string,
  doing: string,
  signal: AbortSignal,
): Promise<DescribeChangeSetCommandOutput> {
  for (;;) {
    const describe = new DescribeChangeSetCommand({ StackName: stack, ChangeSetName: id });
    const described = await explain(doing, cloudFormation.send(describe, { abortSignal: signal }));
    if (!/PENDING|IN_PROGRESS/.test(described.Status ?? "")) return described;
    await clock.sleep(pollMs, signal);
    signal.throwIfAborted();
  }
}

async function readChanges(
  { cloudFormation, stack }: DeployTarget,
  first: DescribeChangeSetCommandOutput,
  signal: AbortSignal,
): Promise<readonly StackChange[]> {
  const changes: Change[] = [...(first.Changes ?? [])];
  let { NextToken } = first;
  while (NextToken !== undefined) {
    const next = new DescribeChangeSetCommand({ StackName: stack, ChangeSetName: first.ChangeSetId, NextToken });
    const page = await explain(`read the changes of ${stack}`, cloudFormation.send(next, { abortSignal: signal }));
    changes.push(...(page.Changes ?? []));
    NextToken = page.NextToken;
  }
  return decodeChanges(changes);
}
