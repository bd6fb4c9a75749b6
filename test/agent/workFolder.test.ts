import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { WorkFolder } from "../../src/agent/workFolder.ts";
import { packBundle } from "../../src/core/run/bundleArchive.ts";
import type { BundleFile } from "../../src/core/run/plan.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const listed = (path: string, text: string): BundleFile => ({
  path,
  bytes: bytesOf(text).length,
  sha256: createHash("sha256").update(text).digest("hex"),
});

let root: string;
let folder: WorkFolder;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "loadfleet-work-"));
  folder = new WorkFolder(join(root, "work"));
});
afterEach(() => rm(root, { recursive: true }));

test("unpacks the files of the plan and gives back what was written beside them", async () => {
  const archive = packBundle([
    { path: "data/users.csv", bytes: bytesOf("a,b") },
    { path: "not-listed.txt", bytes: bytesOf("x") },
  ]);
  await folder.fill(archive, [listed("data/users.csv", "a,b")]);
  expect(await readFile(join(folder.path, "data", "users.csv"), "utf8")).toBe("a,b");
  await expect(readFile(join(folder.path, "not-listed.txt"))).rejects.toMatchObject({ code: "ENOENT" });
  await writeFile(join(folder.path, "engine.log"), "log");
  expect(new TextDecoder().decode(await folder.read("engine.log"))).toBe("log");
  expect(folder.nameOf(join(folder.path, "data", "users.csv"))).toBe("data/users.csv");
});

test.each([
  ["is missing", [], listed("a.txt", "a")],
  ["differs", [{ path: "a.txt", bytes: bytesOf("b") }], listed("a.txt", "a")],
  ["has another size", [{ path: "a.txt", bytes: bytesOf("aaaa") }], listed("a.txt", "a")],
  ["leaves the folder", [{ path: "../a.txt", bytes: bytesOf("a") }], listed("../a.txt", "a")],
  ["is absolute", [{ path: "/a.txt", bytes: bytesOf("a") }], listed("/a.txt", "a")],
])("refuses a bundle of which a file %s", async (_what, files, expected) => {
  await expect(folder.fill(packBundle(files), [expected])).rejects.toMatchObject({ code: "bad-bundle" });
});

test("reads no artifact that leads out of the folder", async () => {
  await folder.fill(packBundle([]), []);
  await writeFile(join(root, "secret.txt"), "secret");
  await symlink(join(root, "secret.txt"), join(folder.path, "link.txt"));
  await expect(folder.read("../secret.txt")).rejects.toMatchObject({ code: "bad-bundle" });
  await expect(folder.read("link.txt")).rejects.toMatchObject({ code: "bad-bundle" });
});

test("is gone when it is removed", async () => {
  await folder.fill(packBundle([]), []);
  await folder.remove();
  await expect(readFile(folder.path)).rejects.toMatchObject({ code: "ENOENT" });
});
