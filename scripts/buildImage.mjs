import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fetchInto } from "../container/fetch.mjs";
import { buildIfChanged } from "./buildIfChanged.mjs";
import { ensurePodman } from "./containers.mjs";
import { ensureDebianPackage } from "./debianPackage.mjs";
import { buildK6 } from "./engines.mjs";
import { readContext, writeContext } from "./imageContext.mjs";
import { isStarted, root, sentenceOf } from "./script.mjs";

// Builds the image of a task: node scripts/buildImage.mjs [--program docker] [--arch arm64] [--base IMAGE] [--tag NAME]
// Without --program it uses a podman of its own, and without --base a Debian that it makes with debootstrap.

const run = promisify(execFile);

/** @typedef {{ program?: string, arch?: string, base?: string, tag?: string }} Options */
/** @typedef {{ image: string, program: string, env: Record<string, string> }} Built */

/**
 * Builds the image unless there is one of the same content.
 * @param {Options} [options]
 * @returns {Promise<Built>}
 */
export async function buildImage(options = {}) {
  await buildIfChanged();
  const program = options.program ?? "podman";
  const env = options.program === undefined ? ensurePodman() : {};
  const call = caller(program, env);
  const arch = options.arch ?? (process.arch === "arm64" ? "arm64" : "amd64");
  const image = options.tag ?? `localhost/loadfleet:${hashOfSources()}-${arch}`;
  if (options.tag === undefined && (await isThere(call, image))) return { image, program, env };
  const base = options.base ?? (await makeBase({ program, env }));
  const context = mkdtempSync(join(tmpdir(), "loadfleet-image-"));
  try {
    await fillContext(context, arch);
    console.error(`Building ${image} ...`);
    await call("build", ...buildFlags(program), "--build-arg", `BASE_IMAGE=${base}`, "--tag", image, context);
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
  return { image, program, env };
}

/** Unpacked size of each part of an image, in MB. @param {Built} built @returns {Promise<Record<string, number>>} */
export async function sizesOf({ image, program, env }) {
  const path = "/usr/share/doc/loadfleet/sizes.json";
  const flags = ["--rm", "--network", "host", "--entrypoint", "cat"];
  return JSON.parse((await caller(program, env)("run", ...flags, image, path)).trim());
}

/** @param {string} program @param {Record<string, string>} env */
function caller(program, env) {
  return async (/** @type {string[]} */ ...args) => {
    try {
      const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 };
      return (await run(program, args, options)).stdout;
    } catch (cause) {
      const words =
        cause instanceof Error && "stderr" in cause ? String(cause.stderr).trim().slice(-2000) : String(cause);
      throw new Error(`${program} ${args[0]} failed: ${words}`, { cause });
    }
  };
}

/** @param {ReturnType<typeof caller>} call @param {string} image */
async function isThere(call, image) {
  return (await call("images", "--quiet", image)).trim() !== "";
}

/** What a build needs beside its context. @param {string} program */
export function buildFlags(program) {
  const { PIP_INDEX_URL } = process.env;
  const index = PIP_INDEX_URL === undefined ? [] : ["--build-arg", `PIP_INDEX_URL=${PIP_INDEX_URL}`];
  if (program !== "podman") return index;
  // What stands between this machine and the registries may have a certificate of its own.
  const seen = "/run/certificates.crt";
  const certificates = ["--volume", `/etc/ssl/certs/ca-certificates.crt:${seen}:ro`, "--build-arg", `PIP_CERT=${seen}`];
  const limits = ["--isolation", "chroot", "--network", "host", "--ulimit", "nofile=1024:4096"];
  return [...index, "--layers", "--format", "docker", ...limits, ...certificates];
}

/** A Debian without documents, as the slim images are; gives its name. @param {{ program: string, env: Record<string, string> }} engine */
export async function makeBase({ program, env }) {
  const call = caller(program, env);
  const name = "localhost/debian:bookworm";
  if (await isThere(call, name)) return name;
  ensureDebianPackage("debootstrap", "/usr/sbin/debootstrap");
  console.error("Making a Debian for the image ...");
  const folder = mkdtempSync(join(tmpdir(), "loadfleet-debian-"));
  try {
    await run("debootstrap", ["--variant=minbase", "bookworm", folder], { maxBuffer: 64 * 1024 * 1024 });
    const keeps = "path-exclude /usr/share/doc/*\npath-include /usr/share/doc/*/copyright\n";
    const drops = ["man", "info", "locale", "lintian"].map((part) => `path-exclude /usr/share/${part}/*\n`);
    writeFileSync(join(folder, "etc", "dpkg", "dpkg.cfg.d", "slim"), keeps + drops.join(""));
    const places = ["usr/share/man", "usr/share/info", "usr/share/locale", "var/cache/apt", "var/lib/apt/lists"];
    const excluded = [...places.map((place) => `--exclude=./${place}/*`), "--exclude=./usr/share/doc/*/changelog*"];
    const archive = `${folder}.tar`;
    await run("tar", ["-C", folder, ...excluded, "-cf", archive, "."]);
    await call("import", archive, name);
    rmSync(archive);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return name;
}

/** @param {string} context @param {string} arch */
async function fillContext(context, arch) {
  writeContext(context);
  const programs = join(context, "programs");
  mkdirSync(programs);
  // Both are on a development machine already, or are kept for the next image.
  cpSync(join(await buildK6({ GOOS: "linux", GOARCH: arch }), "k6"), join(programs, "k6"));
  const node = join(root, "node_modules", `node-linux-${arch === "arm64" ? "arm64" : "x64"}`, "bin", "node");
  if (existsSync(node)) cpSync(node, join(programs, "node"));
  await fetchInto(context, arch);
}

function hashOfSources() {
  const hash = createHash("sha256");
  for (const [place, bytes] of readContext()) hash.update(`${place}\0`).update(bytes);
  return hash.digest("hex").slice(0, 12);
}

/** @param {string[]} args @returns {Options} */
function readOptions(args) {
  /** @type {Record<string, string>} */
  const options = {};
  for (let at = 0; at < args.length; at += 2) options[(args[at] ?? "").replace(/^--/, "")] = args[at + 1] ?? "";
  return options;
}

if (isStarted(import.meta)) {
  try {
    const built = await buildImage(readOptions(process.argv.slice(2)));
    for (const [part, megabytes] of Object.entries(await sizesOf(built)))
      console.log(`${part.padEnd(8)} ${megabytes} MB`);
    console.log(built.image);
  } catch (error) {
    console.error(sentenceOf(error));
    process.exitCode = 1;
  }
}
