import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { Type, type Static } from "typebox";
import { Value } from "typebox/value";
import { UserError } from "../../core/errors.ts";
import { readIfPresent } from "../files.ts";
import { askProgram, askVersion } from "./program.ts";
import { cacheFolder, readVersions, supportFolder } from "./support.ts";

const Found = Type.Object({
  /** Python that has Taurus (`bzt`) among its packages. */
  python: Type.String(),
  jmeterHome: Type.String(),
  /** Versions of bzt, jmeter, python and java. */
  versions: Type.Record(Type.String(), Type.String()),
});

/** A Taurus with its JMeter that can be run. */
export interface Toolchain extends Static<typeof Found> {
  /** Folder of the Python modules with which an agent drives Taurus. */
  readonly modules: string;
  /** `image`: what the environment variable LOADFLEET_TAURUS describes; `path`: the person's own; `managed`: of `loadfleet setup taurus`. */
  readonly from: "image" | "path" | "managed";
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Name of the file that describes a set-up; it is written last, so that what it describes is whole. */
export const descriptionName = "taurus.json";

/**
 * Finds the Taurus to run, the first of: what LOADFLEET_TAURUS describes, bzt of a known version on PATH with a JMeter,
 * and the managed set-up.
 * @throws {UserError} `taurus-missing`
 */
export async function findToolchain(env: Environment = process.env): Promise<Toolchain> {
  const found = await findAny(env);
  if (found !== undefined) return found;
  throw new UserError("taurus-missing", "There is no Taurus with JMeter on this machine.", {
    kind: "environment",
    hint: "Run `loadfleet setup taurus`, or choose the container with --engine container.",
  });
}

/** Tells whether there is a Taurus to run. */
export async function hasToolchain(env: Environment = process.env): Promise<boolean> {
  return (await findAny(env)) !== undefined;
}

/** Folder of the JMeter that belongs to the person's own Taurus; undefined when another Taurus, or none, is used. */
export async function ownJMeter(env: Environment = process.env): Promise<string | undefined> {
  const found = await findAny(env);
  return found?.from === "path" ? found.jmeterHome : undefined;
}

async function findAny(env: Environment): Promise<Toolchain | undefined> {
  return (await findDescribed(env)) ?? (await findOnPath(env)) ?? (await findManaged(env));
}

async function findDescribed(env: Environment): Promise<Toolchain | undefined> {
  const path = env["LOADFLEET_TAURUS"];
  return path === undefined ? undefined : readDescription(path, "image");
}

/** The managed set-up of this version of Loadfleet; undefined when it is not there or not whole. */
export async function findManaged(env: Environment = process.env): Promise<Toolchain | undefined> {
  return readDescription(join(managedFolder(env), descriptionName), "managed");
}

async function readDescription(path: string, from: Toolchain["from"]): Promise<Toolchain | undefined> {
  const bytes = await readIfPresent(path);
  if (bytes === undefined) return undefined;
  const found: unknown = JSON.parse(bytes.toString("utf8"));
  if (!Value.Check(Found, found) || !existsSync(found.python) || !existsSync(found.jmeterHome)) return undefined;
  return { ...found, modules: join(supportFolder(), "reporter"), from };
}

/** Folder of the managed set-up; its name changes with everything that decides what is in it. */
export function managedFolder(env: Environment = process.env): string {
  const hash = createHash("sha256");
  const names = [
    "reporter/requirements.txt",
    "versions.json",
    "jmeter/assemble.mjs",
    "jmeter/jars.sha256",
    "jmeter/jmeter.sh",
  ];
  for (const name of names) hash.update(readFileSync(join(supportFolder(), name)));
  return join(cacheFolder(env), `taurus-${readVersions().bzt}-${hash.digest("hex").slice(0, 12)}`);
}

/** A person's own bzt counts when its internals are the known ones, and when a JMeter is there that it can run. */
async function findOnPath(env: Environment): Promise<Toolchain | undefined> {
  const script = whereIs("bzt", env);
  const python = script === undefined ? undefined : await pythonOf(script);
  if (python === undefined) return undefined;
  const question =
    "import bzt, platform; print(bzt.VERSION if hasattr(bzt, 'VERSION') else bzt.version.VERSION, platform.python_version())";
  const [bzt, pythonVersion] = (await askProgram(python, ["-c", question]))?.split(" ") ?? [];
  if (bzt === undefined || pythonVersion === undefined || !isKnown(bzt)) return undefined;
  const jmeterHome = await findJMeter(env);
  const java = await javaVersion(env);
  if (jmeterHome === undefined || java === undefined) return undefined;
  const versions = { bzt, python: pythonVersion, java, jmeter: jmeterVersion(jmeterHome) ?? "unknown" };
  return { python, jmeterHome, versions, modules: join(supportFolder(), "reporter"), from: "path" };
}

function isKnown(version: string): boolean {
  const minor = (text: string): string => text.split(".").slice(0, 2).join(".");
  return minor(version) === minor(readVersions().bzt);
}

/** The Python that a program's first line names. */
async function pythonOf(script: string): Promise<string | undefined> {
  const [, python] = /^#!\s*(\S*python\S*)\s*$/m.exec((await readFile(script, "latin1")).slice(0, 512)) ?? [];
  return python;
}

async function findJMeter(env: Environment): Promise<string | undefined> {
  const program = whereIs("jmeter", env);
  const homes = [env["JMETER_HOME"], program && dirname(dirname(await realpath(program)))];
  const own = homes.find((home) => home !== undefined && jmeterVersion(home) !== undefined);
  return own ?? (await findManaged(env))?.jmeterHome;
}

/** Version of the JMeter in a folder, as the jar of its core says; undefined when there is none. */
function jmeterVersion(home: string): string | undefined {
  const folder = join(home, "lib", "ext");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const core = names.find((name) => /^ApacheJMeter_core(-.*)?\.jar$/.test(name));
  if (core === undefined) return undefined;
  const manifest = "META-INF/MANIFEST.MF";
  const found = unzipSync(readFileSync(join(folder, core)), { filter: ({ name }) => name === manifest })[manifest];
  return /^Implementation-Version: (\S+)/m.exec(Buffer.from(found ?? []).toString("utf8"))?.[1];
}

/** Version of the Java that JMeter would run on; undefined when there is none. */
export function javaVersion(env: Environment = process.env): Promise<string | undefined> {
  const home = env["JAVA_HOME"];
  return askVersion(home === undefined ? "java" : join(home, "bin", "java"), ["-version"]);
}

/** Path of a program on PATH; undefined when it is not there. */
export function whereIs(name: string, env: Environment = process.env): string | undefined {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`, `${name}.bat`] : [name];
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((file) => join(folder, file))).find((path) => existsSync(path));
}
