import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { readOrigin } from "../../src/local/origin.ts";
import { bundleScenario, openScenario } from "../../src/local/scenarioFiles.ts";

const { signal } = new AbortController();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "loadfleet-files-"));
  mkdirSync(join(folder, "repo/.git"), { recursive: true });
  mkdirSync(join(folder, "repo/tests"));
  return () => rmSync(folder, { recursive: true, force: true });
});

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

function scenarioWith(dataFile: string): string {
  return `execution: {scenario: s, hold-for: 1m}
scenarios:
  s:
    data-sources: [${dataFile}]
    requests: [http://127.0.0.1/]
`;
}

async function bundle(file: string) {
  const opened = openScenario(file, folder);
  if (opened.scenario === undefined) throw new Error("There is no scenario.");
  return { ...(await bundleScenario(opened, opened.scenario)), checked: opened.problems };
}

describe("bundleScenario", () => {
  it("takes the scenario and its data, with size and hash", async () => {
    write("repo/tests/users.csv", "abc");
    write("repo/tests/shop.loadtest.yml", scenarioWith("users.csv"));
    const { bundle: listed, contents } = await bundle("repo/tests/shop.loadtest.yml");
    expect(contents.map(({ path }) => path)).toEqual(["shop.loadtest.yml", "users.csv"]);
    expect(listed.files[1]).toEqual({
      path: "users.csv",
      bytes: 3,
      sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
    expect(listed.idFrom).toBe(join("repo", "tests", "shop"));
  });

  it("changes its address with a content, not with the time of a file", async () => {
    write("repo/tests/users.csv", "abc");
    write("repo/tests/shop.loadtest.yml", scenarioWith("users.csv"));
    const first = (await bundle("repo/tests/shop.loadtest.yml")).bundle.sha256;
    write("repo/tests/users.csv", "abc");
    expect((await bundle("repo/tests/shop.loadtest.yml")).bundle.sha256).toBe(first);
    write("repo/tests/users.csv", "abd");
    expect((await bundle("repo/tests/shop.loadtest.yml")).bundle.sha256).not.toBe(first);
  });

  it.skipIf(process.platform === "win32")("takes no file that a link leads to outside the folder", async () => {
    write("secret.csv", "secret");
    symlinkSync(join(folder, "secret.csv"), join(folder, "repo/tests/users.csv"));
    write("repo/tests/shop.loadtest.yml", scenarioWith("users.csv"));
    const { contents, problems } = await bundle("repo/tests/shop.loadtest.yml");
    expect(contents.map(({ path }) => path)).toEqual(["shop.loadtest.yml"]);
    expect(problems).toMatchObject([{ code: "outside-folder" }]);
  });

  it("takes no file from outside the folder, and the check says so", async () => {
    write("repo/users.csv", "abc");
    write("repo/tests/shop.loadtest.yml", scenarioWith("../users.csv"));
    const { contents, checked } = await bundle("repo/tests/shop.loadtest.yml");
    expect(contents.map(({ path }) => path)).toEqual(["shop.loadtest.yml"]);
    expect(checked).toMatchObject([{ code: "outside-folder" }]);
  });
});

describe("readOrigin", () => {
  it("knows the commit, and whether something is changed", async () => {
    const repo = mkdtempSync(join(folder, "git-"));
    const git = (...args: readonly string[]): string =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@example.invalid", ...args], {
        cwd: repo,
        encoding: "utf8",
      });
    git("init", "-q");
    writeFileSync(join(repo, "shop.yml"), "a");
    git("add", ".");
    git("commit", "-q", "-m", "One");
    const path = join(repo, "shop.yml");
    const commit = git("rev-parse", "HEAD").trim();
    expect(await readOrigin(path, signal)).toMatchObject({ commit, isTreeClean: true, scenarioPath: path });
    writeFileSync(path, "b");
    expect(await readOrigin(path, signal)).toMatchObject({ commit, isTreeClean: false });
  });

  it("does without a repository", async () => {
    const origin = await readOrigin(join(folder, "shop.yml"), signal);
    expect([origin.commit, origin.isTreeClean]).toEqual([undefined, undefined]);
    expect(origin.startedBy).not.toBe("");
  });
});
