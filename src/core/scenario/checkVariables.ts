import type { Checked } from "./checkScenario.ts";
import { normalizePath } from "./files.ts";
import type { DataSource } from "./model.ts";
import { nearest } from "./nearest.ts";
import { placeIn } from "./place.ts";
import { replaceAt } from "./report.ts";
import type { ScalarNode, TreeNode } from "./tree.ts";
import { walkSteps } from "./walkSteps.ts";

const maxSources = 50;
const maxHeaderBytes = 4 * 1024 * 1024;

/** Reports `${names}` that nothing in the file sets: JMeter would send them as they stand. */
export function checkVariables(checked: Checked): void {
  const known = knownVariables(checked);
  if (known === undefined) return;
  for (const node of checked.bodyNodes.values()) visit(node, (scalar) => checkText(checked, scalar, known));
}

/** All names that are set anywhere in the file; undefined when a script or an unread file may set others. */
function knownVariables({ scenario, reader }: Checked): Set<string> | undefined {
  const known = new Set<string>();
  const columns = new Map<string, readonly string[] | undefined>();
  for (const body of Object.values(scenario.bodies)) {
    if (body.extra.some(({ key }) => /jsr223|setup|keystore/.test(key))) return undefined;
    for (const name of Object.keys(body.variables)) known.add(name);
    for (const source of body.dataSources) {
      const key = JSON.stringify([source.path, source.delimiter, source.names]);
      const names = columns.has(key) || columns.size > maxSources ? columns.get(key) : columnsOf(source, reader.files);
      columns.set(key, names);
      if (names === undefined) return undefined;
      for (const name of names) known.add(name);
    }
    for (const step of walkSteps(body.steps)) {
      if (step.kind === "request" && step.extra.some(({ key }) => key === "jsr223")) return undefined;
      if (step.kind === "request") for (const { variable } of step.extractors) known.add(variable);
      if (step.kind === "foreach") known.add(step.variable);
      if (step.kind === "set-variables") for (const name of Object.keys(step.variables)) known.add(name);
    }
  }
  return known;
}

function columnsOf(
  { names, path, delimiter }: DataSource,
  files: Checked["reader"]["files"],
): readonly string[] | undefined {
  if (names !== undefined) return names;
  const portable = normalizePath(path);
  if (path.includes("${") || !files.exists(portable) || (files.size(portable) ?? 0) > maxHeaderBytes) return undefined;
  const header = /^[^\r\n]*/.exec((files.readText(portable) ?? "").replace(/^\uFEFF/, ""))?.[0] ?? "";
  const separator = delimiter ?? [",", ";", "\t", "|"].find((candidate) => header.includes(candidate)) ?? ",";
  return header.split(separator).map((name) => name.trim().replace(/^"(.*)"$/, "$1"));
}

function visit(node: TreeNode, check: (scalar: ScalarNode) => void): void {
  if (node.kind === "scalar") {
    if (typeof node.value === "string" && node.value.includes("${")) check(node);
  } else if (node.kind === "list") for (const item of node.items) visit(item, check);
  else for (const { value } of node.entries.values()) visit(value, check);
}

function checkText({ reader }: Checked, node: ScalarNode, known: ReadonlySet<string>): void {
  for (const match of node.text.matchAll(/\$\{([A-Za-z][\w-]{0,100})\}/g)) {
    const name = match[1] ?? "";
    if (isSet(name, known) || reader.report.isFull()) continue;
    const place = placeIn(node, match.index + 2, name.length);
    const meant = nearest(name, known);
    const advice =
      meant === undefined
        ? "set it under variables, or extract it from a response"
        : `write \${${meant}} if you mean that`;
    const fix = meant === undefined || place === node ? undefined : replaceAt(place, meant);
    reader.report(
      "unknown-variable",
      place,
      `Nothing in this file sets \${${name}}, so it is sent as it stands: ${advice}.`,
      { fix },
    );
  }
}

/** Extractors also set `name_1`, `name_g1` and `name_matchNr`. */
function isSet(name: string, known: ReadonlySet<string>): boolean {
  return known.has(name) || known.has(name.replace(/(_\d+)?(_g\d*)?$|_matchNr$/, ""));
}
