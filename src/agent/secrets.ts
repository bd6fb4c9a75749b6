import { UserError } from "../core/errors.ts";
import type { RunPlan } from "../core/run/plan.ts";

/**
 * Takes the secrets of a plan from the environment of this machine (`env:NAME`).
 * @throws {UserError} `secret-missing` for a variable that is not set, `secret-elsewhere` for what is kept in AWS
 */
export function resolveLocalSecrets(
  secrets: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(secrets).map(([name, reference]) => [name, resolve(name, reference, env)]));
}

function resolve(name: string, reference: string, env: Readonly<Record<string, string | undefined>>): string {
  const [, variable] = /^env:(.+)$/.exec(reference) ?? [];
  if (variable === undefined) {
    throw new UserError(
      "secret-elsewhere",
      `The secret ${name} is kept at ${reference}, which a local run cannot read.`,
      {
        hint: `Give it as "env:${name}" in loadfleet.secrets for local runs.`,
      },
    );
  }
  const value = env[variable];
  if (value !== undefined) return value;
  throw new UserError("secret-missing", `The environment variable ${variable} of the secret ${name} is not set.`, {
    hint: `Set ${variable} before the run is started.`,
  });
}

/** Gives the values of a plan's secrets, which must not be seen, out of the environment that its engine gets. */
export function secretsOf(
  { secrets }: Pick<RunPlan, "secrets">,
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.keys(secrets).flatMap((name) => environment[name] ?? []);
}
