import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { UserError } from "../core/errors.ts";
import { isNamed } from "./awsErrors.ts";
import type { Connection, Credentials } from "./clients.ts";
import { readProfiles, type Profile } from "./profiles.ts";

/** What a person chose; the rest comes from the environment and the AWS files of the machine. */
export interface ConnectOptions {
  readonly profile?: string;
  readonly region?: string;
  readonly endpoint?: string;
  /** Asks the person for the code of a device. */
  readonly mfa?: (serial: string) => Promise<string>;
}

/**
 * Finds out how AWS is reached, from every source that the SDKs know: environment, profiles with SSO, roles,
 * `credential_process` or web identity, containers and machines of AWS. Credentials are fetched when they are first used.
 * @throws {UserError} `aws-no-profile` for a profile that is not there
 */
export async function connect(
  options: ConnectOptions,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<Connection> {
  const name = options.profile ?? env["AWS_PROFILE"];
  const profiles = await readProfiles(env);
  const profile = profiles.get(name ?? "default");
  if (name !== undefined && profile === undefined) throw noProfile(name, [...profiles.keys()]);
  const region = options.region ?? env["AWS_REGION"] ?? env["AWS_DEFAULT_REGION"] ?? profile?.["region"];
  const endpoint = options.endpoint ?? env["AWS_ENDPOINT_URL"] ?? profile?.["endpoint_url"];
  const place = { ...(region === undefined ? {} : { region }), ...(endpoint === undefined ? {} : { endpoint }) };
  const provider = fromNodeProviderChain({
    // Named outright, so that keys in the environment do not outdo it.
    ...(name === undefined ? {} : { profile: name }),
    ...(options.mfa && { mfaCodeProvider: options.mfa }),
    clientConfig: place,
  });
  const credentials = async (): Promise<Credentials> => {
    try {
      return await provider();
    } catch (error) {
      throw unavailable(error, name, profile, profiles);
    }
  };
  return { ...place, credentials, ...(name === undefined ? {} : { profile: name }) };
}

function noProfile(name: string, known: readonly string[]): UserError {
  const some = known.slice(0, 5).join(", ");
  return new UserError("aws-no-profile", `There is no AWS profile "${name}" on this machine.`, {
    kind: "environment",
    hint: known.length === 0 ? '"aws configure sso" makes one.' : `There is: ${some}${known.length > 5 ? ", …" : ""}.`,
  });
}

function unavailable(
  error: unknown,
  name: string | undefined,
  profile: Profile | undefined,
  profiles: ReadonlyMap<string, Profile>,
): unknown {
  if (!(error instanceof Error)) return error;
  const which = name === undefined ? "" : ` of the profile "${name}"`;
  const option = name === undefined || name === "default" ? "" : ` --profile ${name}`;
  const make = (code: string, what: string, hint: string): UserError =>
    new UserError(code, what, { kind: "environment", hint, cause: error });

  if (/multi-factor/.test(error.message)) {
    const hint = "Use a program that can ask, or a profile with a session that has been opened with the device.";
    return make("aws-mfa-needed", `The credentials${which} need a code of a device, and nobody can be asked.`, hint);
  }
  const source = sourceOf(profile, profiles, name);
  if (source.settings["sso_session"] !== undefined || source.settings["sso_start_url"] !== undefined) {
    const hint = `Run "aws sso login${source.name === undefined ? option : ` --profile ${source.name}`}", then do it again.`;
    return make("aws-sso-expired", `The SSO session${which} has expired, or was never opened.`, hint);
  }
  if (source.settings["login_session"] !== undefined) {
    return make("aws-login-expired", `The session${which} has expired.`, `Run "aws login${option}", then do it again.`);
  }
  if (source.settings["credential_process"] !== undefined) {
    const hint = "Run that program by hand to see what it says, and log in where it asks you to.";
    return make("aws-process-failed", `The credential_process${which} gave no keys that are still good.`, hint);
  }
  if (isNamed(error, "CredentialsProviderError", "TokenProviderError")) {
    const hint = `Name a profile with --profile or AWS_PROFILE, or set keys in the environment; "aws configure sso" makes a profile.`;
    return make("aws-no-credentials", `There are no AWS credentials${which}: ${error.message}`, hint);
  }
  return make(
    "aws-credentials-failed",
    `The credentials${which} cannot be had: ${error.message}`,
    `See what is wrong with "aws sts get-caller-identity${option}".`,
  );
}

/** The profile that the keys come from in the end: roles are assumed with those of another. */
function sourceOf(
  profile: Profile | undefined,
  profiles: ReadonlyMap<string, Profile>,
  name: string | undefined,
): { readonly settings: Profile; readonly name: string | undefined } {
  let found = { settings: profile ?? {}, name };
  for (let steps = 0; steps < profiles.size; steps++) {
    const next = found.settings["source_profile"];
    const settings = next === undefined ? undefined : profiles.get(next);
    if (next === undefined || settings === undefined || next === found.name) break;
    found = { settings, name: next };
  }
  return found;
}
