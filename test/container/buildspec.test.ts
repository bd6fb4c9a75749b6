import { execFile } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { strToU8, unzipSync, zipSync } from "fflate";
import { afterAll, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { buildFlags, makeBase } from "../../scripts/buildImage.mjs";
import { packContainer } from "../../scripts/imageContext.mjs";
import { root } from "../../scripts/script.mjs";

const run = promisify(execFile);
const { program, env } = inject("image");
const folder = mkdtempSync(join(tmpdir(), "loadfleet-buildspec-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The build's commands as CodeBuild takes them; those that need a registry of AWS are left to the emulator's suite. */
function buildCommands(): readonly string[] {
  const { phases } = parse(readFileSync(join(root, "container", "buildspec.yml"), "utf8"));
  return phases.build.commands.filter((command: string) => !command.startsWith("docker push"));
}

/** Runs a phase of the buildspec over a container zip, with Podman under the name of Docker. */
async function build(zip: Uint8Array, repository: string): Promise<void> {
  const context = mkdtempSync(join(folder, "context-"));
  for (const [path, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(context, path)), { recursive: true });
    writeFileSync(join(context, path), bytes);
  }
  const programs = mkdtempSync(join(folder, "programs-"));
  const flags = buildFlags("podman").map((flag) => `'${flag}'`);
  writeFileSync(join(programs, "docker"), `#!/bin/sh\nshift\nexec ${program} build ${flags.join(" ")} "$@"\n`);
  chmodSync(join(programs, "docker"), 0o755);
  const variables = {
    REPOSITORY_URI: repository,
    ARCHITECTURE: process.arch === "arm64" ? "arm64" : "x86_64",
    BASE_IMAGE: await makeBase({ program, env }),
    CODEBUILD_BUILD_NUMBER: "7",
  };
  const environment = { ...process.env, ...env, ...variables, PATH: `${programs}:${process.env["PATH"]}` };
  for (const command of buildCommands())
    await run("sh", ["-c", command], { cwd: context, env: environment, maxBuffer: 64 * 1024 * 1024 });
}

async function answer(...args: readonly string[]): Promise<string> {
  return (await run(program, [...args], { env: { ...process.env, ...env } })).stdout.trim();
}

test("the buildspec builds the container zip into an image whose agent runs", { timeout: 600_000 }, async () => {
  const zip = packContainer();
  expect(Buffer.compare(zip, packContainer())).toBe(0);
  const repository = "localhost/loadfleet-buildspec";
  await build(zip, repository);
  expect(
    await answer("run", "--rm", "--network", "host", "--entrypoint", "k6", `${repository}:latest`, "version"),
  ).toMatch(/^k6.* v1\.8\.1/);
  expect(await answer("images", "--quiet", `${repository}:build-7`)).toBe(
    await answer("images", "--quiet", `${repository}:latest`),
  );
  const notices = "/usr/share/doc/loadfleet/javascript.txt";
  expect(
    await answer("run", "--rm", "--network", "host", "--entrypoint", "cat", `${repository}:latest`, notices),
  ).toContain("undici");
});

test("the buildspec builds a zip of the implementation guide's own kind", async () => {
  const base = await makeBase({ program, env });
  const zip = {
    Dockerfile: `FROM ${base}\nADD ./load-test.sh /bzt-configs/\nENTRYPOINT ["sh", "/bzt-configs/load-test.sh"]\n`,
    "load-test.sh": 'echo "TEST_ID:: $TEST_ID"\n',
  };
  await build(
    zipSync(Object.fromEntries(Object.entries(zip).map(([path, text]) => [path, strToU8(text)]))),
    "localhost/loadfleet-guide",
  );
  const words = await answer(
    "run",
    "--rm",
    "--network",
    "host",
    "--env",
    "TEST_ID=abc",
    "localhost/loadfleet-guide:latest",
  );
  expect(words).toBe("TEST_ID:: abc");
});
