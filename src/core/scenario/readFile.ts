import { portablePath } from "./bundle.ts";
import type { FileLookup } from "./files.ts";
import type { FileReference } from "./model.ts";
import { nearest } from "./nearest.ts";
import { replaceAt } from "./report.ts";
import type { Reader } from "./section.ts";
import { rangeOfNode } from "./tree.ts";
import type { ScalarNode, TreeNode } from "./tree.ts";

/** Reads a node as the path of a file that the run needs; says when it is missing or cannot travel with the run. */
export function readFile(reader: Reader, node: TreeNode | undefined, use: FileReference["use"]): string | undefined {
  if (node?.kind !== "scalar" || node.value === null || node.text === "") return undefined;
  const path = node.text;
  const portable = portablePath(path);
  if ("code" in portable) {
    const near = path.split(/[/\\]/).at(-1) ?? "";
    const fix = portable.code === "absolute-path" && reader.files.exists(near) ? replaceAt(node, near) : undefined;
    // An included configuration is merged before the run, wherever below the same root it stands.
    const isMerged = use === "config" && portable.code === "outside-folder";
    const isUnchecked = use !== "config" && portable.code === "dynamic-file";
    const severity = isMerged || isUnchecked ? "warning" : "error";
    reader.report(portable.code, node, `${path} ${portable.sentence}.`, { fix, severity });
    return path;
  }
  reader.references.push({ path, use, range: rangeOfNode(node) });
  if (path.includes("\\")) {
    const message = `${path} is written with backslashes, which only Windows reads as folders: write ${portable.path}.`;
    reader.report("backslash-path", node, message, { fix: replaceAt(node, portable.path) });
  }
  if (!reader.files.exists(portable.path)) reportMissing(reader, node, portable.path);
  return path;
}

function reportMissing({ report, files }: Reader, node: ScalarNode, path: string): void {
  if (report.isFull()) return;
  const meant = alternatives(path).find((candidate) => files.exists(candidate)) ?? nearestIn(files, path);
  const advice =
    meant === undefined
      ? "check the path, which is relative to the scenario's folder"
      : `write ${meant} if you mean that`;
  const fix = meant === undefined ? undefined : replaceAt(node, meant);
  report("missing-file", node, `The file ${node.text} does not exist: ${advice}.`, { fix });
}

/** Paths that a person may have meant: without the first folders, or with another ending. */
function alternatives(path: string): string[] {
  const parts = path.split("/").slice(0, 20);
  const shorter = parts.map((_, index) => parts.slice(index).join("/"));
  const endings = [path.replace(/\.yml$/, ".yaml"), path.replace(/\.yaml$/, ".yml"), path.toLowerCase()];
  return [...shorter, ...endings].filter((candidate) => candidate !== path);
}

function nearestIn(files: FileLookup, path: string): string | undefined {
  const folder = path.split("/").slice(0, -1).join("/");
  const names = files.list?.(folder) ?? [];
  const name = nearest(path.slice(folder === "" ? 0 : folder.length + 1), names);
  return name === undefined ? undefined : [folder, name].filter((part) => part !== "").join("/");
}
