import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isStarted, root, sentenceOf } from "./script.mjs";

/** @typedef {{ version?: string, optional?: boolean, os?: string[], cpu?: string[], libc?: string[] }} LockedPackage */

const oldestNode = [22, 19];

/** Installs the locked packages if node_modules holds others. Throws a sentence when it cannot. */
export function installPackages() {
  if (isInstalled()) return;
  console.error("Installing the development packages (once, about 20 s) ...");
  // The Node that runs npm, not the one in node_modules: npm ci deletes that one first.
  const { npm_node_execpath: node, npm_execpath: npm } = process.env;
  const args = ["ci", "--loglevel=error"];
  const stdio = /** @type {const} */ (["ignore", 2, 2]);
  const { status } =
    node && npm
      ? spawnSync(node, [npm, ...args], { cwd: root, stdio: [...stdio] })
      : spawnSync("npm", args, { cwd: root, stdio: [...stdio], shell: process.platform === "win32" });
  if (status !== 0) {
    throw new Error(
      "Could not install the development packages: `npm ci` failed. Check that npm reaches its registry, then run the same command again.",
    );
  }
}

/** Finds the Node that runs Loadfleet: the one in node_modules, else the running one. Throws a sentence if it is too old. */
export function findNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const packaged = join(root, "node_modules", `node-${platform}-${process.arch}`, "bin", "node");
  const found = [packaged, `${packaged}.exe`].find((path) => existsSync(path));
  if (found) return found;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return process.execPath;
  throw new Error(
    `Loadfleet needs Node ${oldestNode.join(".")} or newer, this is ${process.versions.node}, and no npm package brings one for ${process.platform}-${process.arch}. Install Node 24, then run the same command again.`,
  );
}

function isInstalled() {
  // npm writes this file last, so it also tells an interrupted install from a finished one.
  const installedLock = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installedLock)) return false;
  const installed = readLock(installedLock);
  return Object.entries(readLock(join(root, "package-lock.json"))).every(
    ([path, locked]) =>
      path === "" || (installed[path] ? installed[path].version === locked.version : isForOthers(locked)),
  );
}

/** @param {LockedPackage} locked */
function isForOthers(locked) {
  if (!locked.optional) return false;
  const fits = (locked.os?.includes(process.platform) ?? true) && (locked.cpu?.includes(process.arch) ?? true);
  return !fits || locked.libc !== undefined || locked.os === undefined;
}

/** @param {string} path @returns {Record<string, LockedPackage>} */
function readLock(path) {
  return JSON.parse(readFileSync(path, "utf8")).packages;
}

if (isStarted(import.meta)) {
  try {
    installPackages();
    console.error(`The development packages are installed; Loadfleet runs on ${findNode()}.`);
  } catch (error) {
    console.error(sentenceOf(error));
    process.exitCode = 4;
  }
}
