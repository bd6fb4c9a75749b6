import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildIfChanged } from "../../scripts/buildIfChanged.mjs";
import { ensureEditorTools } from "../../scripts/setupEditor.mjs";
import { launchBrowser } from "../browser/reportPage.ts";
import { startEditorServer } from "../editor/editorServer.ts";
import { makeWorkspace } from "../editor/workspace.ts";
import { bundleHostTests, hostTests, hostWindows, type HostWindow } from "./bundleTests.ts";
import { tellOutcome } from "./outcome.ts";

/**
 * Runs the in-host suite in the extension host of a real VS Code, driven by a browser:
 * `node test/host/main.ts [--outputFile.json=PATH] [FILTER]`, where a filter is part of a test file's name.
 */

const root = join(import.meta.dirname, "..", "..");
const longestMs = 240_000;

async function runInEditor(kind: HostWindow, suitePath: string, outcomePath: string): Promise<void> {
  await using workspace = await makeWorkspace();
  const env = { LOADFLEET_HOST_OUTCOME: outcomePath };
  const folder = kind === "virtual" ? "memfs:/" : workspace.folder;
  await using server = await startEditorServer({ folder, drivesTests: true, env });
  await using browser = await launchBrowser();
  const page = await browser.newPage();
  const { promise: exited, resolve } = Promise.withResolvers<unknown>();
  // The editor also complains of parts that were left out of it, so its words are shown only when there is no outcome.
  const complaints: string[] = [];
  await page.exposeFunction("codeAutomationLog", (type: string, words: readonly unknown[]) => {
    if (String(words[0]).startsWith("measured:")) console.log(words.join(" "));
    if (type === "error") complaints.push(words.join(" ").slice(0, 2000));
  });
  await page.exposeFunction("codeAutomationExit", resolve);
  const payload = [
    ["extensionDevelopmentPath", server.remoteUrl(root)],
    ["extensionTestsPath", server.remoteUrl(suitePath)],
  ] as const;
  await page.goto(server.pageUrl(payload));
  const timer = setTimeout(() => resolve("late"), longestMs);
  const exit = await exited;
  clearTimeout(timer);
  if (exit === "late") console.error(`The in-host tests did not end within ${longestMs / 1000} s.`);
  if (!existsSync(outcomePath)) console.error(complaints.slice(-10).join("\n"));
}

const args = process.argv.slice(2);
const flag = "--outputFile.json=";
const countsPath = args.find((arg) => arg.startsWith(flag))?.slice(flag.length);
const filter = args.find((arg) => !arg.startsWith("--")) ?? "";
const tests = hostWindows
  .map((kind) => ({ kind, files: hostTests(kind, filter) }))
  .filter(({ files }) => files.length > 0);
if (tests.length === 0) throw new Error(`No test of test/host has "${filter}" in its name.`);
await buildIfChanged();
const tools = await ensureEditorTools();
const outcomes = join(root, ".cache", "host-outcomes");
rmSync(outcomes, { recursive: true, force: true });
mkdirSync(outcomes, { recursive: true });
const outcomePaths: string[] = [];
for (const { kind, files } of tests) {
  const outcomePath = join(outcomes, `${kind}.json`);
  outcomePaths.push(outcomePath);
  await runInEditor(kind, await bundleHostTests(tools, files), outcomePath);
}
process.exitCode = tellOutcome(outcomePaths, countsPath);
