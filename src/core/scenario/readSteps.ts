import type { ActionStep, Amount, ExtraKey, Step, Template } from "./model.ts";
import type { Range } from "./problem.ts";
import { readRequest } from "./readRequest.ts";
import { amountOf, durationOf, extraKeys, flagOf, itemsOf, openSection, take, textOf, textsOf } from "./section.ts";
import type { Reader, Section } from "./section.ts";
import { rangeOfNode } from "./tree.ts";
import type { TreeNode } from "./tree.ts";

/** What the steps of one scenario share while they are read. */
export interface StepReader extends Reader {
  readonly headers: Readonly<Record<string, Template>>;
  /** Whether only transactions are counted unless one says otherwise. */
  readonly forcesParentSample: boolean;
  /** Takes the keys of blocks that the model has no place for. */
  readonly extra: ExtraKey[];
}

type ReadBlock = (reader: StepReader, section: Section, value: TreeNode, range: Range) => Step | undefined;

/** Blocks by the key that makes them one, in the order in which Taurus looks for them. */
const blocks: Readonly<Record<string, ReadBlock>> = {
  if: (reader, section, value, range) => ({
    kind: "if",
    condition: textOf(value) ?? "",
    then: readSteps(reader, take(section, "then")),
    else: readSteps(reader, take(section, "else")),
    range,
  }),
  once: (reader, _section, value, range) => ({ kind: "once", steps: readSteps(reader, value), range }),
  loop: (reader, section, value, range) => ({
    kind: "loop",
    times: timesOf(value),
    steps: readDo(reader, section),
    range,
  }),
  while: (reader, section, value, range) => ({
    kind: "while",
    condition: textOf(value) ?? "",
    steps: readDo(reader, section),
    range,
  }),
  foreach: readForeach,
  transaction: (reader, section, value, range) => ({
    kind: "transaction",
    label: textOf(value) ?? "",
    steps: readDo(reader, section),
    includesTimers: flagOf(take(section, "include-timers")) ?? false,
    forcesParentSample: flagOf(take(section, "force-parent-sample")) ?? reader.forcesParentSample,
    range,
  }),
  "include-scenario": (_reader, _section, value, range) => ({
    kind: "include-scenario",
    scenario: textOf(value) ?? "",
    range,
  }),
  action: readAction,
  "set-variables": (_reader, _section, value, range) => ({ kind: "set-variables", variables: textsOf(value), range }),
  setup: refuse,
  teardown: refuse,
  cmd: refuse,
};

/** Reads the entries of `requests`, `do`, `then`, `else` or `once`; what is no step is left out. */
export function readSteps(reader: StepReader, node: TreeNode | undefined): Step[] {
  return node?.kind === "list" ? itemsOf(node).flatMap((item) => readStep(reader, item) ?? []) : [];
}

function readStep(reader: StepReader, node: TreeNode): Step | undefined {
  if (node.kind === "list") return undefined;
  const section = openSection(node);
  const key = Object.keys(blocks).find((name) => section.entries.has(name));
  const read = key === undefined ? undefined : blocks[key];
  if (key === undefined || read === undefined) return readRequest(reader, node, reader.headers);
  const value = take(section, key);
  const step = value && read(reader, section, value, rangeOfNode(node));
  if (value !== undefined && step !== undefined) reader.nodes.set(step, value);
  reader.extra.push(...extraKeys(section, `a block "${key}"`, `${key}.`));
  return step;
}

function readDo(reader: StepReader, section: Section): Step[] {
  return readSteps(reader, take(section, "do"));
}

function timesOf(node: TreeNode): Amount | "forever" {
  return textOf(node) === "forever" ? "forever" : (amountOf(node) ?? 0);
}

function readForeach(reader: StepReader, section: Section, value: TreeNode, range: Range): Step | undefined {
  const [, variable, collection] = /^(.+) in (.+)$/.exec((textOf(value) ?? "").slice(0, 1000)) ?? [];
  const steps = readDo(reader, section);
  if (variable === undefined || collection === undefined) return undefined;
  return { kind: "foreach", variable: variable.trim(), collection: collection.trim(), steps, range };
}

function readAction(_reader: StepReader, section: Section, value: TreeNode, range: Range): ActionStep | undefined {
  const action = textOf(value);
  const target = textOf(take(section, "target")) === "all-threads" ? "all-threads" : "current-thread";
  const pauseMs = durationOf(take(section, "pause-duration"));
  if (action !== "pause" && action !== "stop" && action !== "stop-now" && action !== "continue") return undefined;
  return { kind: "action", action, target, pauseMs, range };
}

/** Blocks that the model has no place for: drivers that would have to leave them out refuse the run. */
function refuse(reader: StepReader, section: Section, _value: TreeNode, range: Range): undefined {
  for (const key of section.entries.keys()) if (Object.hasOwn(blocks, key)) reader.extra.push({ key, range });
  return undefined;
}
