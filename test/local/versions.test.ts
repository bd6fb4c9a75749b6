import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readVersion, readVersions, writeVersion, type Version } from "../../src/local/versions.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loadfleet-versions-"));
});
afterEach(() => rm(folder, { recursive: true }));

const none: Version = { name: "run", number: 0 };
const valueOf = async (): Promise<unknown> => JSON.parse((await readVersion(folder, "run"))?.text ?? "null");

test("a writer that saw the newest version replaces it", async () => {
  expect(await writeVersion(folder, none, "first")).toBe("written");
  expect(await writeVersion(folder, { name: "run", number: 1 }, "second")).toBe("written");
  expect(await valueOf()).toBe("second");
});

test("a writer that saw an older version gets a conflict, however late it is", async () => {
  for (let number = 0; number < 20; number++) await writeVersion(folder, { name: "run", number }, number);
  for (let number = 0; number < 19; number++) {
    expect(await writeVersion(folder, { name: "run", number }, "late")).toBe("conflict");
  }
  expect(await valueOf()).toBe(19);
});

test("of many writers that saw the same version exactly one wins", async () => {
  for (let number = 0; number < 10; number++) {
    const writers = Array.from({ length: 8 }, (_, writer) => writeVersion(folder, { name: "run", number }, writer));
    const outcomes = await Promise.all(writers);
    expect(outcomes.filter((outcome) => outcome === "written")).toHaveLength(1);
    expect(await valueOf()).toBe(outcomes.indexOf("written"));
  }
});

test("keeps a handful of versions of an item, and nothing half written", async () => {
  for (let number = 0; number < 30; number++) await writeVersion(folder, { name: "run", number }, number);
  const names = (await readdir(folder)).toSorted();
  expect(names).toHaveLength(8);
  expect([names.at(0), names.at(-1)]).toEqual(["run.000023.json", "run.000030.json"]);
});

test("does not see what a process that died left half written", async () => {
  await writeVersion(folder, none, "whole");
  await writeFile(join(folder, ".0123.part"), "{");
  expect(await valueOf()).toBe("whole");
  expect(await readVersions(folder)).toHaveLength(1);
});

test("reads the newest version of each of several items, sorted by name", async () => {
  for (const name of ["00002", "00010", "00001"]) await writeVersion(folder, { name, number: 0 }, name);
  await writeVersion(folder, { name: "00010", number: 1 }, "new");
  expect((await readVersions(folder)).map(({ text }) => JSON.parse(text))).toEqual(["00001", "00002", "new"]);
});

test("knows nothing in a folder that is not there", async () => {
  expect(await readVersion(join(folder, "nowhere"), "run")).toBeUndefined();
});
