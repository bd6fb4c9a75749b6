/** Files as a scenario sees them: paths are relative to its folder, with `/`. The caller implements it. */
export interface FileLookup {
  /** Tells whether there is a file (not a folder). */
  exists(path: string): boolean;
  /** Bytes of a file; undefined when there is none. */
  size(path: string): number | undefined;
  /** Text of a file; undefined when there is none. */
  readText(path: string): string | undefined;
  /** Names of the files in a folder (`""` is the scenario's own), for suggestions. */
  list?(folder: string): readonly string[];
}

/** Resolves `.` and `..` of a relative path; what leaves the folder begins with `..`. */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll("\\", "/").split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

/** Tells whether a path begins at a root: `/etc/x`, `C:\\x`, `\\\\server\\x` or `~/x`. */
export function isAbsolutePath(path: string): boolean {
  return /^(?:[/\\~]|[A-Za-z]:[/\\])/.test(path);
}
