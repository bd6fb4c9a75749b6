import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * Makes sure that a program of a Debian package exists, and installs the package where that is possible: on Debian, as
 * root. Throws a sentence that says what to install elsewhere.
 * @param {string} name the package, such as "chromium"
 * @param {string} program its program's path
 */
export function ensureDebianPackage(name, program) {
  if (existsSync(program)) return;
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) {
    throw new Error(`${program} does not exist. Install the Debian package ${name}, or ${name} for your system there.`);
  }
  console.error(`Installing the Debian package ${name} ...`);
  apt(name, "update", "-qq");
  apt(name, "install", "-y", "-qq", "--no-install-recommends", name);
}

/** @param {string} name @param {string[]} args */
function apt(name, ...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const { status, stdout, stderr } = spawnSync("apt-get", args, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`Could not install the Debian package ${name}: ${stderr || stdout}`);
}
