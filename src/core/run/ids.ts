declare const brand: unique symbol;

/** Identifies a stored scenario; a slug of letters, digits and `-`, at most 128 characters. */
export type TestId = string & { readonly [brand]: "TestId" };

/** Identifies a run; sorts by time. */
export type RunId = string & { readonly [brand]: "RunId" };

const base32 = "0123456789abcdefghjkmnpqrstvwxyz";

function encodeBase32(value: bigint, length: number): string {
  let text = "";
  for (let rest = value, i = 0; i < length; i++, rest >>= 5n) text = base32[Number(rest & 31n)] + text;
  return text;
}

/**
 * Makes a run's id: 10 characters of time (ms) and 16 of randomness, in Crockford's base 32 (as ULID does).
 * @param random 10 bytes from a cryptographic source
 */
export function makeRunId(nowMs: number, random: Uint8Array): RunId {
  let bits = 0n;
  for (const byte of random.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte);
  return (encodeBase32(BigInt(nowMs), 10) + encodeBase32(bits, 16)) as RunId;
}

/** Reads the instant (epoch ms) that a run's id carries. */
export function instantOfRunId(runId: RunId): number {
  let ms = 0;
  for (const letter of runId.slice(0, 10)) ms = ms * 32 + base32.indexOf(letter);
  return ms;
}

/** Tells whether the text has the form of a run's id. */
export function isRunId(text: string): text is RunId {
  return /^[0-9a-hjkmnp-tv-z]{26}$/.test(text);
}

/** Makes a test's id out of any text: lower case, every other character a `-`. */
export function makeTestId(text: string): TestId {
  const slug = text
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 128)
    .replace(/-+$/, "");
  return (slug === "" ? "test" : slug) as TestId;
}
