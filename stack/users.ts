import { Aws, Fn, type Stack } from "aws-cdk-lib";
import {
  CfnUserPool,
  CfnUserPoolClient,
  CfnUserPoolGroup,
  CfnUserPoolUser,
  CfnUserPoolUserToGroupAttachment,
} from "aws-cdk-lib/aws-cognito";
import { keepWhenReplaced } from "./data.ts";
import { parameter } from "./parameters.ts";

/** Who may use the console and the REST API. */
export interface Users {
  readonly pool: CfnUserPool;
  readonly client: CfnUserPoolClient;
}

const groups = {
  read: "Looks at tests, runs and results.",
  run: "Starts and stops runs as well.",
  admin: "Deletes tests and results as well.",
};

/** Adds the user pool with its groups and the first administrator, who gets an invitation. */
export function addUsers(stack: Stack, consoleUrl: string): Users {
  const pool = addPool(stack, consoleUrl);
  const client = new CfnUserPoolClient(stack, "UserPoolClient", {
    userPoolId: pool.ref,
    clientName: "console",
    // A page can keep no secret; the password itself never travels.
    generateSecret: false,
    explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
    accessTokenValidity: 60,
    idTokenValidity: 60,
    refreshTokenValidity: 1,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
  });
  const made = Object.entries(groups).map(
    ([groupName, description], index) =>
      new CfnUserPoolGroup(stack, `${groupName[0]?.toUpperCase()}${groupName.slice(1)}Group`, {
        userPoolId: pool.ref,
        groupName,
        description,
        precedence: Object.keys(groups).length - index,
      }),
  );
  addAdministrator(stack, pool, made);
  return { pool, client };
}

function addPool(stack: Stack, consoleUrl: string): CfnUserPool {
  const pool = new CfnUserPool(stack, "UserPool", {
    userPoolName: `${Aws.STACK_NAME}-users`,
    adminCreateUserConfig: {
      allowAdminCreateUserOnly: true,
      inviteMessageTemplate: {
        emailSubject: "Welcome to Loadfleet",
        emailMessage: Fn.join("", [
          "<p>You are invited to Loadfleet, distributed load tests.</p>",
          "<p>Console: ",
          consoleUrl,
          "<br>User name: {username}<br>Temporary password, valid for 7 days: {####}</p>",
        ]),
      },
    },
    autoVerifiedAttributes: ["email"],
    accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
    mfaConfiguration: "OPTIONAL",
    enabledMfas: ["SOFTWARE_TOKEN_MFA"],
    policies: {
      passwordPolicy: {
        minimumLength: 12,
        requireLowercase: true,
        requireNumbers: true,
        requireSymbols: true,
        requireUppercase: true,
        temporaryPasswordValidityDays: 7,
      },
    },
    schema: [{ name: "email", attributeDataType: "String", mutable: true, required: true }],
    usernameConfiguration: { caseSensitive: false },
    deletionProtection: "INACTIVE",
  });
  keepWhenReplaced(pool);
  return pool;
}

function addAdministrator(stack: Stack, pool: CfnUserPool, made: readonly CfnUserPoolGroup[]): void {
  const user = new CfnUserPoolUser(stack, "Administrator", {
    userPoolId: pool.ref,
    username: parameter("adminName"),
    desiredDeliveryMediums: ["EMAIL"],
    userAttributes: [
      { name: "email", value: parameter("adminEmail") },
      { name: "email_verified", value: "true" },
    ],
  });
  const membership = new CfnUserPoolUserToGroupAttachment(stack, "AdministratorIsAdmin", {
    userPoolId: pool.ref,
    username: user.ref,
    groupName: "admin",
  });
  for (const group of made) membership.addResourceDependency(group);
}
