import { maxFileLength } from "./document.ts";
import type { FileLookup } from "./files.ts";
import { bundledPlugins } from "./jmx/plugins.ts";
import { outlineJmx } from "./jmx/outline.ts";
import type { JmxFile, JmxOutline } from "./jmx/outline.ts";
import { parseXml } from "./jmx/xml.ts";
import type { FileReference, Load, Scenario, ScenarioBody } from "./model.ts";
import { nameOf } from "./names.ts";
import type { Problem } from "./problem.ts";
import { readBody } from "./readBody.ts";
import { readFile } from "./readFile.ts";
import { readSettings } from "./readSettings.ts";
import { makeReport } from "./report.ts";
import type { Report } from "./report.ts";
import { makeSource, rangeBetween } from "./tree.ts";
import type { ScalarNode, SourceText } from "./tree.ts";
import type { Reader } from "./section.ts";

/** A test plan as it was understood. */
export interface JmxReading {
  /** Undefined when the text is no test plan, or too large to look into. */
  readonly outline: JmxOutline | undefined;
  /** Files that the plan reads, as paths relative to the scenario's folder. */
  readonly references: readonly FileReference[];
}

export interface JmxOptions {
  /** Whether the scenario itself says when the load ends. */
  readonly isEnded?: boolean;
}

/**
 * Outlines and checks a JMeter test plan.
 * @param file portable path relative to the scenario's folder
 */
export function readJmx(
  file: string,
  text: string,
  { files, report }: Pick<Reader, "files" | "report">,
  options: JmxOptions = {},
): JmxReading {
  const source = makeSource(file, text.length > maxFileLength ? "" : text.replace(/^\uFEFF/, ""));
  const start = { source, start: 0, end: 0 };
  if (text.length > maxFileLength) {
    report("jmx-too-large", start, `${file} is larger than 1 MB, so it was not looked into; it is run as it is.`);
    return { outline: undefined, references: [] };
  }
  const root = parseXml(source);
  if ("code" in root) {
    report(root.code, { source, start: root.offset, end: root.offset + 1 }, root.message);
    return { outline: undefined, references: [] };
  }
  if (root.tag !== "jmeterTestPlan") {
    report(
      "jmx-not-a-plan",
      start,
      `This is XML, but no JMeter test plan: it begins with <${root.tag.slice(0, 60)}> instead of <jmeterTestPlan>.`,
    );
    return { outline: undefined, references: [] };
  }
  const outline = outlineJmx(source, root);
  checkOutline(source, outline, options, report);
  return { outline, references: readFiles(source, outline.files, files, report) };
}

/** Reads a test plan that is run by itself: its own thread groups are the load. */
export function readJmxScenario(
  file: string,
  text: string,
  files: FileLookup,
): { scenario: Scenario | undefined; outline: JmxOutline | undefined; problems: Problem[] } {
  const script = file.split(/[/\\]/).at(-1) ?? file;
  const problems: Problem[] = [];
  const { outline, references } = readJmx(script, text, { files, report: makeReport(problems) });
  const named = problems.map((problem) => ({ ...problem, file }));
  const isUsable = outline !== undefined || problems.every(({ severity }) => severity !== "error");
  const scenario = isUsable ? scenarioOf(file, script, references, outline) : undefined;
  return { scenario, outline, problems: named };
}

function scenarioOf(
  file: string,
  script: string,
  references: readonly FileReference[],
  outline: JmxOutline | undefined,
): Scenario {
  const source = makeSource(file, "");
  const range = rangeBetween(source, 0, 0);
  const node: ScalarNode = { kind: "scalar", source, start: 0, end: 0, size: 1, value: script, text: script };
  const own: FileReference = { path: script, use: "script", range };
  const body: ScenarioBody = readBody(
    { report: makeReport([]), files: nothing, references: [], nodes: new Map() },
    script,
    node,
  );
  const load: Load = {
    users: undefined,
    ratePerSecond: undefined,
    rampUpMs: undefined,
    holdForMs: undefined,
    delayMs: undefined,
    iterations: undefined,
    steps: undefined,
  };
  return {
    file,
    name: outline?.name || nameOf(file),
    executions: [{ scenario: script, executor: "jmeter", load: { local: load, cloud: load }, range, extra: [] }],
    bodies: { [script]: body },
    criteria: [],
    settings: readSettings(undefined),
    config: { execution: [{ executor: "jmeter", scenario: script }], scenarios: { [script]: { script } } },
    files: [own, ...references],
  };
}

const nothing: FileLookup = { exists: () => true, size: () => undefined, readText: () => undefined };

function checkOutline(source: SourceText, outline: JmxOutline, options: JmxOptions, report: Report): void {
  const start = { source, start: 0, end: 0 };
  if (outline.threadGroups.length === 0) {
    report("jmx-no-thread-group", start, "Nothing in this plan generates load: add a thread group, or enable one.");
  } else if (outline.samplers.length === 0) {
    report("jmx-no-sampler", start, "No sampler in this plan is enabled, so it measures nothing: add or enable one.");
  }
  for (const { name, isEndless, range } of outline.threadGroups) {
    if (!isEndless || options.isEnded === true) continue;
    const message = `The thread group "${name}" runs for ever: give it a duration, or run the plan from a scenario with hold-for.`;
    report("jmx-endless", placeAt(source, range.line, range.column, range.endLine, range.endColumn), message);
  }
  for (const { className, plugin, range } of outline.plugins) {
    if (plugin !== undefined && bundledPlugins.has(plugin)) continue;
    const place = placeAt(source, range.line, range.column, range.endLine, range.endColumn);
    if (plugin === undefined) {
      const message = `${className} is neither JMeter's own nor of a plugin that is known here: see that the JMeter that runs it has its jar.`;
      report("jmx-unknown-plugin", place, message);
    } else {
      const message = `${className} needs the JMeter plugin ${plugin}, which is not on board: put its jar into a folder plugins/ beside the scenario.`;
      report("jmx-plugin", place, message);
    }
  }
}

function placeAt(source: SourceText, line: number, column: number, endLine: number, endColumn: number) {
  const offset = (row: number, col: number): number => (source.lineStarts[row - 1] ?? 0) + col - 1;
  return { source, start: offset(line, column), end: offset(endLine, endColumn) };
}

/** Checks the files that a plan reads and writes; JMeter looks beside the plan, Taurus beside the scenario. */
function readFiles(source: SourceText, named: readonly JmxFile[], files: FileLookup, report: Report): FileReference[] {
  const folder = source.file.split("/").slice(0, -1).join("/");
  const beside = (path: string): string =>
    folder === "" || !files.exists(`${folder}/${path}`) ? path : `${folder}/${path}`;
  const lookup: FileLookup = { ...files, exists: (path) => files.exists(path) || files.exists(beside(path)) };
  const references: FileReference[] = [];
  for (const { path, use, start, end } of named) {
    const text = path.replace(/\$\{__P\([^,(){}]+,([^(){}]*)\)\}/g, "$1");
    const node: ScalarNode = { kind: "scalar", source, start, end, size: 1, value: text, text };
    if (use !== "result") readFile({ report, files: lookup, references, nodes: new Map() }, node, use);
    else if (/^(?:[/\\~]|[A-Za-z]:)/.test(text)) {
      const message = `The results go to ${text}, which other machines may not have: write a relative path, so that they are kept with the run.`;
      report("absolute-path", node, message, { severity: "warning" });
    }
  }
  return references.map((reference) => ({ ...reference, path: beside(reference.path) }));
}
