import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../core/errors.ts";
import { namesIn } from "../files.ts";
import { askProgram, compareVersions } from "./program.ts";
import { cacheFolder, readVersions, supportFolder } from "./support.ts";
import { descriptionName, findManaged, javaVersion, managedFolder, whereIs, type Toolchain } from "./toolchain.ts";

const run = promisify(execFile);

/** What the set-up takes on disk, in MB; measured on Linux. */
const sizes = { python: 200, jmeter: 82, mavenCache: 110 };

/**
 * Fetches Taurus into a virtual environment of Python and puts JMeter together from Maven's packages, both in the user's
 * cache folder; what is there already stays. `say` gets a line for each step.
 * @throws {UserError} `java-missing`, `maven-missing`, `python-missing`, `setup-failed`
 */
export async function setUpTaurus(say: (line: string) => void, signal: AbortSignal): Promise<Toolchain> {
  const present = await findManaged();
  if (present !== undefined) {
    say(`Taurus ${present.versions["bzt"]} and JMeter ${present.versions["jmeter"]} are there already.`);
    return present;
  }
  const { bzt, jmeter } = readVersions();
  const java = await requireJava();
  if (whereIs("mvn") === undefined) {
    const hint = "Install Maven (on Debian: apt-get install maven), then run the same command again.";
    throw new UserError("maven-missing", "JMeter's packages are fetched with Maven, and mvn is not on PATH.", {
      kind: "environment",
      hint,
    });
  }
  const python = await findPython(say, signal);
  say(
    `Taurus ${bzt} with its Python packages takes ${sizes.python} MB and JMeter ${jmeter} with plugins ${sizes.jmeter} MB in ` +
      `${cacheFolder()}; Maven keeps ${sizes.mavenCache} MB more in its own cache. Fetching takes about a minute.`,
  );
  const [jmeterHome, environment] = await Promise.all([
    assembleJMeter(say, signal),
    makeEnvironment(python, say, signal),
  ]);
  const versions = { bzt, jmeter, java, python: python.version };
  await writeFile(
    join(managedFolder(), descriptionName),
    JSON.stringify({ python: environment, jmeterHome, versions }),
  );
  const done = await findManaged();
  if (done === undefined) throw new Error("The set-up is not there although it was made.");
  say(`Ready: Taurus ${bzt} and JMeter ${jmeter}. \`loadfleet setup taurus --remove\` removes them.`);
  return done;
}

/** Removes every managed set-up, those of other versions too; gives the folders that went. */
export async function removeTaurus(): Promise<readonly string[]> {
  const names = (await namesIn(cacheFolder())).filter((name) => /^(taurus|jmeter)-/.test(name));
  const folders = names.map((name) => join(cacheFolder(), name));
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  return folders;
}

async function requireJava(): Promise<string> {
  const { from } = readVersions().java;
  const java = await javaVersion();
  if (java !== undefined && compareVersions(java, String(from)) >= 0) return java;
  const found = java === undefined ? "there is none on PATH" : `the one on PATH is ${java}`;
  throw new UserError("java-missing", `JMeter needs Java ${from} or newer, and ${found}.`, {
    kind: "environment",
    hint: `Install it (on Debian: apt-get install openjdk-${from}-jre-headless), then run the same command again.`,
  });
}

interface Python {
  readonly program: string;
  readonly version: string;
}

async function findPython(say: (line: string) => void, signal: AbortSignal): Promise<Python> {
  const { from, below } = readVersions().python;
  const fits = await suitablePythons();
  const question = "import ensurepip, venv";
  for (const python of fits)
    if ((await askProgram(python.program, ["-c", `${question}; print(1)`])) === "1") return python;
  const [first] = fits;
  if (first !== undefined && existsSync("/etc/debian_version") && process.getuid?.() === 0) {
    say("Installing Debian's python3-venv ...");
    await attempt("apt-get", ["update", "-qq"], signal);
    await attempt("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "python3-venv"], signal);
    return first;
  }
  throw new UserError("python-missing", `Taurus needs Python ${from} to below ${below} with its venv module.`, {
    kind: "environment",
    hint: "Install it (on Debian: apt-get install python3 python3-venv), then run the same command again.",
  });
}

async function suitablePythons(): Promise<readonly Python[]> {
  const { from, below } = readVersions().python;
  const names = ["python3", "python3.13", "python3.12", "python3.11", "python"];
  const asked = names.map(async (program) => {
    const version = await askProgram(program, ["-c", "import platform; print(platform.python_version())"]);
    return version === undefined ? [] : [{ program, version }];
  });
  const all = (await Promise.all(asked)).flat();
  return all.filter(({ version }) => compareVersions(version, from) >= 0 && compareVersions(version, below) < 0);
}

async function assembleJMeter(say: (line: string) => void, signal: AbortSignal): Promise<string> {
  say("Putting JMeter together ...");
  const output = await attempt(process.execPath, [join(supportFolder(), "jmeter", "assemble.mjs")], signal);
  say("JMeter is there; its packages have the pinned checksums.");
  return output.trim().split("\n").at(-1) ?? "";
}

/** Gives the Python of the new environment. */
async function makeEnvironment(python: Python, say: (line: string) => void, signal: AbortSignal): Promise<string> {
  say(`Fetching Taurus' packages for Python ${python.version} ...`);
  const folder = managedFolder();
  await mkdir(dirname(folder), { recursive: true });
  const [bin, name] = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  // An environment cannot be moved, so an earlier half of one goes first.
  await removeFolder(folder);
  await attempt(python.program, ["-m", "venv", join(folder, "venv")], signal);
  const program = join(folder, "venv", bin, name);
  const requirements = join(supportFolder(), "reporter", "requirements.txt");
  const flags = ["--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"];
  await attempt(program, ["-m", "pip", "install", ...flags, "-r", requirements], signal);
  say("Taurus is there; its packages have the pinned checksums.");
  return program;
}

/** Moves a folder away before it is deleted, so that nobody finds half of it. */
async function removeFolder(folder: string): Promise<void> {
  if (!existsSync(folder)) return;
  const away = await mkdtemp(`${folder}.old-`);
  await rename(folder, join(away, "folder"));
  await rm(away, { recursive: true, force: true });
}

async function attempt(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    return (await run(program, args, { signal, windowsHide: true, maxBuffer: 16 * 1024 * 1024 })).stdout;
  } catch (cause) {
    signal.throwIfAborted();
    if (!(cause instanceof Error)) throw cause;
    const words = "stderr" in cause ? String(cause.stderr).trim().split("\n").slice(-3).join(" ") : cause.message;
    throw new UserError("setup-failed", `${[program, ...args].join(" ")} failed: ${words}`, {
      kind: "environment",
      hint: "See that the package registries can be reached, then run the same command again.",
      cause,
    });
  }
}
