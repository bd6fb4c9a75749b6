import { expect, test } from "vitest";
import { makeSecretsKey, openSecrets, sealSecrets } from "../../src/aws/sealedSecrets.ts";

const values = { TOKEN: "s3cret", PASSWORD: "pässword" };

test("opens what was sealed with the same key only", () => {
  const key = makeSecretsKey();
  const sealed = sealSecrets(values, key);
  expect(openSecrets(sealed, key)).toEqual(values);
  expect(sealed).not.toContain("s3cret");
  expect(sealSecrets(values, key)).not.toBe(sealed);
  expect(() => openSecrets(sealed, makeSecretsKey())).toThrow(/cannot be decrypted/);
});

test("refuses what was changed", () => {
  const key = makeSecretsKey();
  const bytes = Buffer.from(sealSecrets(values, key), "base64");
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  expect(() => openSecrets(bytes.toString("base64"), key)).toThrow(/cannot be decrypted/);
  expect(() => openSecrets("", key)).toThrow(/cannot be decrypted/);
});
