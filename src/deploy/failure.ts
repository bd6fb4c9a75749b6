import { UserError } from "../core/errors.ts";
import type { StackEnd } from "./events.ts";
import type { DeployTarget } from "./target.ts";

/** Says why a deployment did not succeed, and what CloudFormation has made of it. */
export function rolledBack({ stack, region }: DeployTarget, { status, failure }: StackEnd): UserError {
  const cause =
    failure === undefined
      ? `CloudFormation ended with ${status}.`
      : `${failure.logicalId} (${failure.type}): ${failure.reason}`;
  return new UserError("deploy-failed", `Could not deploy the stack "${stack}" in ${region}: ${cause}`, {
    hint: nextStep(status),
    kind: "environment",
  });
}

function nextStep(status: string): string {
  switch (status) {
    case "UPDATE_ROLLBACK_COMPLETE":
      return "CloudFormation has put everything back as it was; the stack works as before. Mend the reason, then deploy again.";
    case "ROLLBACK_COMPLETE":
      return 'CloudFormation has removed what it had made. Mend the reason, clear the empty stack away with "loadfleet destroy", then deploy again.';
    case "UPDATE_ROLLBACK_FAILED":
      return "CloudFormation could not put everything back either: mend the reason, then let it go on with aws cloudformation continue-update-rollback.";
    default:
      return 'See what there is with "loadfleet status"; "loadfleet destroy" removes what is left.';
  }
}
