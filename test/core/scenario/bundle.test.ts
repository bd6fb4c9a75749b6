import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { bundleAddress, checkZipEntries, listBundle } from "../../../src/core/scenario/bundle.ts";
import type { FileReference } from "../../../src/core/scenario/model.ts";
import { scenario, somewhere } from "../run/scenarios.ts";

const everything = { exists: () => true };

function naming(paths: readonly string[], use: FileReference["use"] = "data") {
  return scenario([], [], { files: paths.map((path) => ({ path, use, range: somewhere })) });
}

describe("listBundle", () => {
  test.each([
    { name: "the scenario itself", paths: [], listed: ["shop.loadtest.yml"] },
    {
      name: "files beside it, sorted and once",
      paths: ["b.csv", "a.csv", "b.csv"],
      listed: ["a.csv", "b.csv", "shop.loadtest.yml"],
    },
    { name: "dots resolved", paths: ["./data/../users.csv"], listed: ["shop.loadtest.yml", "users.csv"] },
    { name: "backslashes as slashes", paths: ["data\\users.csv"], listed: ["data/users.csv", "shop.loadtest.yml"] },
    {
      name: "names with spaces and letters of any language",
      paths: ["Größe 1.csv"],
      listed: ["Größe 1.csv", "shop.loadtest.yml"],
    },
  ])("lists $name", ({ paths, listed }) => {
    expect(listBundle(naming(paths), everything)).toEqual({ paths: listed, problems: [] });
  });

  test.each([
    { path: "../users.csv", code: "outside-folder" },
    { path: "data/../../users.csv", code: "outside-folder" },
    { path: "..", code: "outside-folder" },
    { path: "..\\users.csv", code: "outside-folder" },
    { path: "/etc/passwd", code: "absolute-path" },
    { path: "C:\\data\\users.csv", code: "absolute-path" },
    { path: "C:/data/users.csv", code: "absolute-path" },
    { path: "C:users.csv", code: "unportable-path" },
    { path: "\\\\server\\share\\users.csv", code: "absolute-path" },
    { path: "~/users.csv", code: "absolute-path" },
    { path: "data/con.csv", code: "unportable-path" },
    { path: "NUL", code: "unportable-path" },
    { path: "what?.csv", code: "unportable-path" },
    { path: "users.csv.", code: "unportable-path" },
    { path: "users\u0000.csv", code: "unportable-path" },
    { path: "SHOP.loadtest.yml", code: "unportable-path" },
    { path: "${env}.csv", code: "dynamic-file" },
  ])("does not take $path and says so where it stands", ({ path, code }) => {
    const { paths, problems } = listBundle(naming([path]), everything);
    expect(paths).toEqual(["shop.loadtest.yml"]);
    expect(problems).toMatchObject([{ code, file: "load/shop.loadtest.yml", ...somewhere }]);
  });

  it("never lists a path that leaves the folder", () => {
    const anyPath = fc.string({ unit: fc.constantFrom("a", "/", "\\", ".", "..", "~", "C:", " ", "\n", "${") });
    fc.assert(
      fc.property(fc.array(anyPath), (names) => {
        for (const path of listBundle(naming(names), everything).paths) {
          expect(path).not.toMatch(/^\/|\\|^[A-Za-z]:|(^|\/)\.\.?(\/|$)|\/\/|\n/);
        }
      }),
    );
  });

  it("does not follow a link out of the folder", () => {
    const lookup = { exists: () => true, leavesFolder: (path: string) => path === "users.csv" };
    expect(listBundle(naming(["users.csv", "other.csv"]), lookup)).toMatchObject({
      paths: ["other.csv", "shop.loadtest.yml"],
      problems: [{ code: "outside-folder", severity: "error" }],
    });
  });

  it("leaves missing files to the check, and included configurations to the merge", () => {
    expect(listBundle(naming(["users.csv"]), { exists: () => false })).toEqual({
      paths: ["shop.loadtest.yml"],
      problems: [],
    });
    expect(listBundle(naming(["../base.yml"], "config"), everything).problems).toEqual([]);
  });
});

describe("checkZipEntries", () => {
  const file = "shop.zip";

  test.each([
    {
      name: "a path that leaves the folder",
      entry: { path: "../evil.sh", bytes: 1, packedBytes: 1 },
      code: "outside-folder",
    },
    { name: "an absolute path", entry: { path: "/etc/passwd", bytes: 1, packedBytes: 1 }, code: "absolute-path" },
    { name: "a device of Windows", entry: { path: "aux.jmx", bytes: 1, packedBytes: 1 }, code: "unportable-path" },
    { name: "a link", entry: { path: "a.jmx", bytes: 1, packedBytes: 1, isLink: true }, code: "zip-link" },
    { name: "a bomb", entry: { path: "a.csv", bytes: 500_000_000, packedBytes: 500_000 }, code: "zip-bomb" },
    { name: "a bomb of no size", entry: { path: "a.csv", bytes: 2_000_000, packedBytes: 0 }, code: "zip-bomb" },
    {
      name: "too much at once",
      entry: { path: "a.csv", bytes: 2 * 1024 ** 3, packedBytes: 1024 ** 3 },
      code: "zip-bomb",
    },
  ])("refuses $name", ({ entry, code }) => {
    expect(checkZipEntries(file, [entry])).toMatchObject([{ code, severity: "error", file }]);
  });

  it("refuses more files than any scenario has", () => {
    const entries = Array.from({ length: 10_001 }, (_, index) => ({ path: `${index}.csv`, bytes: 1, packedBytes: 1 }));
    expect(checkZipEntries(file, entries)).toMatchObject([{ code: "zip-bomb" }]);
  });

  it("refuses a large sum of ordinary files", () => {
    const entries = Array.from({ length: 11 }, (_, index) => ({ path: `${index}.csv`, bytes: 1e8, packedBytes: 1e7 }));
    expect(checkZipEntries(file, entries)).toMatchObject([{ code: "zip-bomb" }]);
  });

  it("accepts folders, files that pack well, and empty files", () => {
    const entries = [
      { path: "data/", bytes: 0, packedBytes: 0 },
      { path: "data/users.csv", bytes: 50_000_000, packedBytes: 1_000_000 },
      { path: "data/zeros.csv", bytes: 900_000, packedBytes: 900 },
      { path: "data/empty.csv", bytes: 0, packedBytes: 2 },
    ];
    expect(checkZipEntries(file, entries)).toEqual([]);
  });
});

describe("bundleAddress", () => {
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const files = [
    { path: "a.csv", sha256: "1" },
    { path: "b.csv", sha256: "2" },
    { path: "c.csv", sha256: "2" },
  ];

  it("does not depend on the order of the files", () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(files, { minLength: 3 }), (shuffled) => {
        expect(bundleAddress(shuffled, sha256)).toBe(bundleAddress(files, sha256));
      }),
    );
  });

  it("depends on every path and every content", () => {
    const [first, ...rest] = files;
    const addresses = [
      files,
      rest,
      [{ path: "A.csv", sha256: "1" }, ...rest],
      [{ path: "a.csv", sha256: "9" }, ...rest],
      [first, { path: 'b.csv","2"]\n["c.csv', sha256: "2" }].filter((each) => each !== undefined),
      [],
    ].map((each) => bundleAddress(each, sha256));
    expect(new Set(addresses).size).toBe(6);
    expect(addresses[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});
