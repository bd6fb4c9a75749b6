import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { UserError } from "../core/errors.ts";

const algorithm = "aes-256-gcm";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** Makes a new random key, base64. */
export function makeSecretsKey(): string {
  return randomBytes(keyBytes).toString("base64");
}

/** Encrypts values under a key; gives base64 of nonce, tag and ciphertext. */
export function sealSecrets(values: Readonly<Record<string, string>>, key: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, Buffer.from(key, "base64"), nonce, { authTagLength: tagBytes });
  const text = Buffer.concat([cipher.update(JSON.stringify(values), "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString("base64");
}

/** Decrypts what {@link sealSecrets} gave. @throws {UserError} `secrets-damaged` when it was sealed with another key or was changed */
export function openSecrets(sealed: string, key: string): Readonly<Record<string, string>> {
  try {
    const bytes = Buffer.from(sealed, "base64");
    const nonce = bytes.subarray(0, nonceBytes);
    const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes);
    const decipher = createDecipheriv(algorithm, Buffer.from(key, "base64"), nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(tag);
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]);
    const values: unknown = JSON.parse(text.toString("utf8"));
    return Object.fromEntries(Object.entries(Object(values)).map(([name, value]) => [name, String(value)]));
  } catch (cause) {
    throw new UserError("secrets-damaged", "The secrets of the task cannot be decrypted with its key.", {
      kind: "run",
      hint: "Start the run again; each task gets a new key.",
      cause,
    });
  }
}
