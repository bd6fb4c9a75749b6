import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { readFileSync, writeFileSync } from "node:fs";
import { buildK6 as buildK6Program } from "../container/fetch.mjs";
import { cachedFolder } from "./cacheFolder.mjs";
import { root } from "./script.mjs";

const run = promisify(execFile);
const versionsPath = join(root, "container", "versions.json");
const requirementsPath = join(root, "container", "locust", "requirements.txt");

/**
 * Builds the pinned k6 with Go, for this machine or for another architecture of Linux; gives the folder of its program.
 * @param {{ GOOS?: string, GOARCH?: string }} [target]
 */
export function buildK6(target = {}) {
  const { k6 } = JSON.parse(readFileSync(versionsPath, "utf8"));
  const name = ["k6", k6, target.GOOS, target.GOARCH].filter((part) => part !== undefined).join("-");
  return cachedFolder(name, [join(root, "container", "fetch.mjs")], async (folder) => {
    console.error(`Building k6 ${k6} ...`);
    await buildK6Program(join(folder, "k6"), target);
  });
}

/** Makes a Python environment with the pinned Locust; gives its folder. */
function makeLocust() {
  return cachedFolder("locust", [requirementsPath], async (folder) => {
    console.error("Fetching Locust ...");
    await run("python3", ["-m", "venv", folder]);
    const pip = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--require-hashes"];
    await run(join(folder, "bin", "python"), [...pip, "-r", requirementsPath]);
    // The script that pip writes names the folder in which it was made.
    writeFileSync(join(folder, "bin", "locust"), '#!/bin/sh\nexec "$(dirname "$0")/python" -m locust "$@"\n');
  });
}

/** Makes k6 and Locust, and puts them first on this process' PATH. */
export async function ensureEngines() {
  const folders = [await buildK6(), join(await makeLocust(), "bin")];
  process.env["PATH"] = [...folders, process.env["PATH"]].join(":");
}
