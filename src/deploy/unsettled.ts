import { UserError } from "../core/errors.ts";
import type { DeployedStack } from "./deployedStack.ts";
import { findFailure } from "./events.ts";
import type { DeployTarget } from "./target.ts";

/** Tells whether a stack of this status works and can be updated. */
export function isSettled({ status }: DeployedStack): boolean {
  return /^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_COMPLETE$/.test(status);
}

/** Says why a stack that is not settled can be neither used nor updated, and what to do. */
export async function explainUnsettled(
  target: DeployTarget,
  stack: DeployedStack,
  signal: AbortSignal,
): Promise<UserError> {
  const { name, status } = stack;
  const where = `The stack "${name}" in ${target.region}`;
  const make = (code: string, sentence: string, hint: string): UserError =>
    new UserError(code, sentence, { hint, kind: "environment" });
  switch (status) {
    case "REVIEW_IN_PROGRESS": {
      const hint = 'Deploy it with "loadfleet deploy", or clear it away with "loadfleet destroy".';
      return make("stack-empty", `${where} is empty: its first deployment was not agreed to.`, hint);
    }
    case "DELETE_IN_PROGRESS": {
      const hint = 'Follow it with "loadfleet destroy"; then it can be deployed anew.';
      return make("stack-deleting", `${where} is being deleted.`, hint);
    }
    case "DELETE_FAILED": {
      const hint = 'Go on with "loadfleet destroy"; then it can be deployed anew.';
      return make("stack-half-deleted", `${where} is half deleted: ${await reasonOf(target, stack, signal)}`, hint);
    }
    case "UPDATE_ROLLBACK_FAILED":
    case "UPDATE_FAILED": {
      const hint = `Mend the reason, then: aws cloudformation continue-update-rollback --stack-name ${name} --region ${target.region}`;
      const why = await reasonOf(target, stack, signal);
      return make("stack-stuck", `${where} is stuck between two versions: ${why}`, hint);
    }
    default: {
      if (status.endsWith("_IN_PROGRESS")) {
        const hint = 'Follow it with "loadfleet deploy".';
        return make("stack-busy", `${where} is being changed: ${status}.`, hint);
      }
      const hint = 'Clear away what is left of it with "loadfleet destroy", mend the reason, then deploy again.';
      return make("stack-not-made", `${where} could not be made: ${await reasonOf(target, stack, signal)}`, hint);
    }
  }
}

async function reasonOf(target: DeployTarget, stack: DeployedStack, signal: AbortSignal): Promise<string> {
  const failure = await findFailure(target, stack.id, signal);
  if (failure !== undefined) return `${failure.logicalId} (${failure.type}): ${failure.reason}`;
  return stack.statusReason ?? `CloudFormation says ${stack.status} and gives no reason.`;
}
