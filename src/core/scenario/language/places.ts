import { keysOf, plainKey } from "./path.ts";
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
    return (
      last === "files" ||
      (keys[1] === "scenario" && namesFile(["scenarios", "", ...path.slice(path[1] === "scenario" ? 2 : 3)]))
    );
  }
  if (keys[0] === "included-configs") return true;
  if (keys[0] !== "scenarios" || keys.length < 3) return false;
  if (last === "path") return keys.at(-2) === "data-sources" || keys.at(-2) === "upload-files";
  // The certificate and its key are the scenario's own; a body may have any keys.
  if (last === "certificate" || last === "key" || last === "ca" || last === "data-sources") return keys.length === 3;
  return fileKeys.has(last) && !keys.slice(2, -1).some((key) => key === "body" || key === "headers");
}

/** Tells whether a value is a pass/fail rule in its short form: an entry of a list, or named by a message. */
export function isCriterion(path: Path): boolean {
  return plainKey(path.at(-2) ?? "") === "criteria";
}

/** Tells whether a value is a label by itself. */
export function namesLabel(path: Path): boolean {
  const keys = keysOf(path);
  return keys.at(-1) === "series-labels" || (keys.at(-1) === "label" && keys.at(-2) === "criteria");
}

/** Endings of the files that fit where a path is expected. */
export function fittingFiles(path: Path): RegExp {
  const keys = keysOf(path);
  if (keys[0] === "included-configs") return /\.(?:ya?ml|json)$/i;
  const isScript = keys.at(-1) === "script" || namesScenario(path) || (keys[0] === "scenarios" && keys.length === 2);
  return isScript ? /\.(?:jmx|js|ts|py|scala|java|jar|xml|json|side|robot)$/i : /./;
}

/** Tells whether an entry of a list is a request or a block of requests. */
export function isStep(path: Path): boolean {
  const keys = keysOf(path);
  const isInScenario = keys[0] === "scenarios" || (keys[0] === "execution" && keys[1] === "scenario");
  if (typeof path.at(-1) !== "number" || !isInScenario) return false;
  return ["requests", "do", "then", "else", "once"].includes(keys.at(-1) ?? "");
}
