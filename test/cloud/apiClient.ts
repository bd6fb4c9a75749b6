import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { CloudStack } from "./cloudStack.ts";

/** An answer of the REST API. */
export interface ApiReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const password = "A-password-of-20-chars-1";

/** Makes a user of the stack in some groups; gives the identity token that the user signs in with. */
export async function signIn(stack: CloudStack, name: string, ...groups: readonly string[]): Promise<string> {
  const cognito = new CognitoIdentityProviderClient(stack.emulator.clientConfig);
  const UserPoolId = stack.output("userPool");
  const user = { UserPoolId, Username: name };
  await cognito.send(new AdminCreateUserCommand({ ...user, MessageAction: "SUPPRESS" }));
  await cognito.send(new AdminSetUserPasswordCommand({ ...user, Password: password, Permanent: true }));
  for (const GroupName of groups) await cognito.send(new AdminAddUserToGroupCommand({ ...user, GroupName }));
  // The console's own client takes no passwords; the API takes the tokens of every client of its pool.
  const ExplicitAuthFlows = ["ALLOW_USER_PASSWORD_AUTH" as const, "ALLOW_REFRESH_TOKEN_AUTH" as const];
  const made = await cognito.send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: `test-${name}`, ExplicitAuthFlows }),
  );
  const { AuthenticationResult } = await cognito.send(
    new InitiateAuthCommand({
      ClientId: made.UserPoolClient?.ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: name, PASSWORD: password },
    }),
  );
  const token = AuthenticationResult?.IdToken;
  if (token === undefined) throw new Error(`${name} cannot sign in.`);
  return token;
}

/** Calls the REST API of a stack as a client of version 1.2 does. */
export async function callApi(
  stack: CloudStack,
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<ApiReply> {
  const url = new URL(stack.output("apiUrl"));
  // The emulator knows APIs by their path, AWS by their host name.
  const [api = ""] = url.hostname.split(".");
  const address = `${stack.emulator.endpoint}/_aws/execute-api/${api}${url.pathname.replace(/\/$/, "")}${path}`;
  const headers = { "content-type": "application/json", ...(token === undefined ? {} : { authorization: token }) };
  const reply = await fetch(address, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, headers: reply.headers, body: decode(text) };
}

function decode(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
