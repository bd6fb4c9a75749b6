import type { JsonObject } from "../json.ts";
import { checkScenario } from "./checkScenario.ts";
import type { PlacedExecution } from "./checkScenario.ts";
import { parseDocument } from "./document.ts";
import type { ConfigDocument } from "./document.ts";
import type { FileLookup } from "./files.ts";
import type { FileReference, Scenario, ScenarioBody } from "./model.ts";
import type { Problem } from "./problem.ts";
import { nameOf } from "./names.ts";
import { readBody } from "./readBody.ts";
import { mergeConfig } from "./readConfig.ts";
import { readCriteria } from "./readCriteria.ts";
import { readExecution } from "./readExecution.ts";
import { readSettings } from "./readSettings.ts";
import { readScripts } from "./readScripts.ts";
import { makeReport } from "./report.ts";
import { itemsOf, mapOf, openSection, take, textOf } from "./section.ts";
import type { Reader } from "./section.ts";
import { toJson } from "./tree.ts";
import type { MapNode, TreeNode } from "./tree.ts";
import { validateConfig } from "./validate.ts";

/** A scenario file as it was understood. */
export interface ScenarioReading {
  /** Undefined when nothing can be made of the text. */
  readonly scenario: Scenario | undefined;
  readonly document: ConfigDocument;
  readonly problems: Problem[];
}

/**
 * Reads and checks a scenario file (YAML or JSON, in Taurus' dialect with `loadfleet:`). Whatever the text is, the
 * answer is a scenario, as far as one can be made of it, and Problems.
 * @param file portable path by which Problems name the file
 */
export function readScenario(file: string, text: string, files: FileLookup): ScenarioReading {
  const document = parseDocument(file, text);
  const problems = [...document.problems];
  if (document.roots.length === 0 && problems.length > 0) return { scenario: undefined, document, problems };
  const isBroken = problems.length > 0;
  // What follows from broken syntax would only hide it.
  const found: Problem[] = [];
  const report = makeReport(found);
  const { config, references, problems: included } = mergeConfig(document, files, report);
  const isNothing = config.entries.size === 0 && found.length > 0;
  validateConfig(config, report);
  const scenario = isNothing ? undefined : buildScenario(file, config, { report, files, references, nodes: new Map() });
  if (!isBroken) problems.push(...included, ...found);
  return { scenario: config.entries.size > 0 ? scenario : undefined, document, problems: sortProblems(problems) };
}

function buildScenario(file: string, config: MapNode, reader: Reader): Scenario {
  const root = openSection(config);
  const settings = take(root, "loadfleet");
  const { executions, bodies, bodyNodes } = readExecutions(config, reader);
  const criteria = readCriteria(config, reader.report);
  const scriptLabels = readScripts(config, executions, bodies, reader);
  const scenario: Scenario = {
    file,
    name: textOf(take(openSection(settings), "name")) ?? nameOf(file),
    executions: executions.map(({ execution }) => execution),
    bodies: Object.fromEntries(bodies),
    criteria: criteria.map(({ criterion }) => criterion),
    settings: readSettings(settings),
    config: configJson(config),
    files: uniqueFiles(reader.references),
  };
  checkScenario({ scenario, config, criteria, executions, bodyNodes, scriptLabels, reader });
  return scenario;
}

function configJson(config: MapNode): JsonObject {
  const entries = [...config.entries.values()].filter(({ key }) => key !== "loadfleet");
  return Object.fromEntries(entries.map(({ key, value }) => [key, toJson(value)]));
}

interface ReadExecutions {
  readonly executions: readonly PlacedExecution[];
  readonly bodies: Map<string, ScenarioBody>;
  readonly bodyNodes: Map<string, TreeNode>;
}

function readExecutions(config: MapNode, reader: Reader): ReadExecutions {
  const root = openSection(config);
  const found = { bodies: new Map<string, ScenarioBody>(), bodyNodes: new Map<string, TreeNode>() };
  for (const { key, value } of mapOf(take(root, "scenarios"))?.entries.values() ?? [])
    addBody(found, key, value, reader);
  const defaultExecutor = textOf(take(openSection(take(root, "settings")), "default-executor"));
  const executions = itemsOf(take(root, "execution")).flatMap((node, index) => {
    if (node.kind !== "map") return [];
    const name = resolveBody(node, index, found, reader);
    return [{ node, execution: readExecution(node, name, defaultExecutor) }];
  });
  return { executions, ...found };
}

type Bodies = Pick<ReadExecutions, "bodies" | "bodyNodes">;

function addBody({ bodies, bodyNodes }: Bodies, name: string, node: TreeNode, reader: Reader): void {
  bodies.set(name, readBody(reader, name, node));
  bodyNodes.set(name, node);
}

/** The key of an execution's scenario; an inline one, or the path of a script, is added to the bodies as Taurus does. */
function resolveBody(node: TreeNode, index: number, found: Bodies, reader: Reader): string {
  const scenario = take(openSection(node), "scenario");
  const named = textOf(scenario);
  if (scenario === undefined || (named !== undefined && found.bodies.has(named))) return named ?? "";
  if (named !== undefined && !isScript(named, reader)) return named;
  const script = named ?? textOf(take(openSection(scenario), "script"));
  const base = script?.split(/[/\\]/).at(-1) ?? `execution-${index + 1}`;
  const name = found.bodies.has(base) ? `${base}-${index + 1}` : base;
  addBody(found, name, scenario, reader);
  return name;
}

/** Taurus takes the name of a scenario that it does not know for a script when such a file exists. */
function isScript(name: string, { files }: Reader): boolean {
  return files.exists(name) || /\.(jmx|js|ts|py|scala|java|jar|xml|json|side|robot)$/i.test(name);
}

function uniqueFiles(references: readonly FileReference[]): FileReference[] {
  return [...new Map(references.map((reference) => [`${reference.use} ${reference.path}`, reference])).values()];
}

function sortProblems(problems: readonly Problem[]): Problem[] {
  return problems.toSorted(
    (a, b) => Number(a.file > b.file) - Number(a.file < b.file) || a.line - b.line || a.column - b.column,
  );
}
