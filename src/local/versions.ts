import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { WriteOutcome } from "../fleet/ports.ts";
import { createFile, namesIn, readIfPresent } from "./files.ts";

/**
 * An item that several processes replace conditionally is a row of files `<name>.<version>.json`, of which the highest
 * version counts. A writer that saw version n creates n + 1 exclusively, so that of several writers exactly one wins,
 * and nothing is ever locked: a process that dies leaves no lock behind.
 */
export interface Version {
  readonly name: string;
  /** 0: there is no such item yet. */
  readonly number: number;
}

/** The content of an item's newest version. */
export interface Versioned extends Version {
  readonly path: string;
  readonly text: string;
}

/** Older versions are cleared away once there are this many newer ones. */
const keptVersions = 8;

/** Reads the newest version of one item; undefined when there is none. */
export async function readVersion(folder: string, name: string): Promise<Versioned | undefined> {
  return (await readVersions(folder, name)).at(0);
}

/** Reads the newest version of every item in a folder, or of one, sorted by name. */
export async function readVersions(folder: string, name?: string): Promise<readonly Versioned[]> {
  for (;;) {
    const newest = new Map<string, Version>();
    for (const version of await versionsIn(folder)) {
      if (name === undefined || version.name === name) newest.set(version.name, version);
    }
    const sorted = [...newest.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const read = await Promise.all(sorted.map((version) => readOne(folder, version)));
    const found = read.filter((item) => item !== undefined);
    // A file that vanished between listing and reading was replaced meanwhile.
    if (found.length === read.length) return found;
  }
}

/** Writes what follows the version that the writer saw; `conflict` when another writer was faster. */
export async function writeVersion(folder: string, seen: Version, value: unknown): Promise<WriteOutcome> {
  const next = { name: seen.name, number: seen.number + 1 };
  const path = pathOf(folder, next);
  if (!(await createFile(path, JSON.stringify(value)))) return "conflict";
  const numbers = (await versionsIn(folder)).filter(({ name }) => name === seen.name).map(({ number }) => number);
  if (Math.max(...numbers) >= next.number + keptVersions) {
    // So late that its place had been taken and cleared away since: what it created is not the newest.
    await rm(path, { force: true });
    return "conflict";
  }
  const outdated = numbers.filter((number) => number <= next.number - keptVersions);
  for (const number of outdated) await rm(pathOf(folder, { name: seen.name, number }), { force: true });
  return "written";
}

/** Removes an item up to the version that the caller saw; what another writer has added since stays. */
export async function removeVersions(folder: string, seen: Version): Promise<void> {
  // The oldest first: whoever reads meanwhile finds the newest, or nothing.
  for (const version of await versionsIn(folder)) {
    if (version.name === seen.name && version.number <= seen.number) await rm(pathOf(folder, version), { force: true });
  }
}

async function readOne(folder: string, version: Version): Promise<Versioned | undefined> {
  const path = pathOf(folder, version);
  const bytes = await readIfPresent(path);
  return bytes === undefined ? undefined : { ...version, path, text: bytes.toString("utf8") };
}

function pathOf(folder: string, { name, number }: Version): string {
  return join(folder, `${name}.${String(number).padStart(6, "0")}.json`);
}

async function versionsIn(folder: string): Promise<readonly Version[]> {
  const versions = (await namesIn(folder)).map((file): Version | undefined => {
    const [, name, digits] = /^([^.].*)\.(\d{6,})\.json$/.exec(file) ?? [];
    return name === undefined ? undefined : { name, number: Number(digits) };
  });
  return versions.filter((version) => version !== undefined).toSorted((a, b) => a.number - b.number);
}
