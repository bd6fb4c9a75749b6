import { globSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, it } from "vitest";
import english from "../../package.nls.json" with { type: "json" };
import { packageVsix } from "../../scripts/packageVsix.mjs";

const root = join(import.meta.dirname, "..", "..");
const main = "dist/extension/main.js";
/** The manual; docs/extension.md becomes the package's own page. */
const packedDocs = globSync("docs/*.md", { cwd: root })
  .map((path) => basename(path, ".md"))
  .filter((name) => name !== "extension");
const megabyte = 1024 * 1024;

/** The part of esbuild's metafile that these tests read. */
interface Metafile {
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly bytes: number;
        readonly imports: readonly { readonly path: string; readonly kind: string }[];
        readonly inputs: Readonly<Record<string, unknown>>;
      }
    >
  >;
}

describe("the package", () => {
  let contents: Readonly<Record<string, Uint8Array>> = {};
  let files: readonly string[] = [];
  let bytes = 0;
  const textOf = (path: string) => new TextDecoder().decode(contents[`extension/${path}`]);
  const linksIn = (path: string) =>
    Array.from(textOf(path).matchAll(/\]\(([^)#]+)[^)]*\)/g), ([, link = ""]) => link).filter(
      (link) => !/^(https:|#)/.test(link),
    );

  beforeAll(async () => {
    const vsix = await packageVsix();
    bytes = statSync(vsix).size;
    contents = unzipSync(readFileSync(vsix));
    files = Object.keys(contents).filter((path) => !path.endsWith("/"));
  });

  it("holds what the extension needs and nothing else", () => {
    const unnamed =
      /^extension\/(dist\/agent\/[\w-]+\.mjs|dist\/extension\/chunks\/[\w-]+\.js|media\/walkthrough\/[\w-]+\.png)$/;
    expect(files.filter((path) => !unnamed.test(path)).toSorted()).toEqual(
      [
        "[Content_Types].xml",
        "extension.vsixmanifest",
        "extension/LICENSE.txt",
        "extension/changelog.md",
        "extension/dist/ThirdPartyNotices.txt",
        "extension/dist/agent.mjs",
        "extension/dist/extension/main.js",
        "extension/dist/runner.mjs",
        "extension/dist/taurus/jmeter/assemble.mjs",
        "extension/dist/taurus/jmeter/jars.sha256",
        "extension/dist/taurus/jmeter/jmeter.sh",
        "extension/dist/taurus/locust/loadfleet_locust.py",
        "extension/dist/taurus/reporter/loadfleet_channel.py",
        "extension/dist/taurus/reporter/loadfleet_jmeter.py",
        "extension/dist/taurus/reporter/loadfleet_reporter.py",
        "extension/dist/taurus/reporter/loadfleet_taurus.py",
        "extension/dist/taurus/reporter/requirements.txt",
        "extension/dist/taurus/versions.json",
        "extension/dist/webview/panel.css",
        "extension/dist/webview/panel.js",
        "extension/dist/webview/report.css",
        "extension/dist/webview/report.js",
        ...packedDocs.map((name) => `extension/docs/${name}.md`),
        "extension/l10n/bundle.l10n.de.json",
        "extension/media/activity.svg",
        "extension/media/icon.png",
        "extension/media/loadtest.schema.json",
        "extension/package.json",
        "extension/package.nls.de.json",
        "extension/package.nls.json",
        "extension/readme.md",
      ].toSorted(),
    );
  });

  it("has a page of its own, for people who use the extension, with nothing that the editor does not show", () => {
    expect(textOf("readme.md")).toContain("Loadfleet: Get Started");
    // The editor's page of an extension loads no picture of the package and opens no file of it.
    expect(linksIn("readme.md")).toEqual([]);
    expect(textOf("readme.md")).not.toContain("npm run");
  });

  it("holds every page that its pages and its texts lead to", () => {
    const named = Object.values(english).flatMap((text) =>
      Array.from(text.matchAll(/command:loadfleet\.docs\.open\?%22(\w+)%22/g), ([, name = ""]) => `${name}.md`),
    );
    const linked = packedDocs.flatMap((name) => linksIn(`docs/${name}.md`));
    expect(named).toContain("deploy.md");
    expect([...named, ...linked].filter((path) => !files.includes(`extension/docs/${path}`))).toEqual([]);
  });

  it("is no larger than 8 MB", () => {
    expect(bytes).toBeLessThanOrEqual(8 * megabyte);
  });

  it("spends at most 1.2 MB on pictures and the schema", () => {
    const sizes = files
      .filter((path) => path.startsWith("extension/media/"))
      .map((path) => contents[path]?.length ?? 0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(1.2 * megabyte);
  });

  it("names the licence of every package that is bundled", () => {
    const notices = readFileSync(join(root, "dist", "ThirdPartyNotices.txt"), "utf8");
    const named = Array.from(notices.matchAll(/^(\S+) \d+\.\d+\.\d+ \(.+\)$/gm), ([, name]) => name);
    expect(named).toEqual(expect.arrayContaining(["undici", "yaml", "preact", "chart.js", "typebox"]));
  });

  it("holds no path of the machine that packed it", () => {
    const hits = files
      .filter((path) => path.startsWith("extension/dist/"))
      .filter((path) => {
        const text = readFileSync(join(root, path.slice("extension/".length)), "utf8");
        return text.includes(root);
      });
    expect(hits).toEqual([]);
  });
});

describe("activation", () => {
  const { outputs }: Metafile = JSON.parse(readFileSync(join(root, "dist/meta/src-extension-main.ts.json"), "utf8"));
  const loaded = staticClosure(main);

  it("loads at most 150 KB", () => {
    const total = loaded.reduce((sum, path) => sum + (outputs[path]?.bytes ?? 0), 0);
    expect(total).toBeGreaterThan(0);
    expect(total).toBeLessThanOrEqual(150 * 1024);
  });

  it("loads no parser, no HTTP client, no SDK: no package at all", () => {
    const inputs = loaded.flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
    expect(inputs.filter((path) => path.includes("node_modules/"))).toEqual([]);
  });

  it("imports only the editor and what is cheap of Node", () => {
    const outside = loaded
      .flatMap((path) => outputs[path]?.imports ?? [])
      .filter(({ path }) => outputs[path] === undefined);
    const names = new Set(outside.filter(({ kind }) => kind === "import-statement").map(({ path }) => path));
    expect(
      [...names].filter((name) => !["vscode", "path", "node:path", "node:url", "node:module"].includes(name)),
    ).toEqual([]);
  });

  /** The chunks that are loaded together with one: its imports and theirs, without those that wait for `import()`. */
  function staticClosure(entry: string, seen: Set<string> = new Set()): readonly string[] {
    if (seen.has(entry) || outputs[entry] === undefined) return [];
    seen.add(entry);
    const needed = outputs[entry].imports.filter(({ kind }) => kind === "import-statement");
    for (const { path } of needed) staticClosure(path, seen);
    return [...seen];
  }
});
