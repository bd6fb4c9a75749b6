import type { RunPlan } from "../core/run/plan.ts";

const mask = "•••";
const secretName = /token|secret|password|passwd|passphrase|credential|api_?key|private/i;
const secretHeader = /^(authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-auth-token)$/i;

/** Hides what a trace must not show: the values of secrets wherever they stand, and headers that prove who one is. */
export class Masker {
  readonly #isOff: boolean;
  readonly #values: readonly string[];

  /** Values of the plan's secrets, and of environment variables whose names sound like one. */
  constructor(plan: RunPlan, environment: Readonly<Record<string, string>>) {
    this.#isOff = environment.LOADFLEET_SHOW_SECRETS === "1";
    const all = Object.entries({ ...plan.environment, ...environment });
    const secrets = all.filter(([name, value]) => value !== "" && (name in plan.secrets || isSecret(name, value)));
    const written = secrets.flatMap(([, value]) => [
      value,
      encodeURIComponent(value),
      new URLSearchParams([["", value]]).toString().slice(1),
      JSON.stringify(value).slice(1, -1),
    ]);
    // Longest first, so that a secret within another does not leave its rest.
    this.#values = [...new Set(written)].toSorted((a, b) => b.length - a.length);
  }

  text(text: string): string {
    if (this.#isOff) return text;
    let masked = text;
    for (const value of this.#values) masked = masked.replaceAll(value, mask);
    return masked;
  }

  header(name: string, value: string): string {
    return secretHeader.test(name) && !this.#isOff ? mask : this.text(value);
  }
}

// A short value would black out half the trace.
function isSecret(name: string, value: string): boolean {
  return value.length >= 6 && secretName.test(name);
}
