import { keysOf } from "./path.ts";
import type { Path } from "./path.ts";

/** Tells whether a value names a scenario: in an entry of `execution`, or as `include-scenario`. */
export function namesScenario(path: Path): boolean {
  const keys = keysOf(path);
  return keys.at(-1) === "include-scenario" || (keys.length === 2 && keys[0] === "execution" && keys[1] === "scenario");
}

const fileKeys = new Set(["script", "body-file", "certificate", "key", "ca", "data-sources", "included-configs"]);

/** Tells whether a value is the path of a file. */
export function namesFile(path: Path): boolean {
  const keys = keysOf(path);
  const last = keys.at(-1) ?? "";
  if (keys[0] === "execution") {
    return last === "files" || (keys[1] === "scenario" && namesFile(["scenarios", "", ...path.slice(path[1] === "scenario" ? 2 : 3)]));
  }
  if (keys[0] === "included-configs") return true;
  if (keys[0] !== "scenarios" || keys.length < 3) return false;
  if (last === "path") return keys.at(-2) === "data-sources" || keys.at(-2) === "upload-files";
  // The certificate and its key are the scenario's own; a body may have any keys.
  if (last === "certificate" || last === "key" || last === "ca" || last === "data-sources") return keys.length === 3;
  return fileKeys.has(last) && !keys.slice(2, -1).some((key) => key === "body" || key === "headers");
}

/** Tells whether a value is a pass/fail rule in its short form. */
export function isCriterion(path: Path): boolean {
  const keys = keysOf(path);
  const index = keys.lastIndexOf("criteria");
  if (index < 0) return false;
  return typeof path.at(-1) === "number" ? index === keys.length - 1 : index === keys.length - 2;
}

/** Tells whether a value is a label by itself. */
export function namesLabel(path: Path): boolean {
  const keys = keysOf(path);
  return keys.at(-1) === "series-labels" || (keys.at(-1) === "label" && keys.at(-2) === "criteria");
}
