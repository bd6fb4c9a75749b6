import type { Range } from "../problem.ts";
import { rangeBetween } from "../tree.ts";
import type { SourceText } from "../tree.ts";
import { isCoreClass, pluginOf } from "./plugins.ts";
import type { XmlElement } from "./xml.ts";

/** A thread group; numbers are as they are written, often as expressions such as `${__P(users,10)}`. */
export interface JmxThreadGroup {
  readonly name: string;
  /** Class of the group: `ThreadGroup`, `SetupThreadGroup`, `com.blazemeter.jmeter.threads.concurrency.ConcurrencyThreadGroup`, …. */
  readonly kind: string;
  readonly threads: string | undefined;
  /** In seconds, or minutes where the group says so. */
  readonly rampUp: string | undefined;
  readonly duration: string | undefined;
  /** `-1` is for ever; undefined for groups that know only time. */
  readonly loops: string | undefined;
  readonly isEndless: boolean;
  readonly range: Range;
}

export interface JmxSampler {
  readonly label: string;
  /** Class, or `TransactionController`. */
  readonly kind: string;
  readonly range: Range;
}

export interface JmxFile {
  readonly path: string;
  readonly use: "data" | "upload" | "script" | "result";
  readonly start: number;
  readonly end: number;
}

export interface JmxPlugin {
  readonly className: string;
  /** Name in the plugins manager; undefined when the class is of no plugin that is known here. */
  readonly plugin: string | undefined;
  readonly range: Range;
}

/** What a JMeter test plan holds, as far as it is enabled. */
export interface JmxOutline {
  readonly name: string;
  readonly threadGroups: readonly JmxThreadGroup[];
  readonly samplers: readonly JmxSampler[];
  readonly files: readonly JmxFile[];
  readonly plugins: readonly JmxPlugin[];
  /** JMeter properties that the plan asks for, with their defaults. */
  readonly properties: readonly { readonly name: string; readonly defaultValue: string | undefined }[];
}

interface Outliner {
  readonly source: SourceText;
  readonly threadGroups: JmxThreadGroup[];
  readonly samplers: JmxSampler[];
  readonly files: JmxFile[];
  readonly plugins: Map<string, JmxPlugin>;
}

/** Outlines a test plan from its root element. */
export function outlineJmx(source: SourceText, root: XmlElement): JmxOutline {
  const outliner: Outliner = { source, threadGroups: [], samplers: [], files: [], plugins: new Map() };
  visitTree(outliner, root);
  const plan = root.children.find(({ tag }) => tag === "hashTree")?.children.find(({ tag }) => tag === "TestPlan");
  const { threadGroups, samplers, files, plugins } = outliner;
  const name = plan?.attributes["testname"] ?? "";
  return { name, threadGroups, samplers, files, plugins: [...plugins.values()], properties: propertiesOf(source.text) };
}

/** Visits a hashTree: each element in it is followed by a hashTree with what belongs to it. */
function visitTree(outliner: Outliner, tree: XmlElement): void {
  let isEnabled = true;
  for (const element of tree.children) {
    if (element.tag === "hashTree") {
      if (isEnabled) visitTree(outliner, element);
      isEnabled = true;
      continue;
    }
    isEnabled = element.attributes["enabled"] !== "false";
    if (isEnabled) visitElement(outliner, element);
  }
}

function visitElement(outliner: Outliner, element: XmlElement): void {
  const kind = element.attributes["testclass"] ?? element.tag;
  const range = headRange(outliner.source, element);
  const label = element.attributes["testname"] ?? "";
  for (const className of new Set([element.tag, kind])) {
    if (!isCoreClass(className)) outliner.plugins.set(className, { className, plugin: pluginOf(className), range });
  }
  if (kind.endsWith("ThreadGroup")) outliner.threadGroups.push(readThreadGroup(element, kind, label, range));
  else if (/Sampler(?:Proxy|2)?$|^TransactionController$/.test(kind)) outliner.samplers.push({ label, kind, range });
  collectFiles(outliner, element, /ResultCollector|FlexibleFileWriter|Saver/.test(kind));
}

function readThreadGroup(element: XmlElement, kind: string, name: string, range: Range): JmxThreadGroup {
  const prop = (key: string): string | undefined => propOf(element, key)?.text.trim() || undefined;
  const controller = propOf(element, "ThreadGroup.main_controller");
  const loops = controller === undefined ? undefined : propOf(controller, "LoopController.loops")?.text.trim();
  const isScheduled = prop("ThreadGroup.scheduler") === "true";
  const duration = prop("Hold") ?? prop("flighttime") ?? (isScheduled ? prop("ThreadGroup.duration") : undefined);
  const isForever =
    loops === "-1" ||
    (controller !== undefined && propOf(controller, "LoopController.continue_forever")?.text === "true");
  return {
    name,
    kind,
    threads: prop("TargetLevel") ?? prop("ThreadGroup.num_threads"),
    rampUp: prop("RampUp") ?? prop("ThreadGroup.ramp_time"),
    duration,
    loops,
    isEndless: kind === "ThreadGroup" && isForever && duration === undefined,
    range,
  };
}

/** Files that an element names, in its own properties and in those inside them. */
function collectFiles(outliner: Outliner, element: XmlElement, isResult: boolean): void {
  for (const child of element.children) {
    const name = child.attributes["name"] ?? "";
    const use = isResult && name === "filename" ? "result" : useOf(name);
    const path = child.text.trim();
    if (use !== undefined && child.tag === "stringProp" && path !== "") {
      outliner.files.push({ path, use, ...textPlace(outliner.source, child) });
    }
    collectFiles(outliner, child, isResult);
  }
}

function useOf(property: string): JmxFile["use"] | undefined {
  switch (property) {
    case "filename":
    case "fileName":
      return "data";
    case "File.path":
      return "upload";
    case "IncludeController.includepath":
    case "BeanShellSampler.filename":
    case "JSR223Sampler.filename":
      return "script";
    default:
      return undefined;
  }
}

function propOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.attributes["name"] === name);
}

/** The opening tag of an element. */
function headRange(source: SourceText, element: XmlElement): Range {
  const close = source.text.indexOf(">", element.start);
  return rangeBetween(source, element.start, close < 0 ? element.start : close + 1);
}

/** The text between an element's tags. */
function textPlace({ text }: SourceText, element: XmlElement): { start: number; end: number } {
  const start = text.indexOf(">", element.start) + 1;
  const end = text.indexOf("<", start);
  return { start, end: Math.max(start, end) };
}

function propertiesOf(text: string): JmxOutline["properties"] {
  const properties = new Map<string, string | undefined>();
  for (const [, kind, args = ""] of text.matchAll(/\$\{__(P|property)\(([^(){}]{0,200})\)\}/g)) {
    const [name = "", ...rest] = args.split(",").map((part) => part.trim());
    const defaultValue = kind === "P" ? rest[0] : rest[1];
    if (!properties.has(name)) properties.set(name, defaultValue);
  }
  return [...properties].map(([name, defaultValue]) => ({ name, defaultValue }));
}
