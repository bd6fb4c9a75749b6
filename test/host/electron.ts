import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildIfChanged } from "../../scripts/buildIfChanged.mjs";
import { ensureEditorTools } from "../../scripts/setupEditor.mjs";
import { makeWorkspace } from "../editor/workspace.ts";
import { bundleHostTests, hostTests } from "./bundleTests.ts";
import { tellOutcome } from "./outcome.ts";

/**
 * Runs the in-host suite in a desktop VS Code, which is downloaded first: `npm run test:electron [VERSION]`, by default
 * the current stable version. It needs a display and the network.
 */

interface TestElectron {
  runTests(options: {
    readonly version: string;
    readonly extensionDevelopmentPath: string;
    readonly extensionTestsPath: string;
    readonly extensionTestsEnv: Readonly<Record<string, string>>;
    readonly launchArgs: readonly string[];
  }): Promise<number>;
}

const root = join(import.meta.dirname, "..", "..");
const tools = await ensureEditorTools();
const library = join(tools, "node_modules", "@vscode", "test-electron", "out", "index.js");
const testElectron: TestElectron = await import(pathToFileURL(library).href);
await buildIfChanged();
await using workspace = await makeWorkspace();
const outcomePath = join(root, ".cache", "host", "outcome.json");
const runsFolder = join(root, ".cache", "host-runs");
rmSync(runsFolder, { recursive: true, force: true });
const extensionTestsPath = await bundleHostTests(tools, hostTests("window", ""));
try {
  await testElectron.runTests({
    version: process.argv[2] ?? "stable",
    extensionDevelopmentPath: root,
    extensionTestsPath,
    extensionTestsEnv: { LOADFLEET_HOST_OUTCOME: outcomePath, LOADFLEET_HOME: runsFolder },
    launchArgs: [workspace.folder, "--disable-extensions", "--disable-workspace-trust"],
  });
} catch (error) {
  // Failing tests are told by the outcome; without one, the editor itself did not run.
  console.error(error instanceof Error ? error.message : error);
}
process.exitCode = tellOutcome([outcomePath], undefined);
