import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { connect } from "../../src/aws/credentials.ts";

let folder: string;

// The SDK reads the environment of the process itself, and keeps what it read of each file.
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loadfleet-profiles-"));
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", folder);
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(folder, "credentials"));
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A program that prints credentials, as a credential_process does. */
async function makeProcess(printed: object): Promise<string> {
  const path = join(folder, "process.mjs");
  await writeFile(path, `console.log(${JSON.stringify(JSON.stringify(printed))});`);
  return `"${process.execPath}" "${path}"`;
}

const write = (name: "config" | "credentials", text: string): Promise<void> => writeFile(join(folder, name), text);

test("takes keys, region and endpoint of a profile", async () => {
  await write(
    "config",
    "[profile shop]\nregion = eu-west-1 # Ireland\nendpoint_url = http://127.0.0.1:1\ns3 =\n  region = x\n",
  );
  await write("credentials", "[shop]\naws_access_key_id = AKIA1\naws_secret_access_key = s/e=c\n");
  const connection = await connect({ profile: "shop" });
  expect(connection).toMatchObject({ region: "eu-west-1", endpoint: "http://127.0.0.1:1", profile: "shop" });
  expect(await connection.credentials?.()).toMatchObject({ accessKeyId: "AKIA1", secretAccessKey: "s/e=c" });
});

test("prefers what is chosen to the environment, and that to the profile", async () => {
  await write("config", "[default]\nregion = eu-west-1\n");
  expect((await connect({})).region).toBe("eu-west-1");
  vi.stubEnv("AWS_REGION", "us-east-2");
  expect((await connect({})).region).toBe("us-east-2");
  expect((await connect({ region: "eu-north-1" })).region).toBe("eu-north-1");
});

test("takes keys from the environment, unless a profile is named", async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAENV");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "secret");
  vi.stubEnv("AWS_SESSION_TOKEN", "token");
  expect(await (await connect({})).credentials?.()).toMatchObject({ accessKeyId: "AKIAENV", sessionToken: "token" });
  await write("credentials", "[shop]\naws_access_key_id = AKIA1\naws_secret_access_key = secret\n");
  vi.spyOn(console, "warn").mockReturnValue();
  expect(await (await connect({ profile: "shop" })).credentials?.()).toMatchObject({ accessKeyId: "AKIA1" });
});

test("runs a credential_process", async () => {
  const Expiration = new Date(Date.now() + 3_600_000).toISOString();
  const program = await makeProcess({ Version: 1, AccessKeyId: "AKIAP", SecretAccessKey: "secret", Expiration });
  await write("config", `[profile process]\ncredential_process = ${program}\n`);
  expect(await (await connect({ profile: "process" })).credentials?.()).toMatchObject({ accessKeyId: "AKIAP" });
});

test("says that a credential_process gave expired keys", async () => {
  const Expiration = "2020-01-01T00:00:00Z";
  const program = await makeProcess({ Version: 1, AccessKeyId: "AKIAP", SecretAccessKey: "secret", Expiration });
  await write("config", `[profile process]\ncredential_process = ${program}\n`);
  await expect((await connect({ profile: "process" })).credentials?.()).rejects.toMatchObject({
    code: "aws-process-failed",
    message: 'The credential_process of the profile "process" gave no keys that are still good.',
  });
});

test("names the command that opens an SSO session again", async () => {
  await write(
    "config",
    [
      "[profile shop]",
      "sso_session = work",
      "sso_account_id = 000000000000",
      "sso_role_name = Admin",
      "region = eu-west-1",
      "[sso-session work]",
      "sso_start_url = https://example.awsapps.com/start",
      "sso_region = eu-west-1",
      "[profile role]",
      "role_arn = arn:aws:iam::000000000000:role/Load",
      "source_profile = shop",
    ].join("\n"),
  );
  await expect((await connect({ profile: "shop" })).credentials?.()).rejects.toMatchObject({
    code: "aws-sso-expired",
    message: 'The SSO session of the profile "shop" has expired, or was never opened.',
    hint: 'Run "aws sso login --profile shop", then do it again.',
  });
  await expect((await connect({ profile: "role" })).credentials?.()).rejects.toMatchObject({
    hint: 'Run "aws sso login --profile shop", then do it again.',
  });
});

test("says that a device's code is needed when nobody can be asked", async () => {
  await write(
    "config",
    [
      "[profile keys]",
      "aws_access_key_id = AKIA1",
      "aws_secret_access_key = secret",
      "[profile role]",
      "role_arn = arn:aws:iam::000000000000:role/Load",
      "source_profile = keys",
      "mfa_serial = arn:aws:iam::000000000000:mfa/me",
    ].join("\n"),
  );
  await expect((await connect({ profile: "role" })).credentials?.()).rejects.toMatchObject({ code: "aws-mfa-needed" });
  const asked: string[] = [];
  const mfa = async (serial: string): Promise<string> => {
    asked.push(serial);
    throw new Error("The person went away.");
  };
  await expect((await connect({ profile: "role", mfa })).credentials?.()).rejects.toThrow("The person went away.");
  expect(asked).toEqual(["arn:aws:iam::000000000000:mfa/me"]);
});

test("says which profiles there are when the one named is not", async () => {
  await write("config", "[profile shop]\nregion = eu-west-1\n");
  await expect(connect({ profile: "shpo" })).rejects.toMatchObject({
    code: "aws-no-profile",
    message: 'There is no AWS profile "shpo" on this machine.',
    hint: "There is: shop.",
  });
});

test("says that there are no credentials at all", async () => {
  await expect((await connect({})).credentials?.()).rejects.toMatchObject({
    code: "aws-no-credentials",
    kind: "environment",
    hint: expect.stringContaining("--profile"),
  });
});
