import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from "node:path";
import { UserError } from "../core/errors.ts";
import type { PlanBundle } from "../core/run/planRun.ts";
import { bundleAddress, listBundle, type BundleLookup } from "../core/scenario/bundle.ts";
import type { FileLookup } from "../core/scenario/files.ts";
import { readJmxScenario } from "../core/scenario/jmx.ts";
import type { Scenario } from "../core/scenario/model.ts";
import type { Problem } from "../core/scenario/problem.ts";
import { makeProblem } from "../core/scenario/problemCodes.ts";
import { readScenario } from "../core/scenario/readScenario.ts";
import type { BundleContent } from "../fleet/engine.ts";
import { isFileError } from "./files.ts";
import { pluginJars } from "./pluginJars.ts";

/** A scenario as it stands on this machine, with what is wrong with it. */
export interface ScenarioFile {
  /** Absolute. */
  readonly path: string;
  readonly files: FileLookup & BundleLookup;
  /** Undefined when nothing can be made of the text. */
  readonly scenario: Scenario | undefined;
  readonly problems: readonly Problem[];
  /** Text of the file that a Problem names; undefined when it cannot be read. */
  readonly textOf: (file: string) => string | undefined;
}

/** The files that travel with a run: as the plan lists them, and their contents. */
export interface ScenarioBundle {
  readonly bundle: PlanBundle;
  readonly contents: readonly BundleContent[];
  readonly problems: readonly Problem[];
}

const mostScenarioBytes = 1024 * 1024;

/**
 * Reads and checks a scenario; its mistakes are in the answer.
 * @param file path as the person named it, relative to `cwd`; Problems name it so
 * @throws {UserError} `file-not-found`, `not-a-file`, `file-unreadable`
 */
export function openScenario(file: string, cwd: string): ScenarioFile {
  const path = resolve(cwd, file);
  const name = file.replaceAll("\\", "/");
  const files = lookUpFrom(dirname(path));
  const isJmx = path.toLowerCase().endsWith(".jmx");
  if (sizeOf(path, file) > mostScenarioBytes && !isJmx) {
    const message = `${name} is larger than 1 MB, so it was not read: move data into CSV files and requests into included-configs.`;
    const range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
    const problems = [makeProblem("file-too-large", name, range, message)];
    return { path, files, scenario: undefined, problems, textOf: () => undefined };
  }
  const text = readFileSync(path, "utf8");
  const read = isJmx ? readJmxScenario(name, text, files) : readScenario(name, text, files);
  // Included files are named from the scenario's folder; the person is in another one.
  const nameFromHere = (other: string): string => (other === name ? name : posix.join(posix.dirname(name), other));
  return {
    path,
    files,
    scenario: read.scenario,
    problems: read.problems.map((problem) => ({ ...problem, file: nameFromHere(problem.file) })),
    textOf: (other) => (other === name ? text : files.readText(resolve(cwd, other))),
  };
}

function sizeOf(path: string, file: string): number {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return stats.size;
  } catch (cause) {
    if (isFileError(cause, "ENOENT", "ENOTDIR")) {
      throw new UserError("file-not-found", `There is no file "${file}".`, {
        hint: "Name a scenario such as shop.loadtest.yml, from the folder that you are in.",
        cause,
      });
    }
    throw new UserError("file-unreadable", `Could not read "${file}".`, { hint: "Check its permissions.", cause });
  }
  throw new UserError("not-a-file", `"${file}" is no file.`, { hint: "Name the scenario file inside it." });
}

/** Reads what travels with a run of the scenario and hashes it. */
export async function bundleScenario(opened: ScenarioFile, scenario: Scenario): Promise<ScenarioBundle> {
  const { paths, problems } = listBundle(scenario, opened.files);
  const folder = dirname(opened.path);
  const jars = (await pluginJars(scenario, folder)).filter((path) => opened.files.leavesFolder?.(path) !== true);
  const contents: BundleContent[] = [];
  for (const path of new Set([...paths, ...jars])) contents.push({ path, bytes: await readFile(join(folder, path)) });
  const files = contents.map(({ path, bytes }) => ({ path, bytes: bytes.byteLength, sha256: sha256(bytes) }));
  return {
    bundle: { files, sha256: bundleAddress(files, sha256), idFrom: idSourceOf(opened.path) },
    contents,
    problems,
  };
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function lookUpFrom(folder: string): FileLookup & BundleLookup {
  const statsOf = (path: string) => statSync(resolve(folder, path), { throwIfNoEntry: false });
  return {
    exists: (path) => statsOf(path)?.isFile() === true,
    size: (path) => statsOf(path)?.size,
    readText: (path) => (statsOf(path)?.isFile() === true ? readFileSync(resolve(folder, path), "utf8") : undefined),
    leavesFolder: (path) => {
      const target = resolve(folder, path);
      return existsSync(target) && !isWithin(realpathSync(folder), realpathSync(target));
    },
  };
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function repositoryOf(folder: string): string | undefined {
  if (existsSync(join(folder, ".git"))) return folder;
  const parent = dirname(folder);
  return parent === folder ? undefined : repositoryOf(parent);
}

// Repository and path in it, so that a test keeps its id on every machine that has the repository.
function idSourceOf(path: string): string {
  const root = repositoryOf(dirname(path)) ?? dirname(path);
  return `${basename(root)}/${relative(root, path)}`.replace(/(\.loadtest)?\.(ya?ml|json|jmx)$/i, "");
}
