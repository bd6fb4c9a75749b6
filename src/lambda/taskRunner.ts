import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { clientConfig } from "../aws/clients.ts";
import { makeSecretResolver } from "../aws/secrets.ts";
import { makeHandler } from "./invocation.ts";
import { lambdaClock } from "./lambdaClock.ts";
import { describeStep } from "./logLine.ts";
import { decodeMessage } from "./message.ts";
import { openStack } from "./stackPorts.ts";
import { startRun } from "./startRun.ts";

const config = clientConfig({});
const resolveSecrets = makeSecretResolver({
  ssm: new SSMClient(config),
  secretsManager: new SecretsManagerClient(config),
});

/** The function task-runner: checks the owner's caps, launches the tasks, and gives the sign to start. */
export const handler = makeHandler(
  "task-runner",
  decodeMessage,
  // Opened anew: what it remembers of a run is no older than the invocation.
  (message, invocation) => startRun(message, { ...openStack(resolveSecrets), clock: lambdaClock }, invocation),
  describeStep,
);
