import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import german from "../../package.nls.de.json" with { type: "json" };
import english from "../../package.nls.json" with { type: "json" };
import { commandIds } from "../../src/extension/commands.ts";

const root = join(import.meta.dirname, "..", "..");
const { contributes } = manifest;
const declared = contributes.commands.map(({ command }) => command);

interface Setting {
  readonly type: string;
  readonly scope?: string;
  readonly default?: unknown;
  readonly markdownDescription?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

describe("the manifest", () => {
  it("declares the commands that the code registers, and no others", () => {
    expect(declared.toSorted()).toEqual(Object.values(commandIds).toSorted());
  });

  it("names only declared commands in its menus", () => {
    const named = Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command));
    expect(named.filter((command) => !declared.includes(command))).toEqual([]);
  });

  it("has a category and a title in words of its own for each command", () => {
    for (const { category, title } of contributes.commands) {
      expect(category).toBe("Loadfleet");
      expect(title).toMatch(/^%.+%$/);
    }
  });

  it("supports exactly the editors whose API it was compiled against", () => {
    expect(manifest.engines.vscode).toBe(`^${manifest.devDependencies["@types/vscode"]}`);
  });

  it("describes each setting, with a scope, a default and its limits", () => {
    const settings = contributes.configuration.flatMap(({ properties }) => Object.entries<Setting>(properties));
    const isNumber = ({ type }: Setting) => type === "integer" || type === "number";
    const isWhole = (setting: Setting) =>
      /^%.+%$/.test(setting.markdownDescription ?? "") &&
      setting.scope !== undefined &&
      setting.default !== undefined &&
      (!isNumber(setting) || (setting.minimum !== undefined && setting.maximum !== undefined));
    expect(settings.filter(([, setting]) => !isWhole(setting)).map(([name]) => name)).toEqual([]);
  });

  it("shows pictures that exist", () => {
    const steps = contributes.walkthroughs.flatMap((walkthrough) => walkthrough.steps);
    const pictures = [manifest.icon, ...steps.flatMap(({ media }) => Object.values(media.image))];
    expect(pictures.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it("brings an icon that is at least 128 pixels wide and high", () => {
    const header = readFileSync(join(root, manifest.icon));
    expect(header.subarray(1, 4).toString()).toBe("PNG");
    expect(Math.min(header.readUInt32BE(16), header.readUInt32BE(20))).toBeGreaterThanOrEqual(128);
  });
});

describe("translations of the manifest", () => {
  it("use every string and lack none", () => {
    const text = JSON.stringify(manifest);
    const used = new Set(Array.from(text.matchAll(/"%([^%"\s]+)%"/g), ([, key = ""]) => key));
    expect(Object.keys(english).toSorted()).toEqual([...used].toSorted());
  });

  it("exist in German, with the same links to commands", () => {
    const links = (text: string) => Array.from(text.matchAll(/\]\((command:[^)]+)\)/g), ([, link]) => link);
    expect(Object.keys(german)).toEqual(Object.keys(english));
    const linksOf = (texts: Readonly<Record<string, string>>) =>
      Object.keys(english).map((key) => links(texts[key] ?? ""));
    expect(linksOf(german)).toEqual(linksOf(english));
  });
});
