import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { root } from "../../scripts/script.mjs";
import { functionNames } from "../../src/core/stack/names.ts";
import { makeAssets, assetNames, zipFiles } from "../../stack/assets.ts";
import { readTemplate, resource } from "./readTemplate.ts";

const folder = join(root, "dist", "stack");
const readIndex = () => readFileSync(join(folder, "assets.json"), "utf8");
const index: {
  readonly schema: string;
  readonly version: string;
  readonly assets: readonly { readonly name: string; readonly file: string; readonly sha256: string }[];
} = JSON.parse(readIndex());
const bytesOf = (name: string) => {
  const asset = index.assets.find((candidate) => candidate.name === name);
  if (!asset) throw new Error(`There is no asset ${name}.`);
  return readFileSync(join(folder, asset.file));
};

describe("the stack's files", () => {
  it("are listed with the version that the template tells", () => {
    expect(index.schema).toBe("loadfleet.assets.v1");
    expect(index.assets.map(({ name }) => name)).toEqual(assetNames);
    expect(readTemplate().Outputs["SolutionVersion"]?.Value).toBe(index.version);
  });

  it("are addressed by what they hold, and there are no others", () => {
    for (const { name, file, sha256 } of index.assets) {
      expect(createHash("sha256").update(bytesOf(name)).digest("hex"), name).toBe(sha256);
      expect(file).toBe(`assets/${sha256}.zip`);
    }
    expect(new Set(readdirSync(join(folder, "assets")))).toEqual(
      new Set(index.assets.map(({ sha256 }) => `${sha256}.zip`)),
    );
  });

  it("are what the template refers to", () => {
    const text = JSON.stringify(readTemplate().Resources);
    for (const { name, sha256 } of index.assets) expect(text, name).toContain(`"${sha256}.zip"`);
    for (const [, { Properties }] of Object.entries(readTemplate().Resources).filter(([id]) => id.endsWith("Function")))
      expect(Properties["Code"]).toMatchObject({ S3Bucket: { Ref: "AssetBucket" } });
  });

  it.each(functionNames)("hold %s as one module of at most 500 KB zipped", (name) => {
    const zip = bytesOf(name);
    console.log(`${name}: ${Math.round(zip.length / 1024)} KB`);
    expect(Object.keys(unzipSync(zip))).toEqual(["index.mjs"]);
    expect(zip.length).toBeLessThanOrEqual(500 * 1024);
  });

  it("hold a console whose page needs nothing that its headers forbid", () => {
    const files = unzipSync(bytesOf("console"));
    expect(new Set(Object.keys(files))).toEqual(new Set(["console.css", "icon.svg", "index.html"]));
    const page = new TextDecoder().decode(files["index.html"]);
    expect(page).not.toMatch(/<script|<style|style=|https?:/);
    expect(page).toContain("comes with a later version");
  });

  it("hold the container zip that CodeBuild builds", () => {
    const files = Object.keys(unzipSync(bytesOf("container")));
    expect(files).toEqual(expect.arrayContaining(["Dockerfile", "agent/agent.mjs", "fetch/fetch.mjs"]));
  });

  it("come out the same when they are built again", async () => {
    const template = readFileSync(join(folder, "template.json"), "utf8");
    const before = readIndex();
    await promisify(execFile)(process.execPath, [join(root, "stack", "app.ts")], { cwd: root });
    expect(readIndex()).toBe(before);
    expect(readFileSync(join(folder, "template.json"), "utf8")).toBe(template);
  });
});

it("zips the same files to the same bytes, in whatever order they come", () => {
  const a = new TextEncoder().encode("a");
  const b = new TextEncoder().encode("b");
  expect(zipFiles({ "a.txt": a, "b.txt": b })).toEqual(zipFiles({ "b.txt": b, "a.txt": a }));
});

it("gives a file another address when it changes", () => {
  const empty = new Uint8Array();
  const zips = {
    api: empty,
    "ecr-checker": empty,
    "task-runner": empty,
    "task-status-checker": empty,
    "results-parser": empty,
    "run-closer": empty,
    "custom-resource": empty,
    container: empty,
    console: empty,
  };
  const before = makeAssets(zips);
  const after = makeAssets({ ...zips, api: new TextEncoder().encode("changed") });
  expect(after.keyOf("api")).not.toBe(before.keyOf("api"));
  expect(after.keyOf("console")).toBe(before.keyOf("console"));
});

it("gives every function the variables that its program reads", () => {
  const needed: Readonly<Record<string, readonly string[]>> = {
    ApiFunction: ["LOADFLEET_TABLE", "LOADFLEET_BUCKET", "LOADFLEET_STATE_MACHINE"],
    EcrCheckerFunction: ["LOADFLEET_TABLE", "LOADFLEET_REPOSITORY", "LOADFLEET_BUILD_PROJECT"],
    RunCloserFunction: ["LOADFLEET_STATE_MACHINE", "LOADFLEET_STACK_UUID", "LOADFLEET_USAGE_ENDPOINT"],
  };
  for (const [id, variables] of Object.entries(needed))
    for (const variable of variables)
      expect(resource(id).Properties, id).toHaveProperty(["Environment", "Variables", variable]);
});
