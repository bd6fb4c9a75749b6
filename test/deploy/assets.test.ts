import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOf, readStackAssets } from "../../src/deploy/assets.ts";
import { exportTemplate } from "../../src/deploy/exportTemplate.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "loadfleet-assets-"));
  mkdirSync(join(folder, "assets"));
  const sha256 = hashOf("zip");
  writeFileSync(join(folder, "assets", `${sha256}.zip`), "zip");
  writeFileSync(
    join(folder, "assets.json"),
    JSON.stringify({
      schema: "loadfleet.assets.v1",
      version: "0.1.0",
      assets: [{ name: "api", file: `assets/${sha256}.zip`, sha256 }],
    }),
  );
  writeFileSync(join(folder, "template.json"), JSON.stringify({ Resources: { A: { Type: "AWS::S3::Bucket" } } }));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the files of the stack", () => {
  it("are read from the build, and written anew for other tools", async () => {
    const assets = await readStackAssets(folder);
    expect(assets).toMatchObject({ version: "0.1.0", assets: [{ name: "api", key: `${hashOf("zip")}.zip` }] });
    await exportTemplate(assets, join(folder, "out"));
    const copied = join(folder, "out", "assets", `${hashOf("zip")}.zip`);
    expect(await exportTemplate(assets, join(folder, "out"))).toEqual([join(folder, "out", "template.json"), copied]);
  });

  it("are refused when one is not what was built", async () => {
    writeFileSync(join(folder, "assets", `${hashOf("zip")}.zip`), "another");
    await expect(readStackAssets(folder)).rejects.toThrow(/assets\/\w+\.zip is not the file that was built\./);
  });

  it("are refused when one is missing, naming it", async () => {
    rmSync(join(folder, "template.json"));
    await expect(readStackAssets(folder)).rejects.toThrow(/^Could not read template\.json of the stack's files in /);
  });

  it("are refused when the list is that of another version of the format", async () => {
    writeFileSync(join(folder, "assets.json"), JSON.stringify({ schema: "loadfleet.assets.v2" }));
    await expect(readStackAssets(folder)).rejects.toThrow("assets.json is not what this version reads");
  });
});
