import { Aws, Fn, type IResolvable, type Stack } from "aws-cdk-lib";
import { CfnRole } from "aws-cdk-lib/aws-iam";
import type { Conditions } from "./conditions.ts";
import { parameter } from "./parameters.ts";
import type { UnscopedAction } from "./unscopedActions.ts";

/** A statement of a policy that allows something. */
export interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Allows actions on resources. */
export function allow(
  actions: readonly string[],
  resources: readonly string[],
  condition?: Statement["Condition"],
): Statement {
  const statement = { Effect: "Allow" as const, Action: actions, Resource: resources };
  return condition === undefined ? statement : { ...statement, Condition: condition };
}

/** Allows actions for which AWS has no resources. */
export function allowUnscoped(actions: readonly UnscopedAction[], condition?: Statement["Condition"]): Statement {
  return allow(actions, ["*"], condition);
}

/** The document of a policy. */
export function policyDocument(statements: readonly unknown[]): object {
  return { Version: "2012-10-17", Statement: statements };
}

/** Adds a role that a service of AWS takes on, bounded as the owner says. */
export function addRole(
  stack: Stack,
  id: string,
  service: string,
  access: { readonly statements: readonly (Statement | IResolvable)[]; readonly conditions: Conditions },
): CfnRole {
  return new CfnRole(stack, id, {
    // Only on behalf of this account: no other can make the service act with it.
    assumeRolePolicyDocument: policyDocument([
      {
        Effect: "Allow",
        Principal: { Service: `${service}.amazonaws.com` },
        Action: "sts:AssumeRole",
        ...(guardedServices.has(service)
          ? { Condition: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } } }
          : {}),
      },
    ]),
    permissionsBoundary: Fn.conditionIf(
      access.conditions.hasBoundary.logicalId,
      parameter("permissionsBoundary"),
      Aws.NO_VALUE,
    ).toString(),
    policies: [{ policyName: "access", policyDocument: policyDocument(access.statements) }],
  });
}

// Services that say in whose account they act when they take on a role; Lambda does not.
const guardedServices = new Set(["codebuild", "codepipeline", "ecs-tasks", "events", "states"]);

/** ARN of a resource in this account and Region; `path` is what follows the account. */
export function arn(service: string, path: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${path}`;
}
