import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { mapConcurrent } from "../core/async.ts";
import { UserError } from "../core/errors.ts";
import { awsError, isNamed } from "./awsErrors.ts";

/** Gives the values of secrets by name for their references. @throws {UserError} `secret-…` for one that cannot be had */
export type ResolveSecrets = (
  references: Readonly<Record<string, string>>,
  signal: AbortSignal,
) => Promise<Readonly<Record<string, string>>>;

/** Where secrets are kept. */
export interface SecretKeepers {
  readonly ssm: SSMClient;
  readonly secretsManager: SecretsManagerClient;
}

const parameterFolder = "/loadfleet/";
const readsAtATime = 5;

/** Makes what resolves `ssm:/loadfleet/…` and `secretsmanager:…` (a name or an ARN). */
export function makeSecretResolver(keepers: SecretKeepers): ResolveSecrets {
  return async (references, signal) => {
    const read = async ([name, reference]: readonly [string, string]) =>
      [name, await readSecret(name, reference, keepers, signal)] as const;
    return Object.fromEntries(await mapConcurrent(Object.entries(references), readsAtATime, read, signal));
  };
}

async function readSecret(
  name: string,
  reference: string,
  { ssm, secretsManager }: SecretKeepers,
  signal: AbortSignal,
): Promise<string> {
  const [, kind, place = ""] = /^(ssm|secretsmanager):(.+)$/.exec(reference) ?? [];
  try {
    if (kind === "ssm") {
      if (!place.startsWith(parameterFolder)) throw outside(name, reference);
      const command = new GetParameterCommand({ Name: place, WithDecryption: true });
      const { Parameter } = await ssm.send(command, { abortSignal: signal });
      return Parameter?.Value ?? "";
    }
    if (kind === "secretsmanager") {
      const command = new GetSecretValueCommand({ SecretId: place });
      const { SecretString } = await secretsManager.send(command, { abortSignal: signal });
      if (SecretString !== undefined) return SecretString;
      throw missing(name, reference, "it holds bytes and no text");
    }
  } catch (error) {
    if (isNamed(error, "ParameterNotFound", "ResourceNotFoundException")) {
      throw missing(name, reference, "there is nothing of that name");
    }
    throw awsError(error, `read the secret ${name} (${reference})`);
  }
  throw new UserError(
    "secret-elsewhere",
    `The secret ${name} is kept at ${reference}, which a run in AWS cannot read.`,
    {
      hint: `Give it as "ssm:${parameterFolder}…" or "secretsmanager:…" in loadfleet.secrets for runs in AWS.`,
    },
  );
}

function outside(name: string, reference: string): UserError {
  return new UserError("secret-outside", `The secret ${name} (${reference}) is not below ${parameterFolder}.`, {
    hint: `The stack may read parameters below ${parameterFolder} only; put a copy there.`,
  });
}

function missing(name: string, reference: string, why: string): UserError {
  return new UserError("secret-missing", `The secret ${name} cannot be had from ${reference}: ${why}.`, {
    hint: "Make it in the stack's account and region, then start the run again.",
  });
}
