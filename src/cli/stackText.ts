import { formatBytes, formatCount } from "../core/results/figures.ts";
import type { ChangeKind, StackChange } from "../deploy/changes.ts";
import type { Demolition } from "../deploy/destroy.ts";
import type { Progress } from "../deploy/progress.ts";
import type { Proposal } from "../deploy/propose.ts";
import type { Remainder } from "../deploy/remains.ts";
import type { Style } from "./style.ts";

const words: Readonly<Record<ChangeKind, string>> = {
  add: "+ add",
  change: "~ change",
  "perhaps-replace": "? may replace",
  replace: "! replace",
  remove: "- remove",
};

/** Writes what a deployment would do: one line a resource, the gravest first, then the parameters and a sum. */
export function formatProposal(proposal: Proposal, style: Style): string {
  const { action, stack, region, account, identity, fromVersion, toVersion, changes, parameterChanges } = proposal;
  const what =
    action === "create"
      ? `A new stack "${stack}" of version ${toVersion}`
      : `The stack "${stack}" from version ${fromVersion ?? "unknown"} to ${toVersion}`;
  const parameters = parameterChanges.map(
    ({ name, from, to }) => `  ${name}: ${from === undefined ? "" : `${quote(from)} becomes `}${quote(to)}`,
  );
  return [
    "",
    style.bold(`${what}, in ${region} of account ${account}, as ${identity}:`),
    ...(action === "create" ? formatTypes(changes, style) : formatChanges(changes, style)),
    ...(parameters.length === 0 ? [] : ["Parameters:", ...parameters]),
    `${summarize(changes)}.`,
    "",
    "",
  ].join("\n");
}

/** What a new stack consists of: everything is added, so kinds and numbers say enough. */
function formatTypes(changes: readonly StackChange[], { green }: Style): readonly string[] {
  const counts = new Map<string, number>();
  for (const { type } of changes) counts.set(type, (counts.get(type) ?? 0) + 1);
  const sorted = [...counts].toSorted(([a], [b]) => a.localeCompare(b));
  return sorted.map(([type, count]) => green(`  + ${String(count).padStart(2)}  ${type}`));
}

function formatChanges(changes: readonly StackChange[], style: Style): readonly string[] {
  const wordWidth = Math.max(0, ...changes.map(({ kind }) => words[kind].length));
  const idWidth = Math.max(0, ...changes.map(({ logicalId }) => logicalId.length));
  return changes.map(({ kind, logicalId, type, properties, loses }) => {
    const names = properties.length === 0 || kind === "add" ? "" : `: ${properties.join(", ")}`;
    const line = `  ${words[kind].padEnd(wordWidth)}  ${logicalId.padEnd(idWidth)}  ${type}${names}`;
    if (loses === undefined) return colorOf(kind, style)(line);
    const mark = kind === "perhaps-replace" ? "MAY LOSE" : "LOSES";
    return style.red(style.bold(`${line}\n${" ".repeat(wordWidth + 4)}${mark} ${loses.toUpperCase()}`));
  });
}

function colorOf(kind: ChangeKind, { red, yellow, green }: Style): (text: string) => string {
  if (kind === "add") return green;
  return kind === "change" ? yellow : red;
}

function summarize(changes: readonly StackChange[]): string {
  if (changes.length === 0) return "Only parameters, tags or outputs change";
  const kinds: readonly (readonly [ChangeKind, string])[] = [
    ["add", "to add"],
    ["change", "to change"],
    ["perhaps-replace", "perhaps to replace"],
    ["replace", "to replace"],
    ["remove", "to remove"],
  ];
  const counts = kinds.map(([kind, text]) => [changes.filter((change) => change.kind === kind).length, text] as const);
  return counts.flatMap(([count, text]) => (count === 0 ? [] : [`${count} ${text}`])).join(", ");
}

function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

function quote(value: string): string {
  return value === "" ? "(empty)" : value;
}

/** Writes one step of a deployment as a line. */
export function formatProgress(progress: Progress, { dim, red, green }: Style): string {
  if (progress.kind === "note") return `${progress.text}\n`;
  const { atMs, logicalId, type, status, reason } = progress;
  const time = new Date(atMs).toLocaleTimeString("en-GB");
  const line = `  ${time}  ${status.padEnd(27)}  ${logicalId} (${type})${reason === undefined ? "" : `: ${reason}`}`;
  if (status.endsWith("_FAILED")) return `${red(line)}\n`;
  return `${status.endsWith("_COMPLETE") ? green(line) : dim(line)}\n`;
}

/** Writes what a destruction would delete. */
export function formatDemolition(demolition: Demolition, { bold, red }: Style): string {
  const { stack, region, account, identity, status, resources, runs, buckets, repositories, tables, userPools } =
    demolition;
  const what =
    status === undefined
      ? `What is left of the stack "${stack}"`
      : `The stack "${stack}" (${status}, ${plural(resources, "resource")})`;
  const lines = [
    ...runs.map(({ runId, name, status: state }) => `run ${runId} of ${name}, which is ${state}: it is stopped`),
    ...tables.map((name) => `table ${name}: all runs and tests`),
    ...buckets.map(
      ({ name, versions, bytes }) => `bucket ${name}: ${plural(versions, "version")} of files, ${formatBytes(bytes)}`,
    ),
    ...repositories.map(({ name, images }) => `repository ${name}: ${plural(images, "image")}`),
    ...userPools.map((name) => `user pool ${name}: all users`),
  ];
  return [
    "",
    bold(red(`${what}, in ${region} of account ${account}, as ${identity}, is deleted for good, with:`)),
    ...lines.map((line) => `  ${line}`),
    "",
    "",
  ].join("\n");
}

/** Writes what remains after a destruction. */
export function formatRemains(remains: readonly Remainder[], { red, green }: Style): string {
  if (remains.length === 0) {
    return `${green("Nothing remains: neither in CloudFormation's list, nor by tag, nor by name.")}\n`;
  }
  const found = { stack: "CloudFormation kept it", tag: "found by its tag", name: "found by its name" };
  const lines = remains.map(({ what, id, foundBy }) => `  ${`${what} ${id}`.trim()} (${found[foundBy]})`);
  return `${red(`${remains.length === 1 ? "One thing remains" : `${remains.length} things remain`}:`)}\n${lines.join("\n")}\n`;
}
