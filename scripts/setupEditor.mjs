import { spawnSync } from "node:child_process";
import { cpSync, existsSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cachedFolder } from "./cacheFolder.mjs";
import { isStarted, root, sentenceOf } from "./script.mjs";

const manifests = ["package.json", "package-lock.json"].map((name) => join(root, "test", "tools", "editor", name));
const npmFlags = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];

/** Parts of the editor that no test uses; they are a third of its size. */
const unused = [
  "extensions/copilot",
  "extensions/mermaid-markdown-features",
  "extensions/microsoft-authentication",
  "node_modules/@github",
  "node_modules/@microsoft/mxc-sdk",
  "node_modules/@vscode/windows-process-tree",
  "node_modules/@vscode/windows-registry",
];

/** Links that the editor's own set-up would make. @type {[link: string, target: string][]} */
const links = [
  ["bin/remote-cli/code-server", "code-linux.sh"],
  ["bin/helpers/browser.sh", "browser-linux.sh"],
];

/**
 * Returns the folder whose node_modules holds code-server, mocha, vsce and test-electron; installs them once per user
 * and lock file (about 30 s). Rejects with a sentence when it cannot.
 */
export async function ensureEditorTools() {
  return cachedFolder("editor", [...manifests, fileURLToPath(import.meta.url)], async (folder) => {
    console.error("Installing the editor that tests drive (once, about 30 s, 700 MB) ...");
    for (const path of manifests) cpSync(path, join(folder, path.slice(dirname(path).length + 1)));
    npm(folder, "ci");
    finishEditor(join(folder, "node_modules", "code-server", "lib", "vscode"));
  });
}

// code-server's own set-up needs a compiler and two minutes for parts that tests never touch, so its scripts stay off
// and the rest is done here.
/** @param {string} editor */
function finishEditor(editor) {
  npm(editor, "install");
  npm(join(editor, "extensions"), "install");
  for (const path of unused) rmSync(join(editor, path), { recursive: true, force: true });
  for (const [link, target] of links) {
    if (!existsSync(join(editor, link))) symlinkSync(target, join(editor, link));
  }
}

/** @param {string} folder @param {string} command */
function npm(folder, command) {
  // npm of the machine, run by the Node that runs this: the editor's packages refuse the older one.
  const { npm_execpath: script } = process.env;
  const options = /** @type {const} */ ({ cwd: folder, stdio: ["ignore", 2, 2] });
  const args = [command, ...npmFlags];
  const { status } = script
    ? spawnSync(process.execPath, [script, ...args], { ...options, stdio: [...options.stdio] })
    : spawnSync("npm", args, { ...options, stdio: [...options.stdio], shell: process.platform === "win32" });
  if (status !== 0) throw new Error(`Could not install the editor for tests: \`npm ${command}\` failed in ${folder}.`);
}

if (isStarted(import.meta)) {
  try {
    console.log(await ensureEditorTools());
  } catch (error) {
    console.error(sentenceOf(error));
    process.exitCode = 4;
  }
}
