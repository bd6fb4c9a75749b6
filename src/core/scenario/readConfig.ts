import { parseDocument } from "./document.ts";
import type { ConfigDocument } from "./document.ts";
import { isAbsolutePath, normalizePath } from "./files.ts";
import type { FileLookup } from "./files.ts";
import { emptyMap, expandEnvironment, mergeMaps } from "./merge.ts";
import type { FileReference } from "./model.ts";
import type { Problem } from "./problem.ts";
import { readFile } from "./readFile.ts";
import type { Report } from "./report.ts";
import { itemsOf } from "./section.ts";
import type { Reader } from "./section.ts";
import type { MapNode, TreeNode } from "./tree.ts";

/** A configuration with everything that it includes, as Taurus would see it. */
export interface MergedConfig {
  readonly config: MapNode;
  readonly references: FileReference[];
  /** Mistakes of syntax in the included files. */
  readonly problems: readonly Problem[];
}

const maxIncludes = 50;

/** Merges the YAML documents of a file and then, as Taurus does, the configurations that they include, over them. */
export function mergeConfig(document: ConfigDocument, files: FileLookup, report: Report): MergedConfig {
  const problems: Problem[] = [];
  const references: FileReference[] = [];
  let { lexemesLeft } = document;
  let config = mergeRoots(emptyMap(document.source), document, report);
  const seen = new Set([document.source.file]);
  for (let includes = takeIncludes(config); includes.items.length > 0; includes = takeIncludes(config)) {
    config = includes.config;
    for (const node of includes.items.slice(0, maxIncludes)) {
      const included = readInclude(node, { report, files, references, nodes: new Map() }, seen, lexemesLeft);
      if (included === undefined) continue;
      lexemesLeft = included.lexemesLeft;
      problems.push(...included.problems);
      config = mergeRoots(config, included, report);
    }
  }
  return { config: expandEnvironment(takeIncludes(config).config), references, problems };
}

function takeIncludes(config: MapNode): { readonly config: MapNode; readonly items: readonly TreeNode[] } {
  const entries = new Map(config.entries);
  const items = itemsOf(entries.get("included-configs")?.value);
  entries.delete("included-configs");
  return { config: { ...config, entries }, items };
}

function readInclude(node: TreeNode, reader: Reader, seen: Set<string>, lexemes: number): ConfigDocument | undefined {
  if (node.kind !== "scalar" || node.value === null) return undefined;
  if (/^https?:/i.test(node.text)) {
    const message = `${node.text} is not downloaded: put a copy beside the scenario and include that.`;
    reader.report("remote-config", node, message);
    return undefined;
  }
  const named = readFile(reader, node, "config") ?? "";
  const path = isAbsolutePath(named) ? "" : normalizePath(named);
  if (path === "" || seen.has(path) || seen.size > maxIncludes) return undefined;
  seen.add(path);
  const size = reader.files.size(path) ?? 0;
  const text = size > 4 * 1024 * 1024 ? " ".repeat(2 * 1024 * 1024) : reader.files.readText(path);
  return text === undefined ? undefined : parseDocument(path, text, lexemes);
}

function mergeRoots(config: MapNode, document: ConfigDocument, report: Report): MapNode {
  let merged = config;
  for (const root of document.roots) {
    if (root.kind === "map") merged = mergeMaps(merged, root);
    else if (root.kind === "list" || root.value !== null) {
      const message =
        "A scenario is a mapping with keys such as execution and scenarios, and this is none: begin with execution:.";
      report("not-a-mapping", root, message);
    }
  }
  return merged;
}
