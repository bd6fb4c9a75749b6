import { CfnDeletionPolicy, Token, type Stack } from "aws-cdk-lib";
import { CfnLogGroup } from "aws-cdk-lib/aws-logs";
import { parameter } from "./parameters.ts";

/** Adds a log group that keeps its lines as long as the owner says, and goes with the stack. */
export function addLogGroup(stack: Stack, id: string, logGroupName: string): CfnLogGroup {
  const group = new CfnLogGroup(stack, id, {
    logGroupName,
    retentionInDays: Token.asNumber(parameter("logRetention")),
  });
  group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.DELETE;
  return group;
}
