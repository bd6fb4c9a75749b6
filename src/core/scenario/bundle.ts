import { formatBytes, formatNumber } from "../units.ts";
import { isAbsolutePath, normalizePath } from "./files.ts";
import type { FileReference, Scenario } from "./model.ts";
import type { Problem, Range } from "./problem.ts";

/** Looks at files by portable path, relative to the scenario's folder. */
export interface BundleLookup {
  exists(path: string): boolean;
  /** Tells whether a path inside the folder leads out of it by a link; without it no path does. */
  leavesFolder?(path: string): boolean;
}

/** An entry of a zip as its directory lists it. */
export interface ZipEntry {
  readonly path: string;
  readonly bytes: number;
  readonly packedBytes: number;
  /** True for a symbolic link. */
  readonly isLink?: boolean;
}

/** Why a path cannot travel; the sentence continues the path. */
interface PathFault {
  readonly code: "dynamic-file" | "absolute-path" | "outside-folder" | "unportable-path";
  readonly sentence: string;
}

const mostEntries = 10_000;
const mostBytes = 1024 ** 3;
/** No scenario's file shrinks to a two hundredth, a bomb does; small files may. */
const mostRatio = 200;
const smallBytes = 1024 ** 2;

const reservedName = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$/i;
// Control characters, and those that a Windows file name cannot hold; it cannot end with a dot or a space either.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const unportableName = /[\u0000-\u001f<>:"|?*]|[. ]$/;

/** Reads a path as a scenario or a zip writes it, `\\` included, into one that is relative with `/` and valid on every system; or says what is wrong with it. */
export function portablePath(path: string): { readonly path: string } | PathFault {
  if (path.includes("${")) {
    return {
      code: "dynamic-file",
      sentence: "is known only while the run goes on, so it cannot travel with it: name the file itself",
    };
  }
  if (isAbsolutePath(path)) {
    return {
      code: "absolute-path",
      sentence: "exists on this machine only: put the file into the scenario's folder and name it from there",
    };
  }
  const normal = normalizePath(path);
  if (normal === "" || normal.split("/")[0] === "..") {
    return {
      code: "outside-folder",
      sentence: "lies outside the scenario's folder and does not travel with the run: move it into the folder",
    };
  }
  if (normal.split("/").some((name) => reservedName.test(name) || unportableName.test(name))) {
    return { code: "unportable-path", sentence: "is not a file name on every system: rename the file" };
  }
  return { path: normal };
}

function faultOf(reference: FileReference, file: string, { code, sentence }: PathFault): Problem {
  const { path, range } = reference;
  // A name with variables may belong to a file that is listed too.
  const severity = code === "dynamic-file" ? "warning" : "error";
  const { line, column, endLine, endColumn } = range;
  return { code, severity, file, message: `\`${path}\` ${sentence}.`, line, column, endLine, endColumn };
}

/**
 * Lists the files that travel with a run, as portable paths relative to the scenario's folder, sorted: the scenario
 * itself and what it names. A file that cannot travel is a Problem and is not listed; one that does not exist is left
 * to the check of the scenario.
 */
export function listBundle(
  scenario: Scenario,
  files: BundleLookup,
): { readonly paths: readonly string[]; readonly problems: readonly Problem[] } {
  const ownName = scenario.file.split(/[/\\]/).at(-1) ?? scenario.file;
  const paths = new Map([[ownName.toLowerCase(), ownName]]);
  const problems: Problem[] = [];
  // Included configurations are merged before the run: nobody reads their files again.
  for (const reference of scenario.files.filter(({ use }) => use !== "config")) {
    const refuse = (fault: PathFault): void => {
      problems.push(faultOf(reference, scenario.file, fault));
    };
    const portable = portablePath(reference.path);
    if ("code" in portable) refuse(portable);
    else if (files.leavesFolder?.(portable.path) === true) {
      refuse({
        code: "outside-folder",
        sentence: "is a link that leads out of the scenario's folder: put the file itself there",
      });
    } else if (files.exists(portable.path)) {
      const same = paths.get(portable.path.toLowerCase()) ?? portable.path;
      if (same === portable.path) paths.set(same.toLowerCase(), same);
      else
        refuse({
          code: "unportable-path",
          sentence: `and \`${same}\` are the same file on some systems: rename one of them`,
        });
    }
  }
  return { paths: [...paths.values()].toSorted(), problems };
}

/** Checks the directory of an uploaded zip before anything is unpacked: paths that escape, links, and bombs are Problems. */
export function checkZipEntries(file: string, entries: readonly ZipEntry[]): readonly Problem[] {
  const range: Range = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  const problems: Problem[] = [];
  const refuse = (code: string, message: string): void => {
    problems.push({ code, severity: "error", file, message, ...range });
  };
  if (entries.length > mostEntries) {
    refuse(
      "zip-bomb",
      `The zip holds ${formatNumber(entries.length)} files; ${formatNumber(mostEntries)} are the most.`,
    );
  }
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > mostBytes) {
    refuse("zip-bomb", `The zip unpacks to ${formatBytes(total)}; ${formatBytes(mostBytes)} are the most.`);
  }
  for (const { path, bytes, packedBytes, isLink } of entries.slice(0, mostEntries)) {
    const portable = portablePath(path);
    if ("code" in portable) refuse(portable.code, `\`${path}\` in the zip ${portable.sentence}.`);
    if (isLink === true) refuse("zip-link", `\`${path}\` in the zip is a link: put the file itself there.`);
    if (bytes > smallBytes && bytes > packedBytes * mostRatio) {
      refuse(
        "zip-bomb",
        `\`${path}\` in the zip grows from ${formatBytes(packedBytes)} to ${formatBytes(bytes)}, as only a zip bomb does.`,
      );
    }
  }
  return problems;
}

/**
 * Gives the content address of a bundle: the hash of its paths and their hashes in the order of the paths, whatever the order they come in.
 * @param sha256 hashes a text to hex
 */
export function bundleAddress(
  files: readonly { readonly path: string; readonly sha256: string }[],
  sha256: (text: string) => string,
): string {
  const lines = files.map((file) => JSON.stringify([file.path, file.sha256])).toSorted();
  return sha256(lines.join("\n"));
}
